// What a reload of the page brings back: the drawing, and the model that reads it.

/** @typedef {import("./types").Ink} Ink */

const KEY = "lenet.pad"; // in sessionStorage

/** Keep them; of an example only that it was one. @param {Ink} ink @param {string} model */
export function keep(ink, model) {
	try {
		const kept = ink.example ? { strokes: [], example: true } : ink;
		sessionStorage.setItem(KEY, JSON.stringify({ ink: kept, model }));
	} catch {} // a full or forbidden storage only means that a reload forgets
}

/** What was kept, if it is what this file keeps. @returns {{ink: Ink, model: string} | null} */
export function recall() {
	try {
		const { ink, model } = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
		if (!ink.strokes.every(isStroke) || typeof model !== "string") return null;
		/** @type {Ink} */ const found = { strokes: ink.strokes };
		if (String(ink.picture).startsWith("data:image/")) found.picture = ink.picture;
		if (ink.example === true) found.example = true;
		return { ink: found, model };
	} catch {
		return null; // nothing was kept, or it is no ink, or storage is forbidden
	}
}

/** @param {any} stroke */
function isStroke(stroke) {
	return stroke.length > 0 && stroke.every((/** @type {any} */ [x, y]) => Number.isFinite(x + y));
}
