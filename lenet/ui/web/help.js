// The "?" beside a heading: two sentences about what stands there.
import { el } from "./dom.js";
import { t } from "./texts.js";

let number = 0;

/**
 * A "?" button, whose sentences are the text `help.NAME`.
 * @param {string} name @param {string} what the heading it stands at
 */
export function help(name, what) {
	const id = `help-${number++}`;
	const words = el("p", { id, popover: "auto", class: "help-text" }, t(`help.${name}`));
	const button = el("button", { type: "button", class: "help", popovertarget: id }, el("span", {}, "?"));
	button.setAttribute("aria-label", t("common.explain", { what }));
	words.addEventListener("toggle", () => {
		const [at, box] = [button.getBoundingClientRect(), words.getBoundingClientRect()];
		const below = at.bottom + 6 + box.height < innerHeight ? at.bottom + 6 : at.top - 6 - box.height;
		words.style.left = `${Math.max(8, Math.min(at.left - 12, innerWidth - box.width - 8))}px`;
		words.style.top = `${Math.max(8, below)}px`;
	});
	return el("span", { class: "helps" }, button, words);
}

/** A heading with its "?". @param {"h2" | "h3"} tag @param {string} text @param {string} name of the help text */
export function heading(tag, text, name) {
	return el("div", { class: "heading" }, el(tag, {}, text), help(name, text));
}
