// What "Show me" does in the learner's place, on the page itself.
import { SHEET } from "../engine/geometry.js";
import { descend, gradientsOf } from "../engine/learning.js";
import { ranked } from "../engine/network.js";
import { examples } from "../examples.js";
import { begin, end, extend, show } from "../ink.js";
import { usualRate } from "../learning/panel.js";
import { get, set, update } from "../store.js";
import { thresholdOf } from "../threshold.js";
import { HALF_TURN, cornered, sharpest, turned } from "./measure.js";

/** @typedef {import("../types").Place} Place */
/** @typedef {import("../types").Stroke} Stroke */

const PACE = 24; // milliseconds between two points that are drawn
const LOOK = 900; // milliseconds between two things that are shown one after the other
const TURN = 5; // degrees at a time
const [FOOLING, FOOLING_TURN] = [5, 150]; // an example that, turned so far, is read as a 9
const SMALL = 0.4; // of the sheet
const HAND = 4; // the example that is drawn

const NOTHING = () => {};
let halt = NOTHING;

/** End what is being shown. */
export const stop = () => halt();

/**
 * Go on after a while; if somebody ends it before, finish at once and throw.
 * @param {number} time milliseconds @param {() => void} finish
 */
function pause(time, finish = NOTHING) {
	return new Promise((proceed, fail) => {
		const timer = setTimeout(() => {
			halt = NOTHING;
			proceed(null);
		}, time);
		halt = () => {
			halt = NOTHING;
			clearTimeout(timer);
			finish();
			fail(new Stopped());
		};
	});
}

/** What is being shown was ended. */
export class Stopped extends Error {}

const still = matchMedia("(prefers-reduced-motion: reduce)");

/** The strokes on the pad, or an example's if there are none. */
export function strokesOrExample() {
	const { strokes } = get("ink");
	return strokes.length ? strokes : examples[HAND].strokes;
}

/** Draw strokes as a hand would; ended early, they stand there at once. @param {Stroke[]} strokes */
async function drawStrokes(strokes) {
	if (still.matches) return show({ strokes });
	const finish = () => {
		end();
		show({ strokes });
	};
	show({ strokes: [] });
	for (const [first, ...rest] of strokes) {
		if (!begin(first)) return;
		for (const point of rest) {
			await pause(PACE, finish);
			extend([point]);
		}
		end();
	}
}

/** Draw once more what is on the pad, or an example. */
export const drawAgain = () => drawStrokes(strokesOrExample());

/** Draw small in a corner, and skip the preprocessing. */
export async function drawInCorner() {
	await drawStrokes(cornered(strokesOrExample(), SMALL));
	update("options", { raw: true });
}

/** Pin a unit. @param {Place} place */
const pin = (place) => set("pin", place);

/** Work out the middle unit of the map whose kernel has the clearest direction. */
export function beginSliding() {
	const { answer } = get("reading");
	if (!answer) return;
	const [{ name, output }] = answer.network.plan.steps;
	pin([name, sharpest(answer.network) + 1, Math.floor(output[1] / 2), 3]);
	set("sliding", true);
}

/** Let the kernel slide. */
export const play = () => /** @type {HTMLElement | null} */ (document.querySelector(".part.sliding .play"))?.click();

export async function pinTwo() {
	pin(["C1", 1, 10, 10]);
	await pause(LOOK);
	pin(["C1", 1, 18, 18]);
}

export const moveInput = () => update("options", { shift: [0, 1] });

export async function takeApart() {
	pin(["C3", 1, 5, 5]);
	await pause(LOOK);
	update("options", { muted: { layer: "S2", map: 1 } });
}

/** To the network of 1998, and back once it has read. */
export async function visit1998() {
	const home = get("model");
	const comeBack = () => get("model") === "lenet5-1998" && set("model", home);
	set("model", "lenet5-1998");
	await pause(4 * LOOK, comeBack);
	comeBack();
}

export async function moveThreshold() {
	for (const threshold of [0.6, 0.9, 1]) {
		set("threshold", threshold);
		await pause(LOOK);
	}
}

/** Turn what is drawn until it is read as something else for certain; or a digit with which that works. */
export async function turnUntilFooled() {
	const first = get("reading").answer;
	const strokes = strokesOrExample();
	for (let degrees = TURN; degrees <= HALF_TURN && first; degrees += TURN) {
		showTurned(strokes, degrees);
		await pause(LOOK / 6);
		const { answer } = get("reading");
		if (answer && answer.digit !== first.digit && answer.confidence >= thresholdOf(answer.model)) return;
	}
	showTurned(examples[FOOLING].strokes, FOOLING_TURN);
}

/** Put strokes on the pad, turned, as far as they stay on it. @param {Stroke[]} strokes @param {number} degrees */
export function showTurned(strokes, degrees) {
	show({ strokes: turned(strokes, degrees).map((stroke) => stroke.map(inside)) });
}

/** @param {import("../types").Point} point @returns {import("../types").Point} */
const inside = ([x, y]) => [Math.max(0, Math.min(SHEET, x)), Math.max(0, Math.min(SHEET, y))];

/** One pass over the sample. */
export function trainOnce() {
	const seed = 1 + Math.floor(9999 * Math.random()); // else the second learner sees the run of the first
	set("panel", "train");
	set("settings", { network: "lenet5", data: "sample", epochs: 1, seed });
}

/** Say that it should have been the runner-up, take one step, and undo it. */
export async function stepAndBack() {
	set("panel", "step");
	const { answer } = get("reading");
	if (!answer) return;
	const { network, activations, probabilities } = answer;
	const [, second] = ranked(probabilities);
	set("wanted", second);
	await pause(2 * LOOK);
	const before = get("steps");
	const undo = () => set("steps", before);
	set("steps", [...before, descend(network, gradientsOf(network, activations, second), usualRate(network))]);
	await pause(2 * LOOK, undo);
	undo();
}
