// My digits: drawings with labels, on a shelf of this browser's. Every way to change them is here, so undo knows them
// all; a server sees them only while it teaches them.
import { IMAGE_SIDE, INPUT_SIDE, MARGIN } from "../engine/geometry.js";
import { preprocessDrawing } from "../engine/preprocessing.js";
import { get, same, set } from "../store.js";
import { keepShelf, recallShelf } from "./kept.js";

/** @typedef {import("../types").MyDigit} MyDigit */
/** @typedef {import("../types").Stroke} Stroke */

export const MOST = 500;
const MOST_STEPS = 50; // back

/** @type {(readonly MyDigit[])[]} */ let past = [];
/** @type {WeakMap<MyDigit, Uint8Array>} */ const inputs = new WeakMap();

/** The digit on the shelf that is this drawing. @param {Stroke[]} strokes */
export const find = (strokes) => get("mine").find((digit) => same(digit.strokes, strokes));

/**
 * Put a drawing on the shelf, or give the one that is there another label.
 * @param {number} label @param {Stroke[]} strokes @returns {boolean} whether there was room
 */
export function add(label, strokes) {
	const there = find(strokes);
	if (there) relabel(there, label);
	else if (get("mine").length >= MOST) return false;
	else change([...get("mine"), { label, strokes, width: null, name: "" }]);
	return true;
}

/** Put what was imported on the shelf. @param {MyDigit[]} digits */
export function addAll(digits) {
	if (digits.length) change([...get("mine"), ...digits]);
}

/** @param {MyDigit} digit */
export function remove(digit) {
	change(get("mine").filter((other) => other !== digit));
}

/** @param {MyDigit} digit @param {number} label */
export function relabel(digit, label) {
	if (digit.label === label) return;
	change(get("mine").map((other) => (other === digit ? { ...digit, label } : other)));
}

export function clearShelf() {
	if (get("mine").length) change([]);
}

export const canUndoShelf = () => past.length > 0;

export function undoShelf() {
	const before = past.pop();
	if (before) put(before);
}

/** @param {readonly MyDigit[]} digits */
function change(digits) {
	past = [...past, get("mine")].slice(-MOST_STEPS);
	put(digits);
}

/** @param {readonly MyDigit[]} digits */
function put(digits) {
	set("shelf", keepShelf(digits)); // first: whoever hears of the digits can tell whether they are kept
	set("mine", digits);
}

/** The input that a digit becomes, 32x32. @param {MyDigit} digit */
export function inputOfDigit(digit) {
	const image = inputs.get(digit) ?? preprocessDrawing(digit.strokes, false, digit.width)?.image;
	if (!image) throw new Error("an empty drawing on the shelf");
	inputs.set(digit, image);
	return image;
}

/** The digits as the server takes them: figures, and 28x28 bytes of each in base64. */
export function payload() {
	const digits = get("mine");
	const images = new Uint8Array(digits.length * IMAGE_SIDE ** 2);
	digits.forEach((digit, number) => {
		const input = inputOfDigit(digit);
		for (let row = 0; row < IMAGE_SIDE; row++) {
			const start = (row + MARGIN) * INPUT_SIDE + MARGIN;
			images.set(input.subarray(start, start + IMAGE_SIDE), (number * IMAGE_SIDE + row) * IMAGE_SIDE);
		}
	});
	const letters = Array.from(images, (byte) => String.fromCharCode(byte));
	return { labels: digits.map(({ label }) => label).join(""), images: btoa(letters.join("")) };
}

/** Whose digits there are, in the order in which they came: "" is one's own. @returns {string[]} */
export const hands = () => [...new Set(["", ...get("mine").map(({ name }) => name)])];

const { digits, state } = recallShelf((elsewhere) => set("mine", elsewhere));
set("shelf", state);
set("mine", digits);
