// The page's title, and the model that reads: its size, its accuracy, the time of a reading.
import { el } from "../dom.js";
import { get, subscribe } from "../store.js";
import { t } from "../texts.js";

/** @typedef {import("../types").Model} Model */
/** @typedef {import("../types").Host} Host */

const QUIET = 600; // milliseconds without a reading before its time is told, so that it does not flicker

/** @param {HTMLElement} element @param {Host} host */
export function mount(element, host) {
	const facts = el("p", { class: "facts", role: "group", "aria-label": t("header.facts") });
	element.append(el("h1", {}, "LeNet-5 ", el("small", {}, t("header.tagline"))), facts);
	/** @type {ReturnType<typeof setTimeout> | undefined} */ let quiet;

	/** @param {Model} model @param {string} device @param {number | null} milliseconds */
	function show(model, device, milliseconds) {
		const { network, parameters, accuracy, data, part, pretrained } = model;
		const name = t(pretrained ? "header.pretrained" : "header.run", { network });
		const parts = [name, t("header.parameters", { count: parameters })];
		if (accuracy !== null) parts.push(t(`header.accuracy.${data}.${part}`, { accuracy }));
		parts.push(milliseconds === null ? device : t("header.time", { milliseconds: Math.round(milliseconds), device }));
		facts.textContent = parts.join(" · ");
	}

	subscribe(element, "reading", ({ answer }) => {
		if (!answer) return show(host.props.value.model, host.props.value.device, null);
		clearTimeout(quiet);
		quiet = setTimeout(() => show(answer.model, answer.device, get("reading").milliseconds), QUIET);
	});
}
