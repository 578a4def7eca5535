// One of my digits, as files and the browser's storage have it: a drawing with its label.
import { parseDrawing } from "../engine/drawing.js";
import { Refused } from "../engine/refused.js";

/** @typedef {import("../types").MyDigit} MyDigit */

export const FORMAT = 1; // which it may say: lenet/digits/mine.py
const MOST_NAME = 40; // characters

/**
 * Check a digit. Throws Refused.
 * @param {any} drawing @param {string} name whose it is, unless it says so @returns {MyDigit}
 */
export function readDigit(drawing, name) {
	const { strokes, width } = parseDrawing(drawing);
	const { label, format = FORMAT } = drawing;
	if (format !== FORMAT) throw new Refused("mine.newer", { format: String(format) });
	if (strokes.length === 0) throw new Refused("mine.nothing_drawn");
	if (!Number.isInteger(label) || label < 0 || label > 9)
		throw new Refused("mine.label", {
			value: label === undefined ? { key: "mine.missing" } : JSON.stringify(label),
		});
	const given = typeof drawing.name === "string" ? drawing.name : name;
	return { label, strokes, width, name: given.trim().slice(0, MOST_NAME) };
}
