// A drawing as a few letters of an address. Of 200 pen digits as the pad holds them, 49 points on average, it takes 147
// letters on average, and 308 at most; an MNIST image takes 278 on average (tests/browser/test_link_codec.py).
//
//     kind, 1 byte      0: strokes in units of the sheet, 1: strokes in 64ths of one, 2: an image of 28x28 pixels
//     strokes           each: its number of points; of each point how far it lies from the one before, x and y
//     image             over and over: how many pixels are paper, how many are not, and a byte for each of these
//     checksum, 3 bytes
//
// Numbers have 7 bits a byte, the lowest first. What the pad draws is whole units, and comes back as it was; what was
// imported with fractions is rounded to 64ths of a unit, which is a three-thousandth of the input's pixel.
import { MOST_POINTS, MOST_STROKES, parseDrawing } from "../engine/drawing.js";
import { IMAGE_SIDE } from "../engine/geometry.js";

/** @typedef {import("../types").Ink} Ink */
/** @typedef {import("../types").Stroke} Stroke */

const UNITS = [1, 64]; // parts of a unit, by kind
const IMAGE = 2; // kind
const CHECK = 3; // bytes
const LONGEST = 40_000; // letters: 2,000 points that are far apart in 64ths have fewer
const MOST_BITS = 35; // of a number

/** An ink's letters; a photo has none, and is left out. @param {Ink} ink */
export function packInk({ strokes, image }) {
	if (image) return toLetters([IMAGE, ...packImage(fromBase64(image))]);
	const kind = strokes.flat(2).every(Number.isInteger) ? 0 : 1;
	/** @type {number[]} */ const bytes = [kind];
	let last = [0, 0];
	for (const stroke of strokes) {
		write(bytes, stroke.length);
		for (const point of stroke) {
			const now = point.map((value) => Math.round(value * UNITS[kind]));
			now.forEach((value, axis) => writeSigned(bytes, value - last[axis]));
			last = now;
		}
	}
	return toLetters(bytes);
}

/**
 * The ink of letters. Throws where they are damaged, or more than a pad can hold.
 * @param {string} letters @returns {Ink}
 */
export function unpackInk(letters) {
	const reader = makeReader(fromLetters(letters));
	const kind = reader.byte();
	if (kind === IMAGE) return { strokes: [], image: unpackImage(reader) };
	if (!(kind in UNITS)) throw new Error("no such kind");
	/** @type {Stroke[]} */ const strokes = [];
	const last = [0, 0];
	while (!reader.isOver()) {
		const count = reader.number();
		if (count === 0 || count > MOST_POINTS || strokes.length === MOST_STROKES)
			throw new Error("too much, or nothing");
		/** @type {Stroke} */ const stroke = [];
		for (let i = 0; i < count; i++) {
			for (const axis of [0, 1]) last[axis] += reader.signed();
			stroke.push([last[0] / UNITS[kind], last[1] / UNITS[kind]]);
		}
		strokes.push(stroke);
	}
	return { strokes: parseDrawing({ strokes }).strokes };
}

/** @param {Uint8Array} pixels */
function packImage(pixels) {
	/** @type {number[]} */ const bytes = [];
	for (let at = 0; at < pixels.length;) {
		const ink = next(pixels, at, (pixel) => pixel > 0);
		const paper = next(pixels, ink, (pixel) => pixel === 0);
		write(bytes, ink - at);
		write(bytes, paper - ink);
		bytes.push(...pixels.subarray(ink, paper));
		at = paper;
	}
	return bytes;
}

/** @param {ReturnType<typeof makeReader>} reader @returns {string} 28x28 grey pixels in base64 */
function unpackImage(reader) {
	const pixels = new Uint8Array(IMAGE_SIDE ** 2);
	let at = 0;
	while (!reader.isOver()) {
		at += reader.number();
		const count = reader.number();
		if (at + count > pixels.length) throw new Error("more than an image");
		for (let i = 0; i < count; i++) pixels[at++] = reader.byte();
	}
	if (at !== pixels.length) throw new Error("less than an image");
	return toBase64(pixels);
}

/**
 * The first place from one on whose pixel is of a kind.
 * @param {Uint8Array} pixels @param {number} from @param {(pixel: number) => boolean} is
 */
function next(pixels, from, is) {
	while (from < pixels.length && !is(pixels[from])) from++;
	return from;
}

/** @param {number[]} bytes @param {number} value whole, 0 or more */
function write(bytes, value) {
	for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
	bytes.push(value);
}

/** 0, -1, 1, -2, … as 0, 1, 2, 3, … @param {number[]} bytes @param {number} value */
const writeSigned = (bytes, value) => write(bytes, value < 0 ? -2 * value - 1 : 2 * value);

/** @param {Uint8Array} bytes */
function makeReader(bytes) {
	let at = 0;

	function byte() {
		if (at >= bytes.length) throw new Error("too short");
		return bytes[at++];
	}

	function number() {
		let value = 0;
		for (let bits = 0; bits < MOST_BITS; bits += 7) {
			const part = byte();
			value += (part % 128) * 2 ** bits;
			if (part < 128) return value;
		}
		throw new Error("too large");
	}

	function signed() {
		const value = number();
		return value % 2 ? -(value + 1) / 2 : value / 2;
	}

	return { byte, number, signed, isOver: () => at === bytes.length };
}

/** With their checksum. @param {number[]} bytes */
function toLetters(bytes) {
	const all = Uint8Array.from([...bytes, ...checksum(bytes)]);
	return toBase64(all).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/** @param {string} letters */
function fromLetters(letters) {
	if (!/^[\w-]*$/.test(letters) || letters.length > LONGEST) throw new Error("not such letters");
	const all = fromBase64(letters.replace(/-/g, "+").replace(/_/g, "/"));
	const bytes = all.subarray(0, Math.max(0, all.length - CHECK));
	if (toLetters([...bytes]) !== letters) throw new Error("damaged");
	return bytes;
}

/** FNV-1a in 24 bits. @param {ArrayLike<number>} bytes */
function checksum(bytes) {
	let hash = 0x811c9dc5;
	for (let i = 0; i < bytes.length; i++) hash = Math.imul(hash ^ bytes[i], 0x01000193);
	return [hash & 255, (hash >> 8) & 255, (hash >> 16) & 255];
}

/** @param {string} text */
const fromBase64 = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

/** @param {Uint8Array} bytes */
const toBase64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
