// Where the window slides: the map it looks at, in which it can be dragged, and the map that comes of it so far.
import { el, paint, pixelCanvas, resizePixels, setText } from "../dom.js";
import { layerName, t } from "../texts.js";
import { columnsOf } from "./maps_layout.js";
import { nameOf } from "./maps_words.js";
import { indexOf, unitAt, windowAt } from "./sliding_places.js";

/** @typedef {import("../types").Answer} Answer */
/** @typedef {import("../types").Source} Source */
/** @typedef {import("../types").Step} Step */
/** @typedef {import("../types").Unit} Unit */
/** @typedef {(value: number) => number} Colour */

const SIDE = 128; // CSS pixels of a picture, at most
const PALE = 0x30; // alpha of what is not yet worked out

/** @param {(row: number, column: number) => void} drag hears which unit the window is dragged to */
export function makePictures(drag) {
	const [source, target] = [makePicture(), makePicture()];
	/** @type {Step | null} */ let step = null;
	let held = false;

	/** @param {PointerEvent} event */
	function pull(event) {
		if (!held || !step) return;
		const box = source.canvas.getBoundingClientRect();
		const y = ((event.clientY - box.top) / box.height) * source.canvas.height;
		drag(...unitAt(step, y, ((event.clientX - box.left) / box.width) * source.canvas.width));
	}
	source.canvas.addEventListener("pointerdown", (event) => {
		if (event.button !== 0) return;
		held = true;
		source.canvas.setPointerCapture(event.pointerId);
		pull(event);
	});
	source.canvas.addEventListener("pointermove", pull);
	for (const end of ["pointerup", "pointercancel"]) source.canvas.addEventListener(end, () => (held = false));

	/**
	 * @param {Answer} answer @param {Step} of the unit @param {Unit} unit
	 * @param {Source | null} chosen whose window is worked out, if sources are maps @param {Colour} colour
	 */
	function show(answer, of, unit, chosen, colour) {
		step = of;
		source.element.hidden = !chosen || of.kernel === null;
		if (chosen && of.kernel !== null) {
			const [, rows, columns] = of.input;
			const from = answer.layers.find(({ name }) => name === unit.source_layer);
			const values = from?.values ?? answer.activations.input;
			const scale = from?.scale ?? largest(values);
			const name = nameOf(unit, chosen);
			source.resize(rows, columns, t("sliding.source", { name }));
			const start = (chosen.map - 1) * rows * columns;
			paint(source.canvas, (at) => colour(values[start + at] / scale));
			source.frame(windowAt(of, unit));
			setText(source.caption, name);
		}
		const layer = answer.layers.find(({ name }) => name === unit.layer);
		const [count, rows = 1, columns = 1] = of.output;
		const wide = unit.is_spatial ? columns : columnsOf(count);
		const name = unit.is_spatial ? t("unit.source", { layer: unit.layer, map: unit.map }) : layerName(unit.layer);
		target.resize(unit.is_spatial ? rows : Math.ceil(count / wide), wide, t("sliding.target", { name }));
		const index = indexOf(of, unit);
		const start = unit.is_spatial ? (unit.map - 1) * rows * columns : 0;
		const end = unit.is_spatial ? rows * columns : count;
		paint(target.canvas, (at) => {
			if (at >= end) return 0;
			const full = colour((layer?.values[start + at] ?? 0) / (layer?.scale ?? 1));
			return at <= index ? full : ((full & 0xffffff) | (PALE << 24)) >>> 0;
		});
		target.frame([Math.floor(index / wide), index % wide, 1, 1]);
		setText(target.caption, t("sliding.so_far", { name }));
	}

	source.element.classList.add("draggable");
	target.element.classList.add("target");
	return { from: source.element, to: target.element, show };
}

/** A canvas with a caption, and a frame around some of its rows and columns. */
function makePicture() {
	const canvas = pixelCanvas(1, 1, 1, " ");
	const mark = el("div", { class: "window" });
	const caption = el("figcaption");
	const element = el("figure", {}, caption, el("div", { class: "framed" }, canvas, mark));

	/** @param {number} rows @param {number} columns @param {string} label */
	function resize(rows, columns, label) {
		canvas.ariaLabel = label;
		resizePixels(canvas, rows, columns, Math.floor(SIDE / Math.max(rows, columns)));
	}

	/** @param {[top: number, left: number, height: number, width: number]} window */
	function frame([top, left, height, width]) {
		const [down, right] = [100 / canvas.height, 100 / canvas.width];
		const box = { top: top * down, left: left * right, height: height * down, width: width * right };
		for (const [side, share] of Object.entries(box)) mark.style.setProperty(side, `${share}%`);
	}
	return { element, canvas, caption, resize, frame };
}

/** @param {Float32Array} values */
const largest = (values) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
