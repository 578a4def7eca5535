// What is a drawing, and what is refused: the rules of lenet/digits/strokes.py, in the same order.
import { Refused } from "./refused.js";

/** @typedef {import("./types").Stroke} Stroke */

export const MOST_STROKES = 200;
export const MOST_POINTS = 2_000;
const LARGEST = 1_000_000; // coordinate
const SHOWN = 40; // characters of a value that is refused

/**
 * Check `{strokes: [[[x, y], ...], ...], width}`; strokes without points are left out.
 * @param {any} message @returns {{strokes: Stroke[], width: number | null}}
 */
export function parseDrawing(message) {
	if (!isObject(message) || !Array.isArray(message.strokes)) throw new Refused("drawing.form");
	const strokes = message.strokes.filter((/** @type {any} */ stroke) => !Array.isArray(stroke) || stroke.length > 0);
	if (strokes.length > MOST_STROKES)
		throw new Refused("drawing.strokes", { number: strokes.length, limit: MOST_STROKES });
	const count = (/** @type {any} */ stroke) => (Array.isArray(stroke) ? stroke.length : 1);
	const points = strokes.reduce((/** @type {number} */ sum, /** @type {any} */ stroke) => sum + count(stroke), 0);
	if (points > MOST_POINTS) throw new Refused("drawing.points", { number: points, limit: MOST_POINTS });
	const width = message.width ?? null;
	if (width !== null && !(Number.isFinite(width) && width > 0 && width <= LARGEST))
		throw new Refused("drawing.width", { value: shown(width), limit: LARGEST });
	strokes.forEach(checkStroke);
	return { strokes, width };
}

/** @param {any} stroke */
function checkStroke(stroke) {
	if (!Array.isArray(stroke)) throw new Refused("drawing.stroke", { value: shown(stroke) });
	for (const point of stroke) {
		if (!(Array.isArray(point) && point.length === 2 && point.every(Number.isFinite)))
			throw new Refused("drawing.point", { value: shown(point) });
		if (Math.max(...point.map(Math.abs)) > LARGEST)
			throw new Refused("drawing.coordinate", { value: shown(point), limit: LARGEST });
	}
}

/** @param {any} value */
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** A value as JSON, cut short. @param {any} value */
function shown(value) {
	const text = JSON.stringify(value);
	return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
