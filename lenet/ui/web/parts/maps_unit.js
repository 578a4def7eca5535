// The unit that is pointed at, explained: its value, its receptive field, what feeds it, and how that adds up.
import { button, el, paint, pixelCanvas } from "../dom.js";
import { fixed, t } from "../texts.js";

/** @typedef {import("../types").Unit} Unit */
/** @typedef {import("../types").Source} Source */
/** @typedef {(value: number) => number} Colour */

const LARGEST = 6; // CSS pixels a value
const TEXT = 40; // CSS pixels of a contribution or a name
const TEXTS = 28; // CSS pixels: lines above and below a picture
const GAP = 8; // CSS pixels between sources

/** @param {() => void} release of the unit */
export function makeUnit(release) {
	const title = el("h3", { role: "status" });
	const field = el("p");
	const sum = el("p");
	const close = button("×", release, { class: "button small close", "aria-label": t("common.close") });
	const words = el("div", { class: "words" }, title, field, sum);
	const sources = el("div", { class: "sources" });
	const element = el("div", { class: "explained", hidden: true }, words, sources, close);

	/** @param {Unit} unit @param {boolean} pinned @param {Colour} colour @param {{width: number, height: number}} room */
	function show(unit, pinned, colour, room) {
		element.hidden = false;
		close.hidden = !pinned;
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
		const { shown, rest } = largest(unit, most(zoom));
		const [all, constant] = [Math.round(100 * unit.total), Math.round(100 * (unit.bias ?? 0))];
		const parts = shown.map((source) => source.contribution ?? 0);
		if (rest) parts.push(unit.total - (unit.bias ?? 0) - parts.reduce((a, b) => a + b, 0));
		const contributions = unit.kind === "max" ? [] : rounded(parts, all - constant);
		field.textContent = fieldOf(unit);
		sum.textContent = sumOf(unit, (all - constant) / 100, constant / 100, all / 100);
		sources.replaceChildren(...pictures(unit, shown, contributions, zoom, colour));
		if (rest) sources.append(others(unit.fan_in - shown.length, contributions[shown.length], side * zoom));
	}

	return { element, show, hide: () => (element.hidden = true) };
}

/** @param {Unit} unit */
function titleOf({ layer, map, row, column, is_spatial, kind, value }) {
	if (is_spatial) return t("unit.title.map", { layer, map, row, column, value });
	if (layer !== "output") return t("unit.title.unit", { layer, map, value });
	return t(kind === "distance" ? "unit.title.distance" : "unit.title.output", { digit: map - 1, value });
}

/** @param {Unit} unit */
function fieldOf({ receptive_field: [, , height, width] }) {
	return height === 32 && width === 32 ? t("unit.receptive_field.all") : t("unit.receptive_field", { height, width });
}

/**
 * How the value comes about.
 * @param {Unit} unit @param {number} sum @param {number} bias @param {number} total all rounded
 */
function sumOf(unit, sum, bias, total) {
	const { kind, map, value, activation, sources } = unit;
	if (kind === "distance") return t("unit.distance", { digit: map - 1, value: total });
	if (kind === "max") {
		const values = sources[0].values.flat().map((one) => fixed(one));
		return t("unit.max", { values, value: unit.total });
	}
	const added = unit.bias === null ? t("unit.sum", { sum }) : t("unit.bias", { sum, bias, total });
	return activation ? t("unit.activation", { sum: added, activation, value }) : added;
}

/** What a source is called. @param {Unit} unit @param {Source} source */
function nameOf({ source_layer, fan_in }, { map }) {
	if (source_layer) return t("unit.source", { layer: source_layer, map });
	return fan_in === 1 ? t("unit.input") : [t("unit.red"), t("unit.green"), t("unit.blue")][map - 1];
}

/**
 * The sources that there is room for, in their order: those that contribute most.
 * @param {Unit} unit @param {number} most
 */
function largest({ sources, fan_in }, most) {
	if (sources.length === fan_in && fan_in <= most) return { shown: sources, rest: false };
	const size = (/** @type {Source} */ source) => Math.abs(source.contribution ?? 0);
	const few = [...sources].sort((a, b) => size(b) - size(a)).slice(0, Math.max(1, most - 1));
	return { shown: sources.filter((source) => few.includes(source)), rest: true };
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

/**
 * Round to hundredths so that the numbers shown still add up: those furthest from theirs give way.
 * @param {number[]} values @param {number} sum in hundredths
 */
function rounded(values, sum) {
	const whole = values.map((value) => Math.round(100 * value));
	const off = values.map((value, i) => 100 * value - whole[i]);
	for (let left = sum - whole.reduce((a, b) => a + b, 0); left && whole.length; left -= Math.sign(left)) {
		const i = off.indexOf(left > 0 ? Math.max(...off) : Math.min(...off));
		whole[i] += Math.sign(left);
		off[i] -= Math.sign(left);
	}
	return whole.map((hundredths) => hundredths / 100);
}
