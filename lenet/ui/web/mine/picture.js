// One of my digits as black ink on white: the input that it becomes.
import { el, paint } from "../dom.js";
import { INPUT_SIDE } from "../engine/geometry.js";
import { inputOfDigit } from "./shelf.js";

/** @param {import("../types").MyDigit} digit */
export function pictureOf(digit) {
	const canvas = el("canvas", { width: INPUT_SIDE, height: INPUT_SIDE, "aria-hidden": "true" });
	const image = inputOfDigit(digit);
	paint(canvas, (i) => 0xff000000 | (0x010101 * (255 - image[i])));
	return canvas;
}
