// What the lesson measures on the learner's own digit, to hold the predictions to.
import { INPUT_SIDE } from "../engine/geometry.js";
import { firstKernels } from "../engine/kernels.js";
import { predicted, run } from "../engine/network.js";
import { preprocessDrawing, shift } from "../engine/preprocessing.js";

/** @typedef {import("../types").Answer} Answer */
/** @typedef {import("../types").Stroke} Stroke */
/** @typedef {import("../engine/network.js").Network} Network */

const SIDE = 5; // weights of a kernel
const STEP = 3; // degrees between two looks at a turned digit
export const HALF_TURN = 180;

/**
 * The first layer's kernel, from 0, whose two sides differ most: left and right, or top and bottom.
 * @param {Network} network
 */
export function sharpest(network) {
	const { values } = firstKernels(network);
	const kernels = [...Array(values.length / SIDE ** 2).keys()].map((i) =>
		values.subarray(i * SIDE ** 2, (i + 1) * SIDE ** 2),
	);
	const slants = kernels.map((kernel) => {
		const lean = (/** @type {(i: number) => number} */ place) =>
			Math.abs(kernel.reduce((sum, weight, i) => sum + weight * Math.sign(place(i) - (SIDE - 1) / 2), 0));
		return Math.max(
			lean((i) => i % SIDE),
			lean((i) => Math.floor(i / SIDE)),
		);
	});
	return slants.indexOf(Math.max(...slants));
}

/**
 * The unit of the first layer that looks at a pixel, as rows and columns from 0.
 * @param {number} row @param {number} column of the input @param {[number, number]} size of the map
 */
export function unitOver(row, column, [rows, columns]) {
	const within = (/** @type {number} */ place, /** @type {number} */ count) =>
		Math.max(0, Math.min(count - 1, place));
	const edge = (INPUT_SIDE - rows) / 2;
	return [within(row - edge, rows), within(column - edge, columns)];
}

/** The share of values that one is greater than. @param {Float32Array} values @param {number} value */
export function rank(values, value) {
	return values.filter((other) => other < value).length / values.length;
}

/** Strokes turned clockwise about the middle of what is drawn. @param {Stroke[]} strokes @param {number} degrees */
export function turned(strokes, degrees) {
	const all = strokes.flat();
	const middle = [0, 1].map((axis) => {
		const places = all.map((point) => point[axis]);
		return (Math.min(...places) + Math.max(...places)) / 2;
	});
	const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
	return strokes.map((stroke) =>
		stroke.map(([x, y]) => {
			const [across, down] = [x - middle[0], y - middle[1]];
			const place = [across * cos - down * sin + middle[0], across * sin + down * cos + middle[1]];
			return /** @type {import("../types").Point} */ (place.map((value) => Math.round(10 * value) / 10));
		}),
	);
}

/** Strokes made small, in the upper left corner. @param {Stroke[]} strokes @param {number} size of the sheet */
export function cornered(strokes, size) {
	return strokes.map((stroke) =>
		stroke.map(([x, y]) => /** @type {import("../types").Point} */ ([Math.round(x * size), Math.round(y * size)])),
	);
}

/** What a network makes of strokes. @param {Network} network @param {Stroke[]} strokes @param {boolean} raw */
export function readStrokes(network, strokes, raw) {
	const input = preprocessDrawing(strokes, raw);
	return input && run(network, input.image);
}

/**
 * How probable a digit stays while its strokes are turned, and the first angle at which it is read as another one.
 * @param {Network} network @param {Stroke[]} strokes @param {number} digit
 */
export function turnCurve(network, strokes, digit) {
	/** @type {[degrees: number, probability: number][]} */ const points = [];
	/** @type {number | null} */ let limit = null;
	for (let degrees = 0; degrees <= HALF_TURN; degrees += STEP) {
		const activations = readStrokes(network, turned(strokes, degrees), false);
		if (!activations) break;
		points.push([degrees, activations.probabilities[digit]]);
		if (limit === null && predicted(activations) !== digit) limit = degrees;
	}
	return { points, limit: limit ?? HALF_TURN };
}

/**
 * How much of each layer changes when the input moves right by a pixel, as a part of its values.
 * @param {Answer} answer @param {string[]} names
 */
export function changes({ network, preprocessed }, names) {
	const [before, after] = [preprocessed, shift(preprocessed, 0, 1)].map(({ image }) => run(network, image));
	return names.map((name) => {
		const [old, now] = [before, after].map(({ layers }) => layers.get(name)?.values ?? new Float32Array());
		const change = old.reduce((sum, value, i) => sum + Math.abs(value - now[i]), 0);
		return change / (old.reduce((sum, value) => sum + Math.abs(value), 0) || 1);
	});
}
