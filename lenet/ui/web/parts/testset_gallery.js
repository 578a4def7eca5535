// Test digits in small: the errors, or those of one cell of the confusion matrix. One goes to the pad to be looked
// into.
import { greyColours, onTheme } from "../colours.js";
import { button, bytes, el, paint, pixelCanvas } from "../dom.js";
import { IMAGE_SIDE } from "../engine/geometry.js";
import { help } from "../help.js";
import { show as showInk } from "../ink.js";
import { subscribe } from "../store.js";
import { openTab } from "../tabs.js";
import { t } from "../texts.js";

/** @typedef {import("../types").TestDigit} TestDigit */

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

	/** @param {string} words @param {TestDigit[]} digits @param {boolean} errors whether these are all errors */
	function show(words, digits, errors) {
		title.textContent = words;
		all.hidden = errors;
		shown = digits.map((digit) => {
			const canvas = pixelCanvas(IMAGE_SIDE, IMAGE_SIDE, 2);
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
		const lines = digit.probabilities.map((probability, i) => t("testset.digit.line", { digit: i, probability }));
		const pair = t("testset.digit", { label: digit.label, digit: digit.digit });
		const probability = t("testset.digit.probability", { probability: digit.probabilities[digit.digit] });
		const act = el("span", { class: "visually-hidden" }, t("testset.open"));
		const attributes = { type: "button", title: lines.join("\n"), click: () => put(digit) };
		return el("button", attributes, canvas, el("b", {}, pair), " ", el("span", {}, probability), act);
	}

	/** Put a digit on the pad. @param {TestDigit} digit */
	function put({ image }) {
		showInk({ strokes: [], image });
		openTab("draw");
	}

	function repaint() {
		const grey = greyColours(element);
		for (const { digit, canvas } of shown) {
			const values = bytes(digit.image);
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
		subscribe(element, "ink", ({ image }) => {
			for (const { digit, button } of shown) button.setAttribute("aria-current", String(digit.image === image));
		});
	}
	return { element, notice, show, begin };
}
