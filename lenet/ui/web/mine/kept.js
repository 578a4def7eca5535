// My digits between two visits: in localStorage, shared by all tabs of this browser.
import { readDigit } from "./digit.js";

/** @typedef {import("../types").MyDigit} MyDigit */
/** @typedef {import("../types").Shelf} Shelf */

const KEY = "lenet.mine"; // in localStorage
const FORMAT = 1; // of what is kept: a newer one stays as it is

let newer = false; // what is kept is of a newer page

/** Keep them, if that can be done; say whether. @param {readonly MyDigit[]} digits @returns {Shelf} */
export function keepShelf(digits) {
	if (newer) return "newer";
	try {
		if (digits.length) localStorage.setItem(KEY, JSON.stringify({ format: FORMAT, digits }));
		else localStorage.removeItem(KEY);
		return "kept";
	} catch (error) {
		return error instanceof DOMException && error.name === "QuotaExceededError" ? "full" : "forbidden";
	}
}

/**
 * What was kept, and whether it is.
 * @param {(digits: MyDigit[]) => void} changed hears what another tab keeps from now on
 * @returns {{digits: MyDigit[], state: Shelf}}
 */
export function recallShelf(changed) {
	addEventListener("storage", (event) => {
		if (event.key === KEY || event.key === null) changed(read(event.newValue));
	});
	try {
		const digits = read(localStorage.getItem(KEY));
		return { digits, state: newer ? "newer" : "kept" };
	} catch {
		return { digits: [], state: "forbidden" };
	}
}

/** The digits of a text that this file wrote, without those that are none. @param {string | null} text */
function read(text) {
	/** @type {MyDigit[]} */ const found = [];
	try {
		const { format, digits } = JSON.parse(text ?? '{"format": 1, "digits": []}');
		newer = format > FORMAT;
		for (const each of newer ? [] : digits) {
			try {
				found.push(readDigit(each, ""));
			} catch {} // it was changed by somebody else
		}
	} catch {} // what stands there is nobody's
	return found;
}
