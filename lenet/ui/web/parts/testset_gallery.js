// Test digits in small: the errors, or those of one cell of the confusion matrix. One goes to the pad to be looked
// into.
import { greyColours, onTheme } from "../colours.js";
import { button, bytes, context, el, paint, pixelCanvas } from "../dom.js";
import { help } from "../help.js";
import { show as showInk } from "../ink.js";
import { subscribe } from "../store.js";
import { openTab } from "../tabs.js";
import { percent, t } from "../texts.js";

/** @typedef {import("../types").TestDigit} TestDigit */

const SIDE = 28;
const ROWS = 2; // that are shown at first
const FEW = 8; // columns: below that, one row more

/** @param {() => void} back hears that all errors are wanted again */
export function makeGallery(back) {
	const title = el("h2", { "aria-live": "polite" });
	const all = button(t("testset.errors.all"), back, { class: "button small" });
	const more = button("", () => fold(!folded), { class: "button small more" });
	const notice = el("p", { class: "notice", role: "alert" });
	const grid = el("ul", { class: "digits" });
	const head = el("div", { class: "heading" }, title, help("gallery", t("testset.gallery")), all, notice);
	const element = el("section", { class: "gallery" }, head, grid, more);
	/** @type {{digit: TestDigit, canvas: HTMLCanvasElement, button: HTMLButtonElement}[]} */ let shown = [];
	let folded = true;
	let opened = ""; // the picture that went to the pad last
	let openedIndex = -1;

	/** @param {string} words @param {TestDigit[]} digits @param {boolean} errors whether these are all errors */
	function show(words, digits, errors) {
		title.textContent = words;
		all.hidden = errors;
		shown = digits.map((digit) => {
			const canvas = pixelCanvas(SIDE, SIDE, 2);
			canvas.removeAttribute("style");
			return { digit, canvas, button: open(digit, canvas) };
		});
		grid.replaceChildren(...shown.map((each) => el("li", {}, each.button)));
		repaint();
		fold(true);
	}

	/**
	 * The button of a digit: what it says is its name, so a voice that reads it aloud can press it.
	 * @param {TestDigit} digit @param {HTMLCanvasElement} canvas
	 */
	function open(digit, canvas) {
		const lines = digit.probabilities.map((probability, i) => `${i}: ${percent(probability)}`);
		const pair = t("testset.digit", { label: digit.label, digit: digit.digit });
		const probability = t("testset.digit.probability", { probability: digit.probabilities[digit.digit] });
		const act = el("span", { class: "visually-hidden" }, t("testset.open"));
		const attributes = { type: "button", title: lines.join("\n"), click: () => put(digit) };
		return el("button", attributes, canvas, el("b", {}, pair), " ", el("span", {}, probability), act);
	}

	/** Put a digit on the pad, black on white. @param {TestDigit} digit */
	function put({ index, picture }) {
		const values = bytes(picture.values);
		const canvas = el("canvas", { width: SIDE, height: SIDE });
		paint(canvas, (i) => 0xff000000 | (0x010101 * (255 - values[i])));
		opened = context(canvas).canvas.toDataURL("image/png");
		openedIndex = index;
		showInk({ strokes: [], picture: opened });
		openTab("draw");
	}

	function repaint() {
		const grey = greyColours(element);
		for (const { digit, canvas } of shown) {
			const values = bytes(digit.picture.values);
			paint(canvas, (i) => grey(values[i]));
		}
	}

	/** Show some whole rows, or all. @param {boolean} value */
	function fold(value) {
		folded = value;
		const columns = getComputedStyle(grid).gridTemplateColumns.split(" ").length;
		const room = columns * (columns < FEW ? ROWS + 1 : ROWS);
		[...grid.children].forEach((item, i) => item.toggleAttribute("hidden", folded && i >= room));
		more.hidden = shown.length <= room;
		more.textContent = folded ? t("testset.show_all", { count: shown.length }) : t("testset.show_fewer");
		more.setAttribute("aria-expanded", String(!folded));
	}

	/** Follow the width and the theme, and mark the digit that is on the pad; once on the page. */
	function begin() {
		new ResizeObserver(() => fold(folded)).observe(grid);
		onTheme(element, repaint);
		subscribe(element, "ink", ({ picture }) => {
			for (const each of shown) {
				const current = picture === opened && each.digit.index === openedIndex;
				each.button.setAttribute("aria-current", String(current));
			}
		});
	}
	return { element, notice, show, begin };
}
