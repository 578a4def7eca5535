// Below which confidence nothing is a digit: the model's own threshold, until the visitor moves it.
import { el } from "./dom.js";
import { help } from "./help.js";
import { get, set, subscribe } from "./store.js";
import { fixed, t } from "./texts.js";

/** @typedef {import("./types").Model} Model */

/** The threshold that counts. @param {Model} model */
export function thresholdOf(model) {
	return get("threshold") ?? model.threshold;
}

/**
 * A slider for it, its present value, and the way back to the model's own.
 * @returns {[element: HTMLElement, begin: () => void]}
 */
export function makeThreshold() {
	const label = t("bars.threshold");
	const value = el("span");
	const slider = el("input", { type: "range", min: 0, max: 1, step: 0.01, "aria-label": label });
	const reset = el("button", { type: "button", class: "link", click: () => set("threshold", null) });
	slider.addEventListener("input", () => set("threshold", Number(slider.value)));
	const line = el("div", { class: "line" }, el("span", { class: "text" }, value, help("threshold", label)), reset);
	/** @type {Model | null} */ let model = null;

	function show() {
		const chosen = get("threshold");
		const own = model?.threshold ?? 0;
		const isOwn = chosen === null;
		reset.hidden = isOwn || !model;
		reset.textContent = t("bars.threshold.reset", { threshold: own });
		if (isOwn && (model?.live || model?.epoch != null)) {
			value.textContent = t(model.live ? "bars.threshold.training" : "bars.threshold.epoch");
			return; // the slider stays where it was: a look at other weights is short
		}
		slider.value = String(chosen ?? own);
		slider.setAttribute("aria-valuetext", fixed(chosen ?? own));
		value.textContent = t(isOwn ? "bars.threshold.own" : "bars.threshold.value", { threshold: chosen ?? own });
	}

	function begin() {
		subscribe(slider, "threshold", show);
		subscribe(slider, "about", (about) => {
			model = about ?? model;
			show();
		});
	}
	return [el("div", { class: "threshold" }, line, slider), begin];
}
