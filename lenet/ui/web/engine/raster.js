// Lines of a pen -> grey pixels, operation by operation as lenet/digits/raster.py, which says why: the same bytes.
import { DIGIT_SIDE, STROKE, THINNEST_PEN } from "./geometry.js";

/** @typedef {import("./types").Stroke} Stroke */
/** @typedef {import("./types").Grey} Grey */
/** Pixel edge = scale * unit + left or top. @typedef {{scale: number, left: number, top: number}} Place */
/** @typedef {Grey & Place} Placed */

const DOT = 1e-9; // of the largest coordinate: a drawing no larger than this is a dot
const SLACK = 1e-9; // pixels by which rounding errors may pass a whole number of pixels

/** Round to the nearest whole number, halves to the even one, as Python does. @param {number} x */
export function round(x) {
	const down = Math.floor(x);
	const rest = x - down;
	return rest < 0.5 || (rest === 0.5 && down % 2 === 0) ? down : down + 1;
}

/**
 * Draw at least one stroke with a pen of `pen` pixels, each unit `scale` pixels from (left, top).
 * @param {Stroke[]} strokes @param {number} rows @param {number} columns @param {number} pen @param {Place} place
 * @returns {Placed}
 */
export function draw(strokes, rows, columns, pen, { scale, left, top }) {
	const nearest = new Float64Array(rows * columns).fill(Infinity); // squared distances
	const reach = pen / 2 + 0.5; // a pixel further than this from a line stays paper
	for (const stroke of strokes) {
		for (let i = 0; i < Math.max(1, stroke.length - 1); i++) {
			const [start, end] = [stroke[i], stroke[i + 1] ?? stroke[i]];
			const [x0, y0] = [start[0] * scale + left, start[1] * scale + top];
			const [x1, y1] = [end[0] * scale + left, end[1] * scale + top];
			measure(nearest, rows, columns, reach, x0, y0, x1, y1);
		}
	}
	const values = new Uint8Array(rows * columns);
	for (let i = 0; i < values.length; i++) {
		const ink = Math.min(1, Math.max(0, pen / 2 + 0.5 - Math.sqrt(nearest[i])));
		values[i] = Math.floor(255 * ink + 0.5);
	}
	return { rows, columns, values, scale, left, top };
}

/**
 * Note where the line from (x0, y0) to (x1, y1) is nearer than what was noted.
 * @param {Float64Array} nearest @param {number} rows @param {number} columns @param {number} reach
 * @param {number} x0 @param {number} y0 @param {number} x1 @param {number} y1
 */
function measure(nearest, rows, columns, reach, x0, y0, x1, y1) {
	const [across, down] = [x1 - x0, y1 - y0];
	const length = across * across + down * down;
	const divisor = length === 0 ? 1 : length;
	const firstColumn = Math.max(0, Math.floor(Math.min(x0, x1) - reach - 0.5));
	const lastColumn = Math.min(columns - 1, Math.ceil(Math.max(x0, x1) + reach - 0.5));
	const firstRow = Math.max(0, Math.floor(Math.min(y0, y1) - reach - 0.5));
	const lastRow = Math.min(rows - 1, Math.ceil(Math.max(y0, y1) + reach - 0.5));
	for (let row = firstRow; row <= lastRow; row++) {
		for (let column = firstColumn; column <= lastColumn; column++) {
			const [right, below] = [column + 0.5 - x0, row + 0.5 - y0];
			const along = Math.min(1, Math.max(0, (right * across + below * down) / divisor));
			const [x, y] = [right - along * across, below - along * down];
			const squared = x * x + y * y;
			if (squared < nearest[row * columns + column]) nearest[row * columns + column] = squared;
		}
	}
}

/**
 * Draw at least one stroke into its bounding box, whose longer side is 20 pixels, as MNIST's digits are.
 * @param {Stroke[]} strokes @param {number | null} width of the pen in their unit; null: as wide as MNIST's strokes
 * @returns {Placed}
 */
export function drawDigit(strokes, width) {
	const [low, high] = bounds(strokes);
	let extent = [high[0] - low[0], high[1] - low[1]];
	let longer = Math.max(...extent);
	const largest = Math.max(...low.map(Math.abs), ...high.map(Math.abs));
	if (longer < DOT * Math.max(1, largest)) [extent, longer] = [[0, 0], 0]; // nothing but rounding errors
	let [pen, scale] = [STROKE, 1];
	if (longer > 0 && width === null) scale = (DIGIT_SIDE - STROKE) / longer;
	else if (longer > 0 && width !== null) {
		pen = Math.max(THINNEST_PEN, (DIGIT_SIDE * width) / (longer + width));
		scale = (DIGIT_SIDE - pen) / longer;
	}
	const [columns, rows] = extent.map((side) => Math.max(1, Math.ceil(side * scale + pen - SLACK)));
	const left = (columns - extent[0] * scale) / 2 - low[0] * scale; // in the middle of whole pixels
	const top = (rows - extent[1] * scale) / 2 - low[1] * scale;
	return draw(strokes, rows, columns, pen, { scale, left, top });
}

/**
 * Draw at least one stroke with a pen of `pen` units into its bounding box, `side` pixels on the longer side.
 * @param {Stroke[]} strokes @param {number} side @param {number} pen @returns {Placed}
 */
export function drawBox(strokes, side, pen) {
	const [least, most] = bounds(strokes);
	const [low, high] = [least.map((value) => value - pen / 2), most.map((value) => value + pen / 2)];
	const extent = [high[0] - low[0], high[1] - low[1]];
	const scale = side / Math.max(...extent);
	const [columns, rows] = extent.map((length) => Math.max(1, round(length * scale)));
	return draw(strokes, rows, columns, pen * scale, { scale, left: -low[0] * scale, top: -low[1] * scale });
}

/** The smallest and the largest coordinates. @param {Stroke[]} strokes @returns {[low: number[], high: number[]]} */
function bounds(strokes) {
	const low = [Infinity, Infinity];
	const high = [-Infinity, -Infinity];
	for (const stroke of strokes) {
		for (const point of stroke) {
			for (const axis of [0, 1]) {
				low[axis] = Math.min(low[axis], point[axis]);
				high[axis] = Math.max(high[axis], point[axis]);
			}
		}
	}
	return [low, high];
}
