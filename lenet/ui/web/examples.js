// Strokes of the digits 0 to 9, one each.

/** @typedef {import("./types").Stroke} Stroke */

/** @type {Stroke[][]} */
export const examples = await (await fetch(new URL("examples.json", import.meta.url))).json();
