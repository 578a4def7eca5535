// The "?" beside a heading: two sentences about what stands there.
import { el } from "./dom.js";
import { standAt } from "./popover.js";
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
	standAt(words, button);
	return el("span", { class: "helps" }, button, words);
}

/** A heading with its "?". @param {"h2" | "h3"} tag @param {string} text @param {string} name of the help text */
export function heading(tag, text, name) {
	return el("div", { class: "heading" }, el(tag, {}, text), help(name, text));
}
