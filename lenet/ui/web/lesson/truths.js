// What became of a prediction: each takes what happened since the step began, and gives what it is held to; null as
// long as that is not known.
import { INPUT_SIDE } from "../engine/geometry.js";
import { predicted } from "../engine/network.js";
import { get } from "../store.js";
import { HALF_TURN, changes, rank, readStrokes, sharpest, turnCurve, unitOver } from "./measure.js";
import { drew, skipped, trained } from "./since.js";

/** @typedef {import("../types").Guess} Guess */
/** @typedef {import("../types").Since} Since */
/** @typedef {import("../types").Truth} Truth */

export const SURE = [0.5, 0.9, 0.99]; // how sure one may say that it will be
const MOST = 0.9; // of all values are less than one of the largest tenth
/** @type {WeakMap<Since, ReturnType<typeof turnCurve>>} measured once a step */ const curves = new WeakMap();
export const LAYERS = ["C1", "S2", "F6"]; // compared when the digit moves

/** What it answers. @returns {Truth | null} */
export function answer() {
	const { answer: now } = get("reading");
	if (!now || !drew()) return null;
	const probability = now.probabilities[now.digit];
	const off = SURE.map((share) => Math.abs(share - probability));
	const nearest = SURE[off.indexOf(Math.min(...off))];
	return {
		values: { digit: now.digit, probability },
		held: ({ digit }) => digit === now.digit,
		beside: ({ sure = nearest }) => (sure < nearest ? "surer" : sure > nearest ? "unsure" : null),
	};
}

/** Whether a drawing is read without its preprocessing as it is with it. @returns {Truth | null} */
export function stillRead() {
	const { answer: now } = get("reading");
	const { strokes } = get("ink");
	if (!now || !skipped()) return null;
	const prepared = readStrokes(now.network, strokes, false);
	if (!prepared) return null;
	const wanted = predicted(prepared);
	return {
		key: now.digit === wanted ? "yes" : "no",
		values: { digit: now.digit, wanted },
		held: ({ choice }) => (choice === "yes") === (now.digit === wanted),
	};
}

/** Where the values of the clearest kernel's map are largest. @returns {Truth | null} */
export function largest() {
	const { answer: now } = get("reading");
	const layer = now?.layers[0];
	if (!now || !layer) return null;
	const [, rows, columns] = layer.shape;
	const start = sharpest(now.network) * rows * columns;
	const map = layer.values.slice(start, start + rows * columns);
	const most = map.indexOf(Math.max(...map));
	const edge = (INPUT_SIDE - rows) / 2;
	return {
		place: [Math.floor(most / columns) + edge, (most % columns) + edge],
		values: {},
		held: ({ place }) => {
			const [row, column] = unitOver(...(place ?? [0, 0]), [rows, columns]);
			return rank(map, map[row * columns + column]) >= MOST;
		},
	};
}

/**
 * Which layer changes least when the digit of the step's beginning moves by a pixel.
 * @param {Since} since @returns {Truth | null}
 */
export function steadiest({ answer: before }) {
	if (!before || !get("options").shift) return null;
	const shares = changes(before, LAYERS);
	const least = LAYERS[shares.indexOf(Math.min(...shares))];
	return {
		values: { least, first: shares[0], second: shares[1], last: shares[2] },
		held: ({ choice }) => choice === least,
	};
}

/** Which code F6 is second nearest to, as long as the network of 1998 reads. @returns {Truth | null} */
export function secondCode() {
	const { answer: now } = get("reading");
	if (!now || now.model.network !== "lenet5-1998") return null;
	const distances = [...(now.layers.at(-1)?.values ?? [])];
	const [nearest, second] = [...distances.keys()].sort((a, b) => distances[a] - distances[b]);
	return { values: { nearest, second }, held: ({ digit }) => digit === second };
}

/**
 * How far the digit of the step's beginning can be turned.
 * @param {Since} since @param {Guess} guess @returns {Truth | null}
 */
export function turn(since, { near = 0 }) {
	const now = since.answer;
	if (!now || since.ink.strokes.length === 0) return null;
	const curve = curves.get(since) ?? turnCurve(now.network, since.ink.strokes, now.digit);
	curves.set(since, curve);
	const { points, limit } = curve;
	return {
		key: limit === HALF_TURN ? "never" : "limit",
		values: { digit: now.digit, limit },
		curve: points,
		held: ({ amount = 0 }) => Math.abs(amount - limit) <= near,
	};
}

/**
 * How many of 100 test digits are read after the training.
 * @param {Since} since @param {Guess} guess @returns {Truth | null}
 */
export function readOf100(since, { near = 0 }) {
	const training = get("training");
	const accuracy = training && find(training.message, "accuracy");
	if (!training || !trained(since) || typeof accuracy !== "number") return null;
	const total = find(training.message, "total") ?? 0;
	return { values: { accuracy, total }, held: ({ amount = 0 }) => Math.abs(amount - 100 * accuracy) <= near };
}

/**
 * A value of a message, or of one in it.
 * @param {import("../types").Value} message @param {string} name @returns {import("../types").Value | undefined}
 */
function find(message, name) {
	if (typeof message !== "object" || Array.isArray(message)) return undefined;
	const { values = {} } = message;
	return (
		values[name] ??
		Object.values(values)
			.map((value) => find(value, name))
			.find((value) => value !== undefined)
	);
}
