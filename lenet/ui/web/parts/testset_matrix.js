// The confusion matrix: its cells are buttons, one tab stop together, and arrow keys lead from one to the next.
import { el } from "../dom.js";
import { heading } from "../help.js";
import { scroller } from "../scroller.js";
import { percent, t } from "../texts.js";

/** @typedef {import("../types").TestReport} TestReport */

/** @param {(label: number, digit: number) => void} choose hears which cell is pressed */
export function makeMatrix(choose) {
	const table = el("table", { class: "confusion", keydown: move });
	const title = t("testset.confusion");
	const element = el(
		"section",
		{ class: "matrix" },
		heading("h2", title, "confusion"),
		scroller(title, table, { keys: true }),
	);

	/** @param {TestReport} report */
	function show({ confusion, recall, precision }) {
		const errors = confusion.flatMap((row, label) => row.filter((_, digit) => digit !== label));
		const most = Math.max(1, ...errors);
		table.replaceChildren(
			el("caption", { class: "visually-hidden" }, title),
			el(
				"thead",
				{},
				el("tr", {}, ...corners(), axis("predicted", { colspan: 10, scope: "colgroup" })),
				digits(confusion),
			),
			el(
				"tbody",
				{},
				...confusion.map((row, label) =>
					el(
						"tr",
						{},
						label === 0 && axis("true", { rowspan: 10, scope: "rowgroup" }),
						el("th", { scope: "row" }, String(label)),
						...row.map((count, digit) => el("td", {}, cell(label, digit, count, most))),
						el("td", { class: "rate" }, rate(recall[label])),
					),
				),
			),
			el(
				"tfoot",
				{},
				el(
					"tr",
					{},
					el("th", { class: "rate", scope: "row", colspan: 2 }, t("testset.precision")),
					...precision.map((fraction) => el("td", { class: "rate" }, rate(fraction))),
				),
			),
		);
		const first = cells()[0];
		if (first) first.tabIndex = 0;
	}

	/** @param {number} label @param {number} digit @param {number} count @param {number} most of the errors */
	function cell(label, digit, count, most) {
		if (count === 0) return el("span", { class: "none" }, el("span", { class: "visually-hidden" }, "0"));
		const heat = label === digit ? null : `--heat: ${Math.sqrt(count / most).toFixed(3)}`;
		const name = t("testset.cell", { label, digit, count });
		const attributes = { type: "button", "aria-label": name, "aria-pressed": "false", tabindex: -1, style: heat };
		const place = { "data-row": label, "data-column": digit, class: label === digit ? "right" : "wrong" };
		const act = () => choose(label, digit);
		return el("button", { ...attributes, ...place, click: act, focus: rove }, String(count));
	}

	/** @returns {HTMLButtonElement[]} */
	const cells = () => [...table.querySelectorAll("button")];

	/** Mark the cell whose digits are shown; none without an argument. @param {number} label @param {number} digit */
	function press(label = -1, digit = -1) {
		for (const button of cells()) {
			const { row, column } = button.dataset;
			button.setAttribute("aria-pressed", String(Number(row) === label && Number(column) === digit));
		}
	}

	/** Let the tab key come back to where the focus was. @param {FocusEvent} event */
	function rove(event) {
		for (const button of cells()) button.tabIndex = button === event.target ? 0 : -1;
	}

	return { element, show, press };
}

/** Move the focus to the nearest cell in the direction of an arrow key. @param {KeyboardEvent} event */
function move(event) {
	const from = /** @type {HTMLElement} */ (event.target);
	const step = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key];
	if (!step || from.tagName !== "BUTTON") return;
	event.preventDefault();
	let [row, column] = [Number(from.dataset.row) + step[0], Number(from.dataset.column) + step[1]];
	for (; row >= 0 && row < 10 && column >= 0 && column < 10; row += step[0], column += step[1]) {
		const found = from.closest("table")?.querySelector(`button[data-row="${row}"][data-column="${column}"]`);
		if (found instanceof HTMLElement) return found.focus();
	}
}

/** @param {"predicted" | "true"} name @param {import("../dom.js").Attributes} span */
function axis(name, span) {
	return el("th", { class: `axis ${name}`, ...span }, el("span", {}, t(`testset.${name}`)));
}

const corners = () => [el("td"), el("td")];

/** The predicted digits, above their columns. @param {number[][]} confusion */
function digits(confusion) {
	const heads = confusion.map((_, digit) => el("th", { scope: "col" }, String(digit)));
	return el("tr", {}, ...corners(), ...heads, el("th", { class: "rate", scope: "col" }, t("testset.recall")));
}

/** @param {number | null} fraction */
function rate(fraction) {
	return fraction === null ? t("common.none") : percent(fraction);
}
