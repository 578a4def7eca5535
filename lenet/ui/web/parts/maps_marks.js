// Outlines on the maps: the unit that is pointed at, and the windows of the maps that feed it.
import { el } from "../dom.js";
import { strongest } from "./maps_words.js";

/** @typedef {import("./maps_stage.js").Stage} Stage */
/** @typedef {import("./maps_pointing.js").Cell} Cell */
/** @typedef {import("../types").Unit} Unit */
/** Rows and columns of a canvas. @typedef {[top: number, left: number, height: number, width: number]} Window */

const UNITS = 8; // that are framed, of a layer of single units: those that contribute most

/** A layer of outlines over a part. @param {HTMLElement} owner that is its containing block */
export function makeMarks(owner) {
	const element = el("div", { class: "marks", "aria-hidden": "true" });

	/** @param {HTMLCanvasElement} canvas @param {Window} window @param {string} kind */
	function frame(canvas, [top, left, height, width], kind) {
		const [box, origin] = [canvas.getBoundingClientRect(), owner.getBoundingClientRect()];
		const [x, y] = [box.width / canvas.width, box.height / canvas.height];
		const [across, down] = [box.left - origin.left + left * x, box.top - origin.top + top * y];
		const style = `left: ${across}px; top: ${down}px; width: ${width * x}px; height: ${height * y}px`;
		return el("div", { class: kind, style });
	}

	/** @param {Map<string, Stage>} stages @param {Cell | null} cell @param {Unit | null} unit */
	function show(stages, cell, unit) {
		const source = unit && stages.get(unit.source_layer);
		const layer = unit && stages.get(unit.layer);
		const frames = source && layer ? windows(source, layer, unit).map((one) => frame(...one, "source")) : [];
		if (cell) frames.push(frame(cell.canvas, [cell.row, cell.column, 1, 1], "cursor"));
		element.replaceChildren(...frames);
	}

	return { element, show };
}

/**
 * Where a unit looks in the layer before.
 * @param {Stage} source @param {Stage} layer @param {Unit} unit @returns {[HTMLCanvasElement, Window][]}
 */
function windows(source, layer, unit) {
	const { kernel, stride, padding } = layer.plan;
	return strongest(unit, source.spatial ? Infinity : UNITS + 1).shown.map(({ map }) => {
		if (!source.spatial) {
			const [canvas] = source.canvases;
			return [canvas, [Math.floor((map - 1) / canvas.width), (map - 1) % canvas.width, 1, 1]];
		}
		const canvas = source.canvases[map - 1];
		if (kernel === null) return [canvas, [0, 0, canvas.height, canvas.width]];
		const [top, height] = span(unit.row, kernel, stride ?? 1, padding ?? 0, canvas.height);
		const [left, width] = span(unit.column, kernel, stride ?? 1, padding ?? 0, canvas.width);
		return [canvas, [top, left, height, width]];
	});
}

/**
 * First row and number of rows of a window, without the padding around the map.
 * @param {number} unit from 1 @param {number} kernel @param {number} stride @param {number} padding
 * @param {number} size of the map
 */
function span(unit, kernel, stride, padding, size) {
	const first = (unit - 1) * stride - padding;
	const [low, high] = [Math.max(0, first), Math.min(size, first + kernel)];
	return [low, high - low];
}
