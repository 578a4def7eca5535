// What networks make of the test digits: some at a time, so that a drawing is never kept waiting.
import { wait } from "../ask.js";
import { run } from "../engine/network.js";

/** @typedef {import("../engine/network.js").Network} Network */
/** @typedef {import("./digits.js").Digits} Digits */
/** Probabilities of all digits, ten each, and confidences, of the first `done`. */
/** @typedef {{probabilities: Float32Array, confidence: Float32Array, done: number}} Readings */

const SLICE = 8; // milliseconds of work before the page has its turn: half a frame

/** @param {Digits} digits @returns {Readings} */
export function noReadings({ total }) {
	return { probabilities: new Float32Array(10 * total), confidence: new Float32Array(total), done: 0 };
}

/**
 * Read as many more digits as a moment allows.
 * @param {Network} network @param {Digits} digits @param {Readings} readings
 */
export async function readSome(network, digits, readings) {
	const end = performance.now() + SLICE;
	while (readings.done < digits.total && performance.now() < end) {
		const { probabilities, confidence } = run(network, digits.input(readings.done));
		readings.probabilities.set(probabilities, 10 * readings.done);
		readings.confidence[readings.done++] = confidence;
	}
	await wait(0);
}

/** Read all digits. @param {Network} network @param {Digits} digits */
export async function readAll(network, digits, readings = noReadings(digits)) {
	while (readings.done < digits.total) await readSome(network, digits, readings);
	return readings;
}
