// The drawing, and all ways to change it. Every sheet of the page draws through these, so undo knows them all.
import { MOST_POINTS, MOST_STROKES } from "./engine/drawing.js";
import { get, set } from "./store.js";

/** @typedef {import("./types").Ink} Ink */
/** @typedef {import("./types").Point} Point */

const STEP = 4; // points closer than this to the last one are left out
const MOST_STEPS = 500; // back, so that a long visit does not fill the memory

/** @type {Ink[]} */ let past = [];
/** @type {Ink[]} */ let future = [];

/** Whether something is drawn. */
export const isDrawn = ({ strokes, picture, image } = get("ink")) => strokes.length > 0 || Boolean(picture ?? image);
export const canUndo = () => past.length > 0;
export const canRedo = () => future.length > 0;

/** What the visitor drew: the example that the page begins with is nobody's. @returns {Ink} */
function own() {
	const ink = get("ink");
	return ink.example ? { strokes: [] } : ink;
}

/** The drawing is complete: with the next stroke another one begins. */
export function finish() {
	const ink = get("ink");
	if (!ink.finished) set("ink", { ...ink, finished: true });
}

/** Put something else on the sheet. @param {Ink} ink */
export function show(ink) {
	past = [...past, own()].slice(-MOST_STEPS);
	future = [];
	set("ink", ink);
}

export function clear() {
	if (get("ink").example) restore({ strokes: [] });
	else if (isDrawn()) show({ strokes: [] });
}

export const undo = () => step(past, future);
export const redo = () => step(future, past);

/** Step through the history. @param {Ink[]} from @param {Ink[]} to */
function step(from, to) {
	const next = from.pop();
	if (!next) return;
	to.push(get("ink"));
	set("ink", next);
}

/**
 * Begin a stroke; on a picture, an example or a finished drawing, a new one.
 * @param {Point} point @returns whether it may begin
 */
export function begin(point) {
	const strokes = get("ink").finished ? [] : own().strokes;
	if (strokes.length >= MOST_STROKES) return false;
	set("drawing", true);
	show({ strokes: thinned([...strokes, [point]]) });
	return true;
}

/** Lengthen the stroke that was begun. @param {Point[]} points */
export function extend(points) {
	if (!get("drawing")) return;
	const { strokes } = get("ink");
	const stroke = [...strokes[strokes.length - 1]];
	for (const [x, y] of points) {
		const [lastX, lastY] = stroke[stroke.length - 1];
		if (Math.hypot(x - lastX, y - lastY) >= STEP) stroke.push([x, y]);
	}
	set("ink", { strokes: thinned([...strokes.slice(0, -1), stroke]) });
}

/**
 * Leave out every other point as long as there are too many: they lie so close that nobody sees it.
 * @param {Point[][]} strokes @returns {Point[][]}
 */
function thinned(strokes) {
	if (strokes.reduce((sum, stroke) => sum + stroke.length, 0) <= MOST_POINTS) return strokes;
	return thinned(
		strokes.map((stroke) => stroke.filter((_, place) => place % 2 === 0 || place === stroke.length - 1)),
	);
}

export function end() {
	set("drawing", false);
}

/** Begin with what was kept from before a reload, or with an example: there is no way back from it. @param {Ink} ink */
export function restore(ink) {
	[past, future] = [[], []];
	set("ink", ink);
}
