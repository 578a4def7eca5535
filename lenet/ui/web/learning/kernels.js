// The first layer's kernels now, how one step changes them, and what they are after it.
import { el, paint, pixelCanvas, resizePixels, setText } from "../dom.js";
import { firstKernels } from "../engine/kernels.js";
import { t } from "../texts.js";
import { montage } from "./montage.js";

/** @typedef {import("../engine/network.js").Network} Network */
/** @typedef {(value: number) => number} Colour */

const [SIDE, ZOOM, ACROSS] = [5, 5, 6]; // values of a kernel, CSS pixels a value, kernels in a row

/** Three pictures, with what is done between them. */
export function makeKernels() {
	const [now, change, after] = [
		picture(t("step.kernels.now")),
		picture(t("step.kernels.change", { times: 1 })),
		picture(t("step.kernels.after")),
	];
	const element = el("div", { class: "kernels" }, now.element, sign("+"), change.element, sign("="), after.element);

	/** @param {Network} network @param {Network} ahead @param {Colour} colour */
	function show(network, ahead, colour) {
		const [before, then] = [firstKernels(network), firstKernels(ahead)];
		const moved = then.values.map((weight, i) => weight - before.values[i]);
		const most = moved.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
		const times = most ? before.scale / most : 1;
		setText(
			change.caption,
			t("step.kernels.change", { times: times < 10 ? +times.toFixed(1) : Math.round(times) }),
		);
		now.show(before.values, before.scale, colour);
		change.show(moved, most || 1, colour);
		after.show(then.values, before.scale, colour);
	}

	return { element, show };
}

/** @param {string} title */
function picture(title) {
	const canvas = pixelCanvas(1, 1, ZOOM, title);
	const caption = el("figcaption", {}, title);

	/** @param {Float32Array} values @param {number} scale @param {Colour} colour */
	function show(values, scale, colour) {
		const { height, width, at } = montage(values.length / SIDE ** 2, SIDE, SIDE, ACROSS, 1);
		canvas.ariaLabel = caption.textContent;
		resizePixels(canvas, height, width, ZOOM);
		paint(canvas, (pixel) => (at(pixel) < 0 ? 0 : colour(values[at(pixel)] / scale)));
	}
	return { element: el("figure", {}, caption, canvas), caption, show };
}

/** @param {string} text */
const sign = (text) => el("span", { class: "sign", "aria-hidden": "true" }, text);
