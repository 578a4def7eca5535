// The plans of all networks, with weights or without: lenet/networks/plan.py derives them.

/** @typedef {import("./types").Plan} Plan */
/** @typedef {import("./types").Step} Step */

/** @type {Record<string, Plan>} */
export const plans = await (await fetch(new URL("plans.json", import.meta.url))).json();

/** What texts call a step's operation: a convolution with a table has sentences of its own. @param {Step} step */
export const kindOf = ({ operation, table }) => (operation === "conv" && table ? "conv_table" : operation);

/** The layer whose maps are connected to the maps of another, and that other one. @param {Plan} plan */
export function connectedLayers({ steps }) {
	const at = steps.findIndex(({ operation }, i) => i > 0 && operation === "conv");
	return { source: steps[at - 1], layer: steps[at] };
}

/** Which maps feed each map, maps by sources. @param {Step} step @returns {boolean[][]} */
export function connectionTable({ table, input, output }) {
	const sources = [...Array(input[0]).keys()];
	return [...Array(output[0]).keys()].map((map) => sources.map((source) => table?.[map].includes(source) ?? true));
}
