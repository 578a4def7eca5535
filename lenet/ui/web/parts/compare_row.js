// One model of the Compare tab: what it is, what it predicts, its ten probabilities, and its first feature maps.
import { el, paint, pixelCanvas, setText } from "../dom.js";
import { grouped, listed, percent, render, t } from "../texts.js";

/** @typedef {import("../types").Compared} Compared */
/** @typedef {import("../types").Failure} Failure */
/** @typedef {import("../types").Layer} Layer */
/** @typedef {import("../types").Model} Model */

const DIGITS = [...Array(10).keys()];
const MANY = 16; // maps: more of them stand in four lines instead of two

/** What a model says: a digit, or null where it rejects what is drawn. @param {Compared} column */
export const voteOf = ({ digit, confidence, model }) => (confidence < model.threshold ? null : digit);

/**
 * @param {string} title @param {Model | null} model as far as it is known before anything is drawn
 * @param {(() => void) | null} remove takes the row away; null where it stays
 */
export function makeRow(title, model, remove) {
	const facts = ["size", "accuracy", "time"].map((name) => el("p", { class: `fact ${name}` }));
	const digit = el("div", { class: "digit" });
	const percentage = el("p", { class: "percent" });
	const words = el("p", { class: "words" });
	const meters = DIGITS.map((each) => meter(title, each));
	const maps = el("div", { class: "maps" });
	const label = { type: "button", class: "remove", "aria-label": t("compare.remove", { model: title }) };
	const removing = remove && el("button", { ...label, click: remove }, "×");
	const head = el("h3", { title }, title);
	const element = el(
		"section",
		{ class: "model", "aria-label": title },
		el("div", { class: "answer" }, digit, el("div", {}, percentage, words)),
		el("div", { class: "about" }, el("div", { class: "name" }, head, removing), ...facts),
		el("div", { class: "bars" }, ...meters),
		maps,
	);
	/** @type {Compared | null} */ let last = null;
	/** @type {HTMLElement[]} */ let groups = [];

	/** @param {Model} model */
	function describe({ network, year, parameters, accuracy, data, part, pretrained }) {
		const first = pretrained ? String(year) : network;
		facts[0].textContent = t("compare.facts", { first, count: parameters });
		facts[1].textContent = accuracy === null ? "" : t(`compare.accuracy.${data}.${part}`, { accuracy });
	}

	/**
	 * @param {Compared | Failure | null} column nothing is drawn where null
	 * @param {(value: number) => number} colour of a map's values, -1 to 1
	 */
	function show(column, colour) {
		last = column && !("error" in column) ? column : null;
		element.classList.toggle("empty", !last);
		meters.forEach((each, i) => fill(each, last?.probabilities[i] ?? 0, last?.digit === i));
		maps.hidden = !last;
		facts[2].textContent ||= "\u00a0";
		if (column && "error" in column) facts[2].textContent = render(column.error);
		if (!last) return;
		describe(last.model);
		const { milliseconds } = last; // while the pen is down the last one stays, so that it does not flicker
		if (milliseconds !== null) facts[2].textContent = t("compare.time", { milliseconds });
		if (groups.length !== last.maps.length) maps.replaceChildren(...(groups = last.maps.map(group)));
		last.maps.forEach((layer, i) => paintGroup(groups[i], layer, colour));
	}

	/** Say what it predicts, and whether most others predict something else. @param {boolean} disagrees */
	function judge(disagrees) {
		const vote = last && voteOf(last);
		element.classList.toggle("disagrees", disagrees);
		digit.textContent = vote === null ? (last ? t("common.none") : "") : grouped(vote);
		digit.classList.toggle("none", vote === null);
		percentage.textContent = last ? percent(last.probabilities[last.digit]) : "";
		const rejects = last !== null && vote === null;
		if (rejects) percentage.textContent = t("compare.best", { digit: last?.digit ?? 0 });
		words.textContent = listed([
			...(rejects ? [t("compare.not_a_digit")] : []),
			...(disagrees ? [t("compare.disagrees")] : []),
		]);
	}

	if (model) describe(model);
	return { element, show, judge, last: () => last };
}

/** @param {string} title @param {number} digit */
function meter(title, digit) {
	const range = { role: "meter", "aria-valuemin": 0, "aria-valuemax": 100, "aria-valuenow": "0.0" };
	const name = t("compare.probability", { model: title, digit });
	const track = el("div", { class: "track" }, el("div", { class: "fill" }));
	return el("div", { class: "bar", "aria-label": name, ...range }, track, el("span", {}, String(digit)));
}

/** @param {HTMLElement} bar @param {number} probability @param {boolean} top */
function fill(bar, probability, top) {
	bar.style.setProperty("--probability", String(probability));
	bar.setAttribute("aria-valuenow", (100 * probability).toFixed(1));
	bar.classList.toggle("top", top);
}

/** The maps of a layer, one picture to a screen reader. @param {Layer} layer */
function group({ name, shape: [count, rows, columns] }) {
	const lines = count > MANY ? 4 : 2;
	const canvases = [...Array(count)].map(() => pixelCanvas(rows, columns, 1));
	for (const canvas of canvases) canvas.removeAttribute("style");
	const label = t("compare.maps", { layer: name, count });
	const style = `--lines: ${lines}; --across: ${Math.ceil(count / lines)}`;
	return el(
		"div",
		{ class: "group" },
		el("p"),
		el("div", { class: "grid", role: "img", "aria-label": label, style }, ...canvases),
	);
}

/**
 * @param {HTMLElement} group @param {Layer} layer on a colour scale of its own
 * @param {(value: number) => number} colour
 */
function paintGroup(group, { name, shape: [, rows, columns], values, scale }, colour) {
	const words = group.querySelector("p");
	if (words) setText(words, t("compare.layer", { layer: name, scale }));
	group.querySelectorAll("canvas").forEach((canvas, map) => {
		paint(canvas, (i) => colour(values[map * rows * columns + i] / scale));
	});
}
