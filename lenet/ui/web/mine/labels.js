// "That was a …": ten buttons that put the drawing on the shelf of my digits, each with its label.
import { el } from "../dom.js";
import { finish } from "../ink.js";
import { get, set, subscribe } from "../store.js";
import { render, t } from "../texts.js";
import { makeChoices } from "./choices.js";
import { MOST, add, find } from "./shelf.js";

/** @typedef {import("../types").Message} Message */

/** Whether what is on the pad can be labelled: somebody drew it here. */
function canLabel() {
	const { strokes, example, chosen } = get("ink");
	return strokes.length > 0 && !example && !chosen && !get("collecting");
}

/** Say what the drawing on the pad is. @param {number} label @returns {boolean} whether it could be said */
export function labelDrawing(label) {
	if (!canLabel() || get("drawing")) return false;
	if (add(label, get("ink").strokes)) {
		set("panel", "mine");
		finish();
	}
	return true;
}

/**
 * The group, and what to call once it is on the page.
 * @returns {[element: HTMLElement, begin: () => void]}
 */
export function makeLabels() {
	const [choices, buttons, press] = makeChoices(t("labels.heading"), labelDrawing);
	const told = el("span", { role: "status" });
	const open = el("button", { type: "button", class: "link", click: openShelf });
	const element = el(
		"div",
		{ class: "labels" },
		el("div", { class: "caption" }, el("span", { "aria-hidden": "true" }, t("labels.heading")), told, open),
		choices,
	);

	function show() {
		const can = canLabel();
		const there = can ? find(get("ink").strokes) : undefined;
		press(there?.label);
		buttons.forEach((button, digit) => {
			button.disabled = !can;
			button.title = can ? t("labels.keys", { digit }) : t("labels.none");
		});
		told.textContent = render(there ? { key: "labels.kept" } : full());
		open.textContent = t("labels.open", { count: get("mine").length });
	}

	/** @returns {Message | null} */
	const full = () => (get("mine").length < MOST ? null : { key: "labels.full", values: { most: MOST } });

	function begin() {
		for (const key of /** @type {const} */ (["mine", "collecting"])) subscribe(element, key, show);
		subscribe(element, "drawing", (down) => down || show());
		subscribe(element, "ink", () => get("drawing") || show());
	}
	return [element, begin];
}

/** Show the shelf, which may be far down on a phone. */
function openShelf() {
	set("panel", "mine");
	document.getElementById("my-digits")?.scrollIntoView({ block: "nearest", behavior: "smooth" });
}
