// The digits 0 to 9 to choose from, one each.

/** @typedef {import("./types").Ink} Ink */
/** @typedef {import("./types").Stroke} Stroke */

/** @type {Stroke[][]} */
const drawings = await (await fetch(new URL("examples.json", import.meta.url))).json();

/** @type {Ink[]} */
export const examples = drawings.map((strokes) => ({ strokes, chosen: true }));
