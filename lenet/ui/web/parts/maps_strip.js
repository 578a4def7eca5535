// How large the maps are drawn where there is little room: one strip of all stages, or two of them.
import { GAP, inColumn, widthOf } from "./maps_layout.js";

/** @typedef {import("./maps_layout.js").Stage} Stage */
/** @typedef {import("./maps_layout.js").Grid} Grid */
/** @typedef {import("./maps_layout.js").Layout} Layout */

const HEIGHT = 0.27; // of the window, the maps of a strip
const LEAST = 86; // CSS pixels of them
const PANEL = 100; // CSS pixels of a unit's panel, which lies over the rest
const NONE = { across: 1, zoom: 1, gap: 0 }; // of the kernels, which are left out

/**
 * The largest strip that is no wider than the room; where even the smallest is, the stages break into lines of it.
 * @param {Stage[]} stages @param {number} width @param {number} windowHeight @returns {Layout}
 */
export function layOutStrip(stages, width, windowHeight) {
	const height = Math.max(LEAST, Math.floor(HEIGHT * windowHeight));
	const { grids, gap } = strip(stages, width, height) ?? { grids: gridsOf(stages, LEAST, 1), gap: GAP };
	return { wide: false, grids, kernels: NONE, gap, panel: PANEL };
}

/**
 * @param {Stage[]} stages @param {number} width @param {number} height of the maps
 * @returns {{grids: Grid[], gap: number} | null} null where they don't fit side by side
 */
export function strip(stages, width, height) {
	for (let scale = 3; scale > 0.4; scale -= 0.05) {
		const grids = gridsOf(stages, height, scale);
		const widths = grids.map((grid, i) => Math.max(stages[i].least, widthOf(stages[i], grid)));
		const gap = (width - widths.reduce((sum, one) => sum + one, 0)) / (stages.length - 1);
		if (gap >= GAP) return { grids, gap: Math.floor(gap) };
	}
	return null;
}

/** @param {Stage[]} stages @param {number} height @param {number} scale */
const gridsOf = (stages, height, scale) => stages.map((stage) => inColumn(stage, height, scale));
