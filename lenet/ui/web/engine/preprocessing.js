// A drawing -> the input and the stages on the way there: lenet/digits/preprocessing.py. The bytes are the same.
import {
	CENTRE_OF_MASS, IMAGE_SIDE, INPUT_SIDE, MARGIN, PAD_PEN, SHEET,
} from "./geometry.js"; // prettier-ignore
import { draw, drawBox, drawDigit, round } from "./raster.js";

/** @typedef {import("./types").Preprocessed} Preprocessed */
/** @typedef {import("./types").Stage} Stage */
/** @typedef {import("./types").Stroke} Stroke */
/** @typedef {import("./types").Grey} Grey */
/** @typedef {import("./raster.js").Place} Place */
/** @typedef {import("./raster.js").Placed} Placed */

const STAGE_SIDE = 40; // pixels, longer side of the stages before the digit is scaled

/**
 * The input that strokes on the sheet become; null if there are none. With `raw`, the whole sheet is shrunk instead.
 * @param {Stroke[]} strokes @param {boolean} raw @param {number | null} width of the pen @returns {Preprocessed | null}
 */
export function preprocessDrawing(strokes, raw = false, width = null) {
	if (strokes.length === 0) return null;
	const original = () => stage("original", drawSheet(strokes, STAGE_SIDE));
	if (raw) return finish("shrunk", drawSheet(strokes, IMAGE_SIDE), () => [original()]);
	const scaled = drawDigit(strokes, width);
	const cropped = () => stage("cropped", drawBox(strokes, STAGE_SIDE, PAD_PEN));
	const [top, left] = offset(scaled);
	return finish("centred", paste(scaled, top, left, IMAGE_SIDE), () => [
		original(),
		cropped(),
		stage("scaled", scaled),
	]);
}

/**
 * The input of an MNIST image, which is one already, and what it would have been on its way.
 * @param {Uint8Array} values of 28x28 pixels @param {boolean} raw @returns {Preprocessed}
 */
export function preprocessImage(values, raw = false) {
	const image = { rows: IMAGE_SIDE, columns: IMAGE_SIDE, values };
	const placed = { ...image, scale: IMAGE_SIDE / SHEET, left: 0, top: 0 };
	if (raw) return finish("shrunk", placed, () => [stage("original", image)]);
	return finish("centred", placed, () => {
		const digit = crop(image);
		return [stage("original", image), stage("cropped", digit), stage("scaled", digit)];
	});
}

/**
 * The input moved by whole pixels, paper coming after.
 * @param {Preprocessed} input @param {number} down @param {number} right @returns {Preprocessed}
 */
export function shift({ image, colours, placement, stages }, down, right) {
	/** @param {Uint8Array} grey */
	const moved = (grey) => {
		const at = (/** @type {number} */ row, /** @type {number} */ column) =>
			[row, column].every((place) => place >= 0 && place < INPUT_SIDE) ? grey[row * INPUT_SIDE + column] : 0;
		return grey.map((_, i) => at(Math.floor(i / INPUT_SIDE) - down, (i % INPUT_SIDE) - right));
	};
	const size = INPUT_SIDE ** 2;
	const channels = colours && [0, 1, 2].flatMap((i) => [...moved(colours.subarray(i * size, (i + 1) * size))]);
	return {
		image: moved(image),
		colours: channels && Uint8Array.from(channels),
		placement: { ...placement, left: placement.left + right, top: placement.top + down },
		stages,
	};
}

/** @param {string} name of the last stage, 28x28 @param {Placed} last @param {() => Stage[]} earlier */
function finish(name, last, earlier) {
	const padded = paste(last, MARGIN, MARGIN, INPUT_SIDE);
	/** @type {Stage[] | undefined} */ let stages; // drawn only if someone looks at them
	return {
		image: padded.values,
		colours: null,
		placement: { scale: padded.scale, left: padded.left, top: padded.top },
		stages: () => (stages ??= [...earlier(), stage(name, last)]),
	};
}

/** @param {string} name @param {Grey} grey @returns {Stage} */
const stage = (name, { rows, columns, values }) => ({ name, rows, columns, values });

/** The whole sheet in `side` x `side` pixels. @param {Stroke[]} strokes @param {number} side */
function drawSheet(strokes, side) {
	const scale = side / SHEET;
	return draw(strokes, side, side, PAD_PEN * scale, { scale, left: 0, top: 0 });
}

/**
 * The row and column of 28x28 at which a digit begins for its centre of mass to fall on the centre.
 * @param {Grey} grey @returns {[top: number, left: number]}
 */
function offset({ rows, columns, values }) {
	let [mass, down, right] = [0, 0, 0];
	values.forEach((ink, i) => {
		mass += ink;
		down += ink * Math.floor(i / columns);
		right += ink * (i % columns);
	});
	/** @param {number} moment @param {number} size */
	const start = (moment, size) =>
		Math.min(Math.max(round(CENTRE_OF_MASS - MARGIN - moment / mass), 0), IMAGE_SIDE - size);
	return [start(down, rows), start(right, columns)];
}

/** Surround pixels with paper. @param {Placed} grey @param {number} top @param {number} left @param {number} side */
function paste(grey, top, left, side) {
	const values = new Uint8Array(side * side);
	for (let row = 0; row < grey.rows; row++) {
		const line = grey.values.subarray(row * grey.columns, (row + 1) * grey.columns);
		values.set(line, (top + row) * side + left);
	}
	return { rows: side, columns: side, values, scale: grey.scale, left: grey.left + left, top: grey.top + top };
}

/** The box of the ink. @param {Grey} grey @returns {Grey} */
function crop({ rows, columns, values }) {
	let [top, bottom, left, right] = [rows, -1, columns, -1];
	values.forEach((ink, i) => {
		if (!ink) return;
		const [row, column] = [Math.floor(i / columns), i % columns];
		[top, bottom] = [Math.min(top, row), Math.max(bottom, row)];
		[left, right] = [Math.min(left, column), Math.max(right, column)];
	});
	const lines = [];
	for (let row = top; row <= bottom; row++)
		lines.push(...values.subarray(row * columns + left, row * columns + right + 1));
	return { rows: bottom - top + 1, columns: right - left + 1, values: Uint8Array.from(lines) };
}
