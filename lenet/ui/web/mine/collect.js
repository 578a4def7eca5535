// Collecting digits: the page asks for one after the other, and takes each as soon as the pen has rested for a moment.
import { clear, isDrawn } from "../ink.js";
import { get, listen, set } from "../store.js";
import { thresholdOf } from "../threshold.js";
import { add, find, remove } from "./shelf.js";

/** @typedef {import("../types").Collected} Collected */
/** @typedef {import("../types").Collecting} Collecting */

const EACH = 2; // digits of a class
const REST = 900; // milliseconds without a pen down, after which a digit is complete

/** @type {number[]} still to come */ let queue = [];
/** @type {Collected[]} */ let found = [];
/** @type {(collected: Collected[]) => void} */ let tell = () => {};
/** @type {ReturnType<typeof setTimeout> | undefined} */ let rest;

/** Begin. @param {(collected: Collected[]) => void} told hears what was collected, at the end */
export function collect(told) {
	const all = [...Array(10 * EACH).keys()].map((number) => number % 10);
	[queue, found, tell] = [shuffled(all), [], told];
	if (isDrawn()) clear();
	next();
}

/** Stop before all are there; what was drawn stays on the shelf. */
export function endCollecting() {
	clearTimeout(rest);
	set("collecting", null);
	tell(found);
}

/** Take the last digit off the shelf, and ask for it again. */
export function takeBack() {
	const last = found.pop();
	if (!last) return;
	const there = find(last.digit.strokes);
	if (there) remove(there);
	queue.unshift(last.digit.label);
	clear();
	next();
}

function next() {
	if (queue.length === 0) return endCollecting();
	const total = queue.length + found.length;
	set("collecting", { wanted: queue[0], done: found.length, total });
}

/** Take what is on the pad, unless the pen is down. */
function take() {
	const { strokes } = get("ink");
	const { answer } = get("reading");
	const label = queue[0];
	if (!get("collecting") || get("drawing") || strokes.length === 0 || !answer) return;
	if (!add(label, strokes)) return endCollecting();
	const digit = find(strokes);
	if (!digit) return;
	const { digit: predicted, probabilities, confidence, model } = answer;
	const rejected = confidence < thresholdOf(model);
	queue.shift();
	found.push({ digit, predicted, probability: probabilities[predicted], rejected });
	clear();
	next();
}

listen("drawing", (down) => {
	clearTimeout(rest);
	if (get("collecting") && !down) rest = setTimeout(take, REST);
});

/** In a random order, no digit twice in a row if that can be helped. @param {number[]} digits */
function shuffled(digits) {
	const left = [...digits];
	/** @type {number[]} */ const order = [];
	while (left.length) {
		const other = left.filter((digit) => digit !== order[order.length - 1]);
		const pool = other.length ? other : left;
		const digit = pool[Math.floor(Math.random() * pool.length)];
		order.push(digit);
		left.splice(left.indexOf(digit), 1);
	}
	return order;
}
