// Ten buttons, one of which says what a drawing is.
import { button, el } from "../dom.js";

/**
 * The group, its buttons, and what presses the one that holds, or none.
 * @param {string} label of the group @param {(digit: number) => void} choose
 * @returns {[element: HTMLElement, buttons: HTMLButtonElement[], press: (digit: number | undefined) => void]}
 */
export function makeChoices(label, choose) {
	const buttons = [...Array(10).keys()].map((digit) => button(String(digit), () => choose(digit)));
	const element = el("div", { class: "choices", role: "group", "aria-label": label }, ...buttons);
	const press = (/** @type {number | undefined} */ pressed) =>
		buttons.forEach((each, digit) => each.setAttribute("aria-pressed", String(digit === pressed)));
	return [element, buttons, press];
}
