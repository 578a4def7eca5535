// One unit of a network, explained: its receptive field, what feeds it, and how its value is computed.
import { INPUT_SIDE } from "./geometry.js";
import { linksOf, windowOf } from "./convolution.js";
import { weightsOf } from "./network.js";

/** @typedef {import("./types").Activations} Activations */
/** @typedef {import("./types").Place} Place */
/** @typedef {import("./types").Source} Source */
/** @typedef {import("./types").Step} Step */
/** @typedef {import("./types").Unit} Unit */
/** @typedef {import("./network.js").Network} Network */
/** @typedef {import("./operations.js").Weights} Weights */

/**
 * Explain a unit; null if the network has none there.
 * @param {Network} network @param {Activations} activations @param {Place} place @returns {Unit | null}
 */
export function explainUnit(network, activations, [layer, map, row, column]) {
	const { steps } = network.plan;
	const at = steps.findIndex((step) => step.name === layer);
	if (at < 0) return null;
	const [step, before] = [steps[at], steps[at - 1]];
	const [maps, rows = 1, columns = 1] = step.output;
	if (map < 1 || map > maps || row < 1 || row > rows || column < 1 || column > columns) return null;
	const found = /** @type {{raw: Float32Array, values: Float32Array}} */ (activations.layers.get(layer));
	const index = ((map - 1) * rows + row - 1) * columns + column - 1;
	const inputs = before ? activations.layers.get(before.name)?.values : activations.input;
	const weights = weightsOf(network, step);
	const sources = sourcesOf(step, weights, /** @type {Float32Array} */ (inputs), map - 1, row - 1, column - 1);
	const squashed = step.activation !== null && !before?.late; // then its inputs are shown squashed
	const kind = step.operation === "max" ? "max" : step.operation === "rbf" ? "distance" : "sum";
	return {
		layer,
		map,
		row,
		column,
		is_spatial: rows * columns > 1,
		value: found.values[index],
		total: (squashed ? found.raw : found.values)[index],
		activation: squashed ? step.activation : null,
		kind,
		bias: weights.bias ? weights.bias[weights.bias.length === found.raw.length ? index : map - 1] : null,
		receptive_field: fieldOf(network.plan, step, row - 1, column - 1),
		source_layer: before?.name ?? "",
		sources,
	};
}

/**
 * Top, left, height and width of the image's pixels that a unit depends on.
 * @param {import("./types").Plan} plan @param {Step} step @param {number} row @param {number} column
 * @returns {Unit["receptive_field"]}
 */
function fieldOf({ input: { crop } }, { receptive_field: { size, stride, start } }, row, column) {
	const [[top, height], [left, width]] = [row, column].map((place) => {
		const first = start + place * stride;
		const low = Math.max(crop, Math.floor(first)); // what is cut off, no unit sees
		return [low, Math.min(INPUT_SIDE - crop, Math.ceil(first + size)) - low];
	});
	return [top, left, height, width];
}

/**
 * What feeds a unit.
 * @param {Step} step @param {Weights} weights @param {Float32Array} inputs @param {number} map @param {number} row
 * @param {number} column all from 0 @returns {Source[]}
 */
function sourcesOf(step, weights, inputs, map, row, column) {
	const { operation, codes } = step;
	if (operation === "rbf") {
		const code = codes?.[map] ?? [];
		return code.map((value, i) => source(i, [[inputs[i]]], [[value]], (inputs[i] - value) ** 2));
	}
	if (operation === "linear") return linearSources(step, weights, inputs, map);
	const { kernel } = windowOf(step);
	const cut = (/** @type {number} */ from) => cutWindow(step, inputs, from, row, column);
	if (operation === "max") return [source(map, cut(map), null, null)];
	if (operation === "mean" || operation === "subsample") {
		const weight = operation === "mean" ? 1 / kernel ** 2 : weights.weight[map];
		return [
			weighted(
				map,
				cut(map),
				square(kernel, () => weight),
			),
		];
	}
	return linksOf(step)
		.filter(([target]) => target === map)
		.map(([, from, place]) =>
			weighted(
				from,
				cut(from),
				square(kernel, (y, x) => weights.weight[(place * kernel + y) * kernel + x]),
			),
		);
}

/**
 * Maps of the layer before, or its single units.
 * @param {Step} step @param {Weights} weights @param {Float32Array} inputs @param {number} unit from 0
 */
function linearSources({ input: [count, rows = 1, columns = 1] }, { weight }, inputs, unit) {
	const size = rows * columns;
	const grid = (/** @type {(i: number) => number} */ value) =>
		[...Array(rows).keys()].map((y) => [...Array(columns).keys()].map((x) => value(y * columns + x)));
	return [...Array(count).keys()].map((from) => {
		const values = grid((i) => inputs[from * size + i]);
		return weighted(
			from,
			values,
			grid((i) => weight[unit * inputs.length + from * size + i]),
		);
	});
}

/** @param {number} side @param {(y: number, x: number) => number} value */
function square(side, value) {
	const places = [...Array(side).keys()];
	return places.map((y) => places.map((x) => value(y, x)));
}

/**
 * The window of a map that a unit looks at, with what is beyond the border.
 * @param {Step} step @param {Float32Array} inputs @param {number} map @param {number} row @param {number} column
 */
function cutWindow(step, inputs, map, row, column) {
	const { height, width, kernel, stride, padding } = windowOf(step);
	return square(kernel, (down, right) => {
		const [y, x] = [row * stride - padding + down, column * stride - padding + right];
		const inside = y >= 0 && y < height && x >= 0 && x < width;
		return inside ? inputs[(map * height + y) * width + x] : step.padding_value;
	});
}

/** @param {number} map from 0 @param {number[][]} values @param {number[][]} kernel */
function weighted(map, values, kernel) {
	const products = values.flatMap((line, y) => line.map((value, x) => value * kernel[y][x]));
	return source(
		map,
		values,
		kernel,
		products.reduce((all, one) => all + one, 0),
	);
}

/**
 * @param {number} map from 0 @param {number[][]} values @param {number[][] | null} kernel
 * @param {number | null} contribution @returns {Source}
 */
function source(map, values, kernel, contribution) {
	return { map: map + 1, values, kernel, contribution };
}
