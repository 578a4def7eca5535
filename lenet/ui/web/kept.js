// What a reload of the page brings back: the drawing, and the model that reads it.
import { parseDrawing } from "./engine/drawing.js";
import { IMAGE_SIDE } from "./engine/geometry.js";
import { embedded } from "./view.js";

/** @typedef {import("./types").Ink} Ink */

const KEY = "lenet.pad"; // in sessionStorage

/**
 * Keep them; of an example only that it was one. A framed page keeps nothing: others of ours may stand beside it.
 * @param {Ink} ink @param {string} model
 */
export function keep(ink, model) {
	if (embedded) return;
	try {
		const kept = ink.example ? { strokes: [], example: true } : ink;
		sessionStorage.setItem(KEY, JSON.stringify({ ink: kept, model }));
	} catch {} // a full or forbidden storage only means that a reload forgets
}

/** What was kept, if it is what this file keeps. @returns {{ink: Ink, model: string} | null} */
export function recall() {
	if (embedded) return null;
	try {
		const { ink, model } = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
		if (typeof model !== "string") return null;
		const { strokes } = parseDrawing(ink);
		if (strokes.length < ink.strokes.length) return null; // no stroke of the page's is empty
		/** @type {Ink} */ const found = { strokes };
		if (String(ink.picture).startsWith("data:image/")) found.picture = ink.picture;
		if (typeof ink.image === "string" && atob(ink.image).length === IMAGE_SIDE ** 2) found.image = ink.image;
		for (const flag of /** @type {const} */ (["example", "chosen", "finished"]))
			if (ink[flag] === true) found[flag] = true;
		return { ink: found, model };
	} catch {
		return null; // nothing was kept, or it is no ink, or storage is forbidden
	}
}
