// Drawings from elsewhere, in any unit, on the sheet.
import { SHEET } from "../engine/geometry.js";

/** @typedef {import("../types").Point} Point */
/** @typedef {import("../types").Stroke} Stroke */

const FILLS = 0.7; // of the sheet, the longer side of a drawing that does not fit on it as it is

/** Strokes as they are if they lie on the sheet, else scaled into its middle. @param {Stroke[]} strokes */
export function onSheet(strokes) {
	const points = strokes.flat();
	const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
	const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
	const isOn = Math.min(left, top) >= 0 && Math.max(right, bottom) <= SHEET;
	const side = Math.max(right - left, bottom - top);
	if (isOn && side > SHEET / 10) return strokes;
	const scale = side > 0 ? (FILLS * SHEET) / side : 1;
	/** @param {Point} point @returns {Point} */
	const moved = ([x, y]) => [
		Math.round(SHEET / 2 + scale * (x - (left + right) / 2)),
		Math.round(SHEET / 2 + scale * (y - (top + bottom) / 2)),
	];
	return strokes.map((stroke) => stroke.map(moved));
}
