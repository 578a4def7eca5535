// The codes that the 1998 network's F6 is compared with: ten pictures, each with the squared distance of F6 from it.
import { el, paint, pixelCanvas, signedBytes } from "../dom.js";
import { help } from "../help.js";
import { t } from "../texts.js";

/** @typedef {import("../types").Layer} Layer */

const ZOOM = 3; // CSS pixels a value

/** @param {Layer} codes @param {Layer} distances the output @param {(value: number) => number} colour */
export function makeCodes(codes, distances, colour) {
	const [count, rows, columns] = codes.shape;
	const pixels = signedBytes(codes.values);
	const far = [...signedBytes(distances.values)].map((byte) => Math.round((byte * distances.scale) / 127));
	const nearest = signedBytes(distances.values).indexOf(Math.min(...signedBytes(distances.values)));
	const figures = [...Array(count).keys()].map((digit) => {
		const canvas = pixelCanvas(rows, columns, ZOOM, t("codes.code.distance", { digit, distance: far[digit] }));
		paint(canvas, (at) => colour(pixels[digit * rows * columns + at] / 127));
		return el(
			"figure",
			{ class: digit === nearest ? "nearest" : null },
			canvas,
			el("figcaption", { "aria-hidden": "true" }, String(far[digit])),
		);
	});
	const heading = t("codes.heading");
	return el(
		"div",
		{ class: "codes" },
		el("div", { class: "heading" }, el("h3", {}, heading), help("codes", heading)),
		el("div", { class: "pictures" }, ...figures),
	);
}
