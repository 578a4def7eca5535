// A chart of lines and points, as SVG: drawn at the width that it really has, so that its text keeps its size.
import { el, svg } from "./dom.js";
import { scale } from "./ticks.js";
import { grouped, t } from "./texts.js";

/** @typedef {import("./ticks.js").Axis} Axis */
/** @typedef {import("./ticks.js").Scale} Scale */
/** @typedef {"accent" | "warm" | "soft" | "text" | "teal" | "violet" | "pale"} Tone */
/**
 * A line of a chart: its name, if any, stands in the key; `dots` marks its points, `pattern` from 0 are dashes of its
 * own.
 * @typedef {{name: string, points: number[][], tone: Tone, dashed?: boolean, dots?: boolean, pattern?: number}} Series
 * A point by itself: `name` stands beside it, `label` in its tooltip, `size` 0 to 1 is its area.
 * @typedef {{x: number, y: number, tone: Tone, name?: string, label?: string, size?: number}} Mark
 * A straight line at a value: with a name it stands in the key.
 * @typedef {{axis: "x" | "y", value: number, name?: string, tone?: Tone}} Rule
 * A range of x, shaded; its name stands in the key.
 * @typedef {{from: number, to: number, name: string}} Band
 * A chart; where its title stands above it as a heading, `title` is empty and `label` says it to a screen reader.
 * @typedef {{title: string, label?: string, x: Axis, y: Axis, series: Series[], marks?: Mark[], rules?: Rule[],
 *   band?: Band | null, diagonal?: string}} Chart
 */

const LINE = 14; // CSS pixels of a line of text
const LETTER = 6.8; // CSS pixels, about, of a letter or figure
const SQUARE = 12; // of a letter that is as wide as high, as Chinese ones are
/** How far a name may stand from its point, CSS pixels. */
const ASIDE = [0, ...[1, 2, 3, 4, 5, 6, 7, 8].flatMap((lines) => [12 * lines, -12 * lines])];

/**
 * A chart that draws itself anew whenever it is shown something else, or its size changes.
 * @param {number} height of the drawing
 */
export function makeChart(height = 176) {
	const drawing = svg("svg", { role: "img", height });
	const caption = el("figcaption", { class: "title" });
	const key = el("ul", { class: "key" });
	const head = el("div", { class: "head" }, caption, key);
	const element = el("figure", { class: "chart" }, head, drawing);
	/** @type {Chart | null} */ let last = null;
	let width = 0;

	function redraw() {
		if (!last || width === 0) return; // in a tab that is not open
		drawing.setAttribute("width", String(width));
		drawing.replaceChildren(...paint(last, width, height));
	}
	/** @param {Chart} chart */
	function show(chart) {
		last = chart;
		caption.textContent = chart.title;
		caption.hidden = !chart.title; // its axis says it all
		const title = chart.title || chart.label || "";
		const [x, y] = [chart.x.title, chart.y.title];
		drawing.setAttribute("aria-label", t(title ? "chart.label" : "chart.label.untitled", { title, x, y }));
		key.replaceChildren(...entries(chart));
		key.hidden = key.childElementCount === 0;
		head.hidden = caption.hidden && key.hidden;
		redraw();
	}
	/** @param {number} pixels height of the drawing */
	function resize(pixels) {
		if (pixels === height) return;
		height = pixels;
		drawing.setAttribute("height", String(height));
		redraw();
	}
	new ResizeObserver(() => {
		if (element.clientWidth === width) return;
		width = element.clientWidth;
		redraw();
	}).observe(element);
	return { element, show, resize };
}

/**
 * A key by itself, for charts that share one: their lines have no names.
 * @param {Pick<Chart, "series" | "rules">} lines
 */
export function keyOf(lines) {
	return el("ul", { class: "key" }, ...entries(lines));
}

/**
 * The key: a sample of each line beside its name; what has none is named elsewhere, as in a key of several charts.
 * @param {Pick<Chart, "series" | "rules" | "band" | "diagonal">} chart
 */
export function entries({ series, rules = [], band, diagonal }) {
	const named = series.filter(({ name }) => name);
	const lines = named.map((line) => entry(line.name, lineClass(line), line.dots ? line.tone : ""));
	for (const { name, tone = "soft" } of rules) if (name) lines.push(entry(name, `rule ${tone}`));
	if (diagonal) lines.push(entry(diagonal, "rule soft"));
	if (band?.name)
		lines.push(
			el(
				"li",
				{},
				svg("svg", { width: 18, height: 10 }, svg("rect", { width: 18, height: 10, class: "band" })),
				band.name,
			),
		);
	return lines;
}

/** The look of a line, here and in a key elsewhere. @param {{tone: Tone, dashed?: boolean, pattern?: number}} line */
export function lineClass({ tone, dashed, pattern = 0 }) {
	return `line ${tone}${dashed ? " dashed" : ""}${pattern ? ` pattern-${pattern}` : ""}`;
}

/** @param {string} name @param {string} css @param {string} dot its tone */
function entry(name, css, dot = "") {
	const sample = svg("svg", { width: 18, height: 10 }, svg("line", { x1: 0, x2: 18, y1: 5, y2: 5, class: css }));
	if (dot) sample.append(svg("circle", { cx: 9, cy: 5, r: 2.5, class: `dot ${dot}` }));
	return el("li", {}, sample, name);
}

