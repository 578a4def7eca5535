// Which unit is pointed at: with the mouse, a finger or the arrow keys. A click, a tap or the keyboard pins it.

import { ARROWS } from "../keys.js";

/** @typedef {import("./maps_stage.js").Stage} Stage */
/** A cell of a canvas. @typedef {{stage: Stage, canvas: HTMLCanvasElement, row: number, column: number}} Cell */

const LINGER = 120; // milliseconds that a unit stays pointed at, for the way over the gap to the next map

/**
 * Hear what is pointed at. `listen` follows a stage's canvases, `pin` opens a unit, `release` ends it; `cell` and
 * `pinned` are the present state.
 * @param {(cell: Cell | null, pinned: boolean) => void} handler
 */
export function makePointer(handler) {
	/** @type {Cell | null} */ let cell = null;
	/** @type {Cell | null} */ let last = null; // where the keyboard was, to go on from
	/** @type {ReturnType<typeof setTimeout> | undefined} */ let leaving;
	let pinned = false;

	/** @param {Cell | null} next @param {boolean} pin */
	function point(next, pin) {
		clearTimeout(leaving);
		if (next && !isUnit(next)) [next, pin] = [null, false];
		if (pin === pinned && (next === cell || (next && cell && same(next, cell)))) return;
		[cell, pinned] = [next, pin];
		handler(cell, pinned);
	}

	function release() {
		last = cell ?? last;
		point(null, false);
	}

	/**
	 * To the next unit, over the border to the next map.
	 * @param {Cell} from @param {[down: number, right: number]} move
	 */
	function step({ stage, canvas, row, column }, [down, right]) {
		const [y, x] = [row + down, column + right];
		const over = Math.floor(y / canvas.height) * stage.grid.across + Math.floor(x / canvas.width);
		const next = stage.canvases[stage.canvases.indexOf(canvas) + (stage.spatial ? over : 0)];
		const inside = x >= 0 && x < canvas.width && y >= 0 && y < canvas.height;
		if (!next || (!stage.spatial && !inside)) return;
		const [height, width] = [canvas.height, canvas.width];
		const cell = { stage, canvas: next, row: (y + height) % height, column: (x + width) % width };
		if (!isUnit(cell)) return;
		point(cell, true);
		if (next !== canvas) next.focus({ preventScroll: true });
	}

	/** @param {Stage} stage */
	function listen(stage) {
		for (const canvas of stage.canvases) {
			const at = (/** @type {MouseEvent} */ event) => cellAt(stage, canvas, event);
			canvas.addEventListener(
				"pointermove",
				(event) => !pinned && event.pointerType === "mouse" && point(at(event), false),
			);
			canvas.addEventListener("pointerleave", () => {
				leaving = setTimeout(() => !pinned && point(null, false), LINGER);
			});
			canvas.addEventListener("click", (event) => {
				const next = at(event);
				if (pinned && cell && same(next, cell)) release();
				else point(next, true);
			});
			canvas.addEventListener("focus", () => {
				if (canvas.matches(":focus-visible") && cell?.canvas !== canvas)
					point({ stage, canvas, row: 0, column: 0 }, true);
			});
			canvas.addEventListener("keydown", (event) => {
				const move = ARROWS[event.key];
				if (event.key === "Escape" && cell) release();
				else if (move && cell) step(cell, move);
				else if (move) point(last?.canvas === canvas ? last : { stage, canvas, row: 0, column: 0 }, true);
				else return;
				event.preventDefault();
			});
		}
	}

	/** @param {Cell} next */
	const pin = (next) => point(next, true);

	return { listen, release, pin, forget: () => ([cell, last, pinned] = [null, null, false]) };
}

/** @param {Stage} stage @param {HTMLCanvasElement} canvas @param {MouseEvent} event @returns {Cell} */
function cellAt(stage, canvas, event) {
	const box = canvas.getBoundingClientRect();
	const within = (/** @type {number} */ share, /** @type {number} */ count) =>
		Math.max(0, Math.min(count - 1, Math.floor(share * count)));
	return {
		stage,
		canvas,
		row: within((event.clientY - box.top) / box.height, canvas.height),
		column: within((event.clientX - box.left) / box.width, canvas.width),
	};
}

/** Layers of single units may not fill their last row. @param {Cell} cell */
function isUnit({ stage, canvas, row, column }) {
	return stage.spatial || row * canvas.width + column < stage.count;
}

/** @param {Cell} one @param {Cell} other */
function same(one, other) {
	return one.canvas === other.canvas && one.row === other.row && one.column === other.column;
}

/** The unit's name, as the server takes it. @param {Cell} cell @returns {import("../types").Place} */
export function placeOf({ stage, canvas, row, column }) {
	if (!stage.spatial) return [stage.name, row * canvas.width + column + 1, 1, 1];
	return [stage.name, stage.canvases.indexOf(canvas) + 1, row + 1, column + 1];
}

/**
 * The cell of a unit's name, if there is such a unit.
 * @param {Map<string, Stage>} stages @param {import("../types").Place} place @returns {Cell | null}
 */
export function cellOf(stages, [name, map, row, column]) {
	const stage = stages.get(name);
	const canvas = stage?.canvases[stage.spatial ? map - 1 : 0];
	if (!stage || !canvas) return null;
	if (stage.spatial)
		return row <= canvas.height && column <= canvas.width
			? { stage, canvas, row: row - 1, column: column - 1 }
			: null;
	if (map > stage.count) return null;
	return { stage, canvas, row: Math.floor((map - 1) / canvas.width), column: (map - 1) % canvas.width };
}
