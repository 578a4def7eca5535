// The unit that is pointed at, explained: its value, its receptive field, what feeds it, and how that adds up.
import { button, el, paint, pixelCanvas, setText } from "../dom.js";
import { get, set } from "../store.js";
import { fixed, t } from "../texts.js";
import { nameOf, rounded, strongest, sumOf, titleOf } from "./maps_words.js";

/** @typedef {import("../types").Unit} Unit */
/** @typedef {import("../types").Source} Source */
/** @typedef {(value: number) => number} Colour */

const LARGEST = 6; // CSS pixels a value
const TEXT = 40; // CSS pixels of a contribution or a name
const TEXTS = 28; // CSS pixels: lines above and below a picture
const GAP = 8; // CSS pixels between sources

/** @param {() => void} release of the unit */
export function makeUnit(release) {
	const title = el("span", { role: "status" });
	const field = el("p");
	const sum = el("p");
	const close = button("×", release, { class: "button small close", "aria-label": t("common.close") });
	const work = button("", () => set("sliding", !get("sliding")), { class: "button small" });
	const words = el("div", { class: "words" }, el("h3", {}, title), field, sum);
	const sources = el("div", { class: "sources" });
	const ends = el("div", { class: "ends" }, work, close);
	const element = el("div", { class: "explained", hidden: true }, words, sources, ends);

	/** @param {Unit} unit @param {boolean} pinned @param {Colour} colour @param {{width: number, height: number}} room */
	function show(unit, pinned, colour, room) {
		element.hidden = false;
		ends.hidden = !pinned;
		work.setAttribute("aria-expanded", String(get("sliding")));
		setText(work, t(get("sliding") ? "sliding.close" : "sliding.open"));
		title.textContent = titleOf(unit);
		const side = Math.max(1, ...unit.sources.map(({ values }) => values.length));
		const each = (/** @type {number} */ zoom) =>
			Math.max(TEXT, unit.sources[0]?.kernel ? 2 * side * zoom + 12 : side * zoom);
		const rows = (/** @type {number} */ zoom) =>
			Math.max(1, Math.floor((room.height + 6) / (TEXTS + side * zoom + 6)));
		const most = (/** @type {number} */ zoom) =>
			rows(zoom) * Math.max(1, Math.floor((room.width + GAP) / (each(zoom) + GAP)));
		let zoom = side === 1 ? 14 : Math.min(LARGEST, Math.max(2, Math.floor((room.height - TEXTS) / side)));
		while (side > 1 && zoom > 3 && most(zoom) < unit.sources.length) zoom--;
		const { shown, rest } = strongest(unit, most(zoom));
		const [all, constant] = [Math.round(100 * unit.total), Math.round(100 * (unit.bias ?? 0))];
		const parts = shown.map((source) => source.contribution ?? 0);
		if (rest) parts.push(unit.total - (unit.bias ?? 0) - parts.reduce((a, b) => a + b, 0));
		const contributions = unit.kind === "max" ? [] : rounded(parts, all - constant);
		field.textContent = fieldOf(unit);
		sum.textContent = sumOf(unit, (all - constant) / 100, constant / 100, all / 100);
		sources.replaceChildren(...pictures(unit, shown, contributions, zoom, colour));
		if (rest) sources.append(others(unit.sources.length - shown.length, contributions[shown.length], side * zoom));
	}

	return { element, show, hide: () => (element.hidden = true) };
}

/** @param {Unit} unit */
function fieldOf({ receptive_field: [, , height, width] }) {
	return height === 32 && width === 32 ? t("unit.receptive_field.all") : t("unit.receptive_field", { height, width });
}

/**
 * @param {Unit} unit @param {Source[]} sources @param {number[]} contributions @param {number} zoom
 * @param {Colour} colour
 */
function pictures(unit, sources, contributions, zoom, colour) {
	const most = (/** @type {number[][][]} */ lists) => Math.max(1e-9, ...lists.flat(2).map(Math.abs));
	const values = most(sources.map((source) => source.values));
	const weights = most(sources.map((source) => source.kernel ?? []));
	const sign = t(unit.kind === "distance" ? "unit.versus" : "unit.times");
	return sources.map((source, i) =>
		el(
			"div",
			{ class: "source" },
			el("span", {}, nameOf(unit, source)),
			el(
				"div",
				{ class: "product" },
				picture(source.values, values, zoom, colour),
				source.kernel && el("span", {}, sign),
				source.kernel && picture(source.kernel, weights, zoom, colour),
			),
			source.kernel && el("b", {}, fixed(contributions[i])),
		),
	);
}

/**
 * All sources that are not shown.
 * @param {number} count @param {number} contribution @param {number} height of a picture
 */
function others(count, contribution, height) {
	return el(
		"div",
		{ class: "source" },
		el("span", {}, t("unit.others", { count })),
		el("div", { class: "product", style: `height: ${height}px` }),
		el("b", {}, fixed(contribution)),
	);
}

/** @param {number[][]} values @param {number} scale @param {number} zoom @param {Colour} colour */
function picture(values, scale, zoom, colour) {
	const canvas = pixelCanvas(values.length, values[0].length, zoom);
	const flat = values.flat();
	paint(canvas, (at) => colour(flat[at] / scale));
	return canvas;
}
