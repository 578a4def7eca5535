// What this browser keeps of the lesson: the step, and the predictions. They go nowhere else.

/** @typedef {import("../types").Guessed} Guessed */
/** @typedef {{step: number, guesses: Record<string, Guessed>}} Kept */

const KEY = "lenet.lesson"; // in localStorage

/** @returns {Kept} */
export function recall() {
	try {
		const { step, guesses } = JSON.parse(localStorage.getItem(KEY) ?? "null");
		const whole = Object.entries(guesses).filter(
			([, one]) => typeof (/** @type {any} */ (one)?.held) === "boolean",
		);
		return { step: Number.isInteger(step) ? step : 1, guesses: Object.fromEntries(whole) };
	} catch {
		return { step: 1, guesses: {} }; // nothing was kept, or it is something else, or storage is forbidden
	}
}

/** @param {Kept} kept */
export function keep(kept) {
	try {
		localStorage.setItem(KEY, JSON.stringify(kept));
	} catch {} // a forbidden or full storage only means that another visit begins anew
}