/** @param {Chart} chart @param {number} width @param {number} height */
function paint({ x, y, series, marks = [], rules = [], band, diagonal }, width, height) {
	const all = [...series.flatMap(({ points }) => points), ...marks.map((mark) => [mark.x, mark.y])];
	const at = (/** @type {"x" | "y"} */ axis) => rules.filter((rule) => rule.axis === axis).map(({ value }) => value);
	const [top, bottom, right] = [LINE + 8, 2 * LINE + 4, 12];

	const vertical = scale(
		y,
		[...all.map((point) => point[1]), ...at("y")],
		Math.floor((height - top - bottom) / 24) + 1,
	);
	const yTexts = vertical.ticks.map(y.format ?? grouped);
	const left = 8 + Math.max(...yTexts.map(widthOf));
	const room = width - left - right;
	const horizontal = fitting(x, [...all.map((point) => point[0]), ...at("x")], room);

	const across = (/** @type {number} */ value) => left + horizontal.place(value) * room;
	const down = (/** @type {number} */ value) => height - bottom - vertical.place(value) * (height - top - bottom);
	const floor = height - bottom;
	const shapes = /** @type {SVGElement[]} */ ([]);

	if (band) {
		const [from, to] = [across(band.from), across(band.to)];
		shapes.push(svg("rect", { x: from, y: top, width: to - from, height: floor - top, class: "band" }));
	}
	vertical.ticks.forEach((value, i) => {
		shapes.push(svg("line", { x1: left, x2: width - right, y1: down(value), y2: down(value), class: "grid" }));
		shapes.push(svg("text", { x: left - 6, y: down(value) + 4, "text-anchor": "end" }, yTexts[i]));
	});
	for (const value of horizontal.ticks) {
		const text = (x.format ?? grouped)(value);
		shapes.push(svg("text", { x: across(value), y: floor + LINE, "text-anchor": "middle" }, text));
	}
	shapes.push(svg("text", { x: 0, y: 11, class: "axis" }, y.title));
	shapes.push(svg("text", { x: width - right, y: height - 3, class: "axis", "text-anchor": "end" }, x.title));
	if (diagonal) {
		const [low, high] = [Math.max(horizontal.low, vertical.low), Math.min(horizontal.high, vertical.high)];
		shapes.push(
			svg("line", { x1: across(low), y1: down(low), x2: across(high), y2: down(high), class: "rule soft" }),
		);
	}
	for (const { axis, value, tone = "soft" } of rules) {
		const ends =
			axis === "y"
				? { x1: left, x2: width - right, y1: down(value), y2: down(value) }
				: { x1: across(value), x2: across(value), y1: top, y2: floor };
		shapes.push(svg("line", { ...ends, class: `rule ${tone}` }));
	}
	for (const { points, tone, dots, ...look } of series) {
		const line = points.map(([a, b]) => `${across(a).toFixed(1)},${down(b).toFixed(1)}`).join(" ");
		shapes.push(svg("polyline", { points: line, class: lineClass({ tone, ...look }) }));
		if (dots)
			for (const [a, b] of points)
				shapes.push(svg("circle", { cx: across(a), cy: down(b), r: 2.5, class: `dot ${tone}` }));
	}
	return [...shapes, ...points(marks, across, down, { left, right: width, top, bottom: floor })];
}

/**
 * A scale of x with as many ticks as their texts leave room for.
 * @param {Axis} axis @param {number[]} data @param {number} room
 */
function fitting(axis, data, room) {
	for (let most = 11; ; most--) {
		const found = scale(axis, data, most);
		const longest = Math.max(LETTER, ...found.ticks.map((value) => widthOf((axis.format ?? grouped)(value))));
		if (most <= 2 || found.ticks.length * (longest + 14) <= room + 20) return found;
	}
}

/** About how wide a text is, CSS pixels. @param {string} text */
function widthOf(text) {
	return [...text].reduce((width, letter) => width + (letter > "\u2e7f" ? SQUARE : LETTER), 0);
}

/**
 * Points with their names beside them, each where nothing else stands.
 * @param {Mark[]} marks @param {(x: number) => number} across @param {(y: number) => number} down
 * @param {{left: number, right: number, top: number, bottom: number}} room
 */
function points(marks, across, down, room) {
	const radius = (/** @type {Mark} */ { size = 0.5 }) => 2 + 5 * Math.sqrt(Math.max(0, Math.min(1, size)));
	/** @type {[left: number, y: number, right: number][]} */
	const taken = marks.map((mark) => [across(mark.x) - radius(mark), down(mark.y) + 4, across(mark.x) + radius(mark)]);
	return marks.flatMap((mark) => {
		const [cx, cy, r] = [across(mark.x), down(mark.y), radius(mark)];
		const dot = svg("circle", { cx, cy, r, class: `dot ${mark.tone}` });
		if (mark.label) dot.append(svg("title", {}, mark.label));
		if (!mark.name) return [dot];
		const length = widthOf(mark.name);
		const sides = [cx + r + 3, cx - r - 3 - length].filter((x) => x >= room.left && x + length <= room.right);
		const places = ASIDE.flatMap((by) => sides.map((x) => [x, cy + 4 + by]));
		const isFree = (/** @type {number[]} */ [x, y]) =>
			y > room.top + 4 &&
			y < room.bottom &&
			taken.every(([a, at, b]) => Math.abs(at - y) > 11 || x > b || x + length < a);
		const [left, y] = places.find(isFree) ?? [sides[0] ?? room.left, cy + 4];
		taken.push([left, y, left + length]);
		const name = svg("text", { x: left, y, class: "name" }, mark.name);
		if (y === cy + 4) return [dot, name];
		const leader = { x1: cx, y1: cy, x2: left < cx ? left + length + 2 : left - 2, y2: y - 4, class: "leader" };
		return [svg("line", leader), dot, name];
	});
}
