// The digits that this page tests with: those of the sample that nothing was trained on.
import { IMAGE_SIDE, INPUT_SIDE, MARGIN } from "../engine/geometry.js";

const AREA = IMAGE_SIDE ** 2;

/**
 * `pixels` are those of the MNIST image, `input` the same with its margin.
 * @typedef {{total: number, labels: Uint8Array, pixels: (index: number) => Uint8Array,
 *   input: (index: number) => Uint8Array}} Digits
 */

/** @type {Promise<Digits> | null} */ let coming = null;

/** Load them, once. @returns {Promise<Digits>} */
export function loadDigits() {
	coming ??= fetchDigits().catch((error) => {
		coming = null; // so that it is tried again
		throw error;
	});
	return coming;
}

/** @returns {Promise<Digits>} */
async function fetchDigits() {
	const { body, ok } = await fetch(new URL("../digits.bin", import.meta.url));
	if (!ok || !body) throw new Error("no digits here");
	const all = new Uint8Array(await new Response(body.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer());
	const total = all.length / (1 + AREA); // labels, then images
	const pixels = (/** @type {number} */ index) => all.subarray(total + index * AREA, total + (index + 1) * AREA);
	return { total, labels: all.subarray(0, total), pixels, input: (index) => withMargin(pixels(index)) };
}

/** @param {Uint8Array} pixels */
function withMargin(pixels) {
	const input = new Uint8Array(INPUT_SIDE ** 2);
	for (let row = 0; row < IMAGE_SIDE; row++) {
		const line = pixels.subarray(row * IMAGE_SIDE, (row + 1) * IMAGE_SIDE);
		input.set(line, (row + MARGIN) * INPUT_SIDE + MARGIN);
	}
	return input;
}
