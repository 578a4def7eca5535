// The units of a map in the order in which a kernel slides over it: row after row. A layer without rows and columns is
// one such map.

/** @typedef {import("../types").Place} Place */
/** @typedef {import("../types").Step} Step */
/** @typedef {import("../types").Unit} Unit */

/** Rows and columns of a map. @param {Step} step @returns {[rows: number, columns: number]} */
function sizeOf({ output: [, rows = 1, columns = 1] }) {
	return [rows, columns];
}

/** How many units there are on the way. @param {Step} step */
export function countOf(step) {
	const [rows, columns] = sizeOf(step);
	return rows * columns > 1 ? rows * columns : step.output[0];
}

/** Which of them one is. @param {Step} step @param {Unit} unit */
export function indexOf(step, { is_spatial, map, row, column }) {
	return is_spatial ? (row - 1) * sizeOf(step)[1] + column - 1 : map - 1;
}

/**
 * The one at an index, on the way of another.
 * @param {Step} step @param {Unit} unit @param {number} index @returns {Place}
 */
export function placeAt(step, { is_spatial, layer, map }, index) {
	const [, columns] = sizeOf(step);
	return is_spatial ? [layer, map, Math.floor(index / columns) + 1, (index % columns) + 1] : [layer, index + 1, 1, 1];
}

/**
 * The window that a unit looks through, in rows and columns of its sources, and beyond their border.
 * @param {Step} step @param {Unit} unit @returns {[top: number, left: number, height: number, width: number]}
 */
export function windowAt({ kernel, stride, padding, input: [, rows = 1, columns = 1] }, { row, column }) {
	if (kernel === null) return [0, 0, rows, columns];
	const first = (/** @type {number} */ place) => (place - 1) * (stride ?? 1) - (padding ?? 0);
	return [first(row), first(column), kernel, kernel];
}

/**
 * The unit whose window has its middle at a point of the source.
 * @param {Step} step @param {number} y @param {number} x in its rows and columns
 * @returns {[row: number, column: number]} from 1
 */
export function unitAt(step, y, x) {
	const { kernel, stride, padding } = step;
	const [rows, columns] = sizeOf(step);
	const near = (/** @type {number} */ at, /** @type {number} */ count) => {
		const place = Math.round((at - (kernel ?? 0) / 2 + (padding ?? 0)) / (stride ?? 1));
		return Math.max(1, Math.min(count, place + 1));
	};
	return [near(y, rows), near(x, columns)];
}
