// What the engine cannot take: why, as a message of the table of texts.

/** @typedef {import("../types").Message} Message */

export class Refused extends Error {
	/** @param {string} key of a text @param {Message["values"]} values */
	constructor(key, values = {}) {
		super(key);
		/** @type {Message} */ this.reason = { key, values };
	}
}
