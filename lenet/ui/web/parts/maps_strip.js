// How large the maps are drawn where there is little room: all stages in one line, or in two on an upright phone.
import { columnsOf, inColumn, widthOf } from "./maps_layout.js";

/** @typedef {import("./maps_layout.js").Stage} Stage */
/** @typedef {import("./maps_layout.js").Grid} Grid */
/** @typedef {import("./maps_layout.js").Layout} Layout */

const HEIGHT = 0.27; // of the window, that the maps of a line have
const LEAST = 118; // CSS pixels of it: two rows of 28 values, twice blown up
const UPRIGHT = 560; // CSS pixels: what is narrower has two lines
const NARROW = 744; // CSS pixels: what is narrower tells no values beside the output, see styles/embed.css
const VALUES = 36; // CSS pixels of them
const GAP = 8; // CSS pixels between stages, at least
const LINE = 11; // CSS pixels of one of the output's values
const CELL = 5; // CSS pixels of a unit, at least
const PANEL = 100; // CSS pixels of a unit's panel, which lies over the rest
const NONE = { across: 1, zoom: 1, gap: 0 }; // of the kernels, which are left out

/** @param {Stage[]} stages @param {number} width @param {number} windowHeight @returns {Layout} */
export function layOutStrip(stages, width, windowHeight) {
	const lines = width < UPRIGHT ? 2 : 1;
	const height = lines === 1 ? Math.max(LEAST, Math.floor(HEIGHT * windowHeight)) : LEAST;
	return { wide: false, kernels: NONE, panel: PANEL, ...strip(stages, width, height, lines, width >= NARROW) };
}

/**
 * The largest maps that fit, or the smallest.
 * @param {Stage[]} stages @param {number} width @param {number} height of the maps of a line @param {number} lines
 * @param {boolean} values whether the output's are written beside it
 * @returns {{grids: Grid[], gap: number}}
 */
export function strip(stages, width, height, lines = 1, values = true) {
	for (let scale = 3; ; scale -= 0.05) {
		const grids = stages.map((stage) =>
			stage.side > 1 ? inColumn(stage, height, scale) : units(stage, height, scale),
		);
		const widths = grids.map((grid, i) => Math.max(stages[i].least, roomOf(stages[i], grid, values)));
		const room = lines === 1 ? (width - sum(widths)) / (stages.length - 1) : GAP;
		if (scale < 0.3) return { grids, gap: Math.max(GAP, Math.floor(room)) };
		if (room >= GAP && linesOf(widths, width) <= lines) return { grids, gap: Math.min(64, Math.floor(room)) };
	}
}

/** What a stage takes. @param {Stage} stage @param {Grid} grid @param {boolean} values */
export function roomOf(stage, grid, values = true) {
	return widthOf(stage, grid) - (stage.count === 10 && !values ? VALUES : 0);
}

/** @param {Stage} stage @param {number} height @param {number} scale @returns {Grid} */
function units({ count }, height, scale) {
	const across = columnsOf(count);
	const [usual, least] = count === 10 ? [15, LINE] : [11, CELL];
	const most = Math.floor(height / Math.ceil(count / across));
	return { across, zoom: Math.max(least, Math.min(most, Math.round(usual * scale), 22)), gap: 0 };
}

/** How many lines stages fill, one after the other. @param {number[]} widths @param {number} width */
function linesOf(widths, width) {
	let [lines, used] = [1, -GAP];
	for (const each of widths) {
		used += GAP + each;
		if (used > width) [lines, used] = [lines + 1, each];
	}
	return lines;
}

/** @param {number[]} numbers */
const sum = (numbers) => numbers.reduce((all, one) => all + one, 0);
