// The shelf of my digits as little pictures, each of which opens what can be done with it.
import { button, el } from "../dom.js";
import { show as showInk } from "../ink.js";
import { standAt } from "../popover.js";
import { get } from "../store.js";
import { t } from "../texts.js";
import { makeChoices } from "./choices.js";
import { onSheet } from "./fit.js";
import { pictureOf } from "./picture.js";
import { hands, relabel, remove } from "./shelf.js";

/** @typedef {import("../types").MyDigit} MyDigit */

export const COLOURS = 8; // of hands: --hand-0 is one's own, the others take turns

/** The number of a hand's colour. @param {string} name */
export function colourOf(name) {
	const place = hands().indexOf(name);
	return place < 1 ? 0 : 1 + ((place - 1) % (COLOURS - 1));
}

/** The shelf: `show` fills it anew. */
export function makeThumbnails() {
	const list = el("div", { class: "thumbnails", role: "list", "aria-label": t("mine.shelf") });
	/** @type {Map<MyDigit, HTMLElement>} */ let shown = new Map();
	/** @type {MyDigit | null} */ let chosen = null;
	const what = el("p");
	const [labels, , press] = makeChoices(t("mine.relabel"), (digit) => done(() => chosen && relabel(chosen, digit)));
	const menu = el(
		"div",
		{ class: "digit-menu", popover: "auto" },
		what,
		labels,
		el(
			"div",
			{ class: "row" },
			button(t("mine.show"), () => done(() => chosen && showInk({ strokes: onSheet(chosen.strokes) })), {
				class: "button small",
			}),
			button(t("mine.remove"), () => done(() => chosen && remove(chosen)), { class: "button small" }),
		),
	);
	const element = el("div", { class: "shelf" }, list, menu);

	/** @param {() => unknown} act */
	function done(act) {
		const place = [...shown.keys()].reverse().indexOf(/** @type {MyDigit} */ (chosen));
		menu.hidePopover();
		act();
		const openers = /** @type {NodeListOf<HTMLElement>} */ (list.querySelectorAll("button"));
		openers[Math.min(place, openers.length - 1)]?.focus(); // the one that was chosen, or the next
	}

	/** @param {MyDigit} digit @param {HTMLElement} opener */
	function choose(digit, opener) {
		chosen = digit;
		what.textContent = t(digit.name ? "mine.one.of" : "mine.one", { label: digit.label, name: digit.name });
		press(digit.label);
		standAt(menu, opener);
		menu.showPopover();
	}

	/** @param {MyDigit} digit */
	function thumbnail(digit) {
		const { label, name } = digit;
		const title = t(name ? "mine.one.of" : "mine.one", { label, name });
		const opener = el("button", { type: "button", title, "aria-label": title });
		opener.append(pictureOf(digit), el("span", { "aria-hidden": "true" }, String(label)));
		opener.addEventListener("click", () => choose(digit, opener));
		return el("div", { role: "listitem", style: `--hand: var(--hand-${colourOf(name)})` }, opener);
	}

	function show() {
		const before = shown;
		shown = new Map(get("mine").map((digit) => [digit, before.get(digit) ?? thumbnail(digit)]));
		list.replaceChildren(...[...shown.values()].reverse()); // the newest first
	}
	return { element, show };
}
