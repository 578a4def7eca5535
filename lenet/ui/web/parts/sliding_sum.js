// The arithmetic of a unit: a grid of its inputs, one of its weights, and one of their products, which add up.
import { button, el, setText } from "../dom.js";
import { t } from "../texts.js";
import { columnsOf } from "./maps_layout.js";
import { nameOf, rounded, sumOf } from "./maps_words.js";
import { makeGrid } from "./sliding_grid.js";

/** @typedef {import("../types").Source} Source */
/** @typedef {import("../types").Unit} Unit */

/** `show` works a unit out, and returns the source that it shows in full, if sources are maps. */
export function makeSum() {
	const [inputs, weights, products] = [makeGrid(), makeGrid(), makeGrid()];
	const [times, equals] = [el("span", { class: "sign" }), el("span", { class: "sign" }, "=")];
	const sources = el("div", { class: "sources", role: "group", "aria-label": t("sliding.sources") });
	const line = el("p", { class: "line", role: "status" });
	const grids = el("div", { class: "grids" }, inputs.element, times, weights.element, equals, products.element);
	const element = el("div", { class: "sum" }, sources, grids);
	/** @type {HTMLButtonElement[]} */ let chips = [];
	let chosen = 0; // place among the sources
	let layer = ""; // whose sources these are
	let chose = () => {};

	/** @param {Unit} unit @returns {Source | null} */
	function show(unit) {
		const [all, constant] = [Math.round(100 * unit.total), Math.round(100 * (unit.bias ?? 0))];
		setText(line, sumOf(unit, (all - constant) / 100, constant / 100, all / 100));
		if (unit.layer !== layer) chosen = strongestOf(unit);
		layer = unit.layer;
		const single = unit.sources.every(({ values }) => values.length * values[0].length === 1);
		const contributions = unit.sources.map(({ contribution }) => contribution ?? 0);
		const parts = unit.kind === "max" ? contributions : rounded(contributions, all - constant);
		showSources(
			single || unit.sources.length === 1 ? [] : unit.sources.map((one, i) => named(unit, one, parts[i])),
		);
		if (single) {
			const whole = { ...unit.sources[0], ...gathered(unit.sources) };
			showProducts(unit, whole, unit.source_layer, all - constant);
			return null;
		}
		const source = unit.sources[chosen];
		showProducts(unit, source, nameOf(unit, source), Math.round(100 * parts[chosen]));
		return source;
	}

	/** @param {Unit} unit @param {Source} source @param {string} name @param {number} sum in hundredths */
	function showProducts({ kind }, { values, kernel }, name, sum) {
		const flat = values.flat();
		const weighted = kernel?.flat() ?? null;
		inputs.show(values, t("sliding.inputs", { name }), kind === "max" ? Math.max(...flat) : null);
		for (const each of [times, weights.element, equals, products.element]) each.hidden = !weighted;
		if (!kernel || !weighted) return;
		const distance = kind === "distance";
		setText(times, distance ? "−" : "×");
		setText(equals, distance ? "²" : "=");
		weights.show(kernel, t(distance ? "sliding.code" : "sliding.weights"), null);
		const exact = flat.map((value, i) => (distance ? (value - weighted[i]) ** 2 : value * weighted[i]));
		const columns = kernel[0].length;
		const result = rounded(exact, sum);
		const lines = kernel.map((_, row) => result.slice(row * columns, (row + 1) * columns));
		products.show(lines, t(distance ? "sliding.squares" : "sliding.products", { sum: sum / 100 }), null);
	}

	/** @param {string[]} names */
	function showSources(names) {
		sources.hidden = names.length === 0;
		if (chips.length !== names.length) {
			chips = names.map((_, i) => button("", () => choose(i), { class: "button small" }));
			sources.replaceChildren(...chips);
		}
		chips.forEach((chip, i) => {
			setText(chip, names[i]);
			chip.setAttribute("aria-pressed", String(i === chosen));
		});
	}

	/** @param {number} place */
	function choose(place) {
		chosen = place;
		chose();
	}

	return { element, line, show, onChoice: (/** @type {() => void} */ handler) => (chose = handler) };
}

/** @param {Unit} unit @param {Source} source @param {number} contribution */
function named(unit, source, contribution) {
	return t("sliding.contribution", { name: nameOf(unit, source), value: contribution });
}

/** The source that contributes most. @param {Unit} unit */
function strongestOf({ sources }) {
	const sizes = sources.map(({ contribution }) => Math.abs(contribution ?? 0));
	return sizes.indexOf(Math.max(...sizes));
}

/** Sources of one value each, as one grid. @param {Source[]} sources */
function gathered(sources) {
	const wide = columnsOf(sources.length);
	/** @param {(source: Source) => number} value */
	const grid = (value) => {
		const rows = [...Array(Math.ceil(sources.length / wide)).keys()];
		return rows.map((row) => sources.slice(row * wide, (row + 1) * wide).map(value));
	};
	return { values: grid(({ values }) => values[0][0]), kernel: grid(({ kernel }) => kernel?.[0][0] ?? 0) };
}
