// How large the maps are drawn: as large as all stages fit side by side, or in rows where the card is too narrow.

/**
 * A layer drawn: so many maps (or units) in a row, and CSS pixels a value.
 * @typedef {{across: number, zoom: number, gap: number}} Grid
 */
/**
 * What is to be drawn: `side` 1 means units without rows and columns; `least` is the width that its heading needs.
 * @typedef {{count: number, side: number, least: number}} Stage
 */
/**
 * The whole: `panel` is the height left for the unit's panel.
 * @typedef {{wide: boolean, grids: Grid[], kernels: Grid, gap: number, panel: number}} Layout
 */

export const GAP = 16; // CSS pixels between stages, in which an arrow stands
export const KERNEL = 5; // values a side
const SHORTEST = 258; // CSS pixels: the first stage's maps where the window is low
const PANEL = 66; // CSS pixels, at least
const BELOW = 18 + 8; // CSS pixels between the other maps and the panel: a legend, and a gap
const KERNELS = 8; // CSS pixels between the kernels and their maps
const OUTPUTS = 66; // CSS pixels beside the output's cells, for digits and values
const COLUMNS = new Map([
	[120, 10],
	[84, 7], // as the codes of 1998
	[30, 5],
	[10, 1],
]);

/** CSS pixels of a map, before it is made to fit. @param {number} side */
const usual = (side) => (side >= 20 ? 84 : side >= 11 ? 42 : side >= 7 ? 40 : 25);

/**
 * Find the largest layout whose first stage, with its kernels, stands left, all others beside it, and the panel below
 * these.
 * @param {Stage[]} stages @param {number} width of the card's inside @param {number} windowHeight @returns {Layout}
 */
export function layOut(stages, width, windowHeight) {
	const height = Math.max(SHORTEST, Math.floor(0.318 * windowHeight));
	const panel = Math.min(140, Math.round(PANEL + 0.4 * (height - SHORTEST)));
	for (let scale = 3; scale > 0.6; scale -= 0.05) {
		const grids = stages.map((stage, i) => inColumn(stage, i ? height - panel - BELOW : height, scale));
		const kernels = kernelGrid(stages[0].count, height);
		const widths = grids.map((grid, i) => Math.max(stages[i].least, widthOf(stages[i], grid)));
		const all = widths.reduce((sum, one) => sum + one, 0) + KERNELS + Math.max(44, gridWidth(kernels, KERNEL));
		const gap = (width - all) / (stages.length - 1);
		if (gap >= GAP) return { wide: true, grids, kernels, gap: Math.min(64, Math.floor(gap)), panel };
	}
	const grids = stages.map((stage, i) => inRows(stage, i ? width : width - 52)); // the kernels stand beside the first
	const rows = Math.ceil(stages[0].count / grids[0].across);
	const room = rows * (stages[0].side * grids[0].zoom + grids[0].gap);
	return { wide: false, grids, kernels: kernelGrid(stages[0].count, room), gap: GAP, panel: PANEL };
}

/** CSS pixels of maps or units side by side. @param {Grid} grid @param {number} side */
function gridWidth({ across, zoom, gap }, side) {
	return across * (side * zoom + gap) - gap;
}

/** @param {Stage} stage @param {Grid} grid */
export function widthOf({ count, side }, grid) {
	return side === 1 && count === 10 ? 2 * grid.zoom + OUTPUTS : gridWidth(grid, side);
}

/**
 * As many maps in a column as its height holds.
 * @param {Stage} stage @param {number} height @param {number} scale @returns {Grid}
 */
export function inColumn({ count, side }, height, scale) {
	if (side === 1) return units(count, height, scale);
	const gap = gapOf(side);
	const zoom = Math.max(1, Math.min(Math.floor(height / side), Math.round((usual(side) * scale) / side)));
	const rows = Math.floor((height + gap) / (side * zoom + gap));
	return { across: even(count, Math.ceil(count / rows)), zoom, gap };
}

/** @param {Stage} stage @param {number} width @returns {Grid} */
function inRows({ count, side }, width) {
	if (side === 1) return units(count, 150, 1);
	const gap = gapOf(side);
	const zoom = Math.max(1, Math.round((usual(side) * (count > 16 ? 0.8 : 1)) / side));
	const fit = Math.max(1, Math.floor((width + gap) / (side * zoom + gap)));
	return { across: Math.min(fit, count <= 6 ? 3 : count <= 16 ? 4 : 8), zoom, gap };
}

/** Columns of the grid of cells in which a layer without rows and columns stands. @param {number} count of units */
export const columnsOf = (count) => COLUMNS.get(count) ?? Math.ceil(Math.sqrt(count / 1.5));

/**
 * Units of a layer without rows and columns, in a grid of cells.
 * @param {number} count @param {number} height @param {number} scale @returns {Grid}
 */
function units(count, height, scale) {
	const across = columnsOf(count);
	const most = count === 10 ? 22 : 16; // CSS pixels a cell
	const cell = Math.min(
		Math.floor(height / Math.ceil(count / across)),
		Math.round((count === 10 ? 15 : 11) * scale),
		most,
	);
	return { across, zoom: Math.max(count === 10 ? 14 : 8, cell), gap: 0 };
}

/**
 * Kernels in so many columns that each is large enough to be seen.
 * @param {number} count @param {number} height @returns {Grid}
 */
function kernelGrid(count, height) {
	for (let across = 1; ; across++) {
		const rows = Math.ceil(count / across);
		const zoom = Math.floor((height - 3 * (rows - 1)) / (rows * KERNEL));
		if (zoom >= 5 || across === count) return { across, zoom: Math.max(2, Math.min(8, zoom)), gap: 3 };
	}
}

/**
 * A number of columns that leaves no last row half empty, if there is one close by.
 * @param {number} count @param {number} least
 */
function even(count, least) {
	for (let across = least; across <= 1.5 * least; across++) if (count % across === 0) return across;
	return least;
}

/** @param {number} side */
const gapOf = (side) => (side >= 20 ? 3 : 2);
