// The codes that the 1998 network's F6 is compared with: ten pictures, each with the squared distance of F6 from it.
import { el, paint, pixelCanvas, setText } from "../dom.js";
import { help } from "../help.js";
import { t } from "../texts.js";

const ZOOM = 3; // CSS pixels a value
export const CODE_ROWS = 12; // of a code's picture

/** Pictures of codes: `build` makes them, `show` tells the distances from them. */
export function makeCodes() {
	const heading = t("codes.heading");
	const pictures = el("div", { class: "pictures" });
	const titled = el("div", { class: "heading" }, el("h3", {}, heading), help("codes", heading));
	const element = el("div", { class: "codes", hidden: true }, titled, pictures);
	/** @type {{canvas: HTMLCanvasElement, caption: HTMLElement, figure: HTMLElement}[]} */ let figures = [];

	/** @param {number[][] | null} codes @param {(value: number) => number} colour */
	function build(codes, colour) {
		figures = (codes ?? []).map((code) => {
			const canvas = pixelCanvas(CODE_ROWS, code.length / CODE_ROWS, ZOOM, " ");
			paint(canvas, (at) => colour(code[at]));
			const caption = el("figcaption", { "aria-hidden": "true" });
			return { canvas, caption, figure: el("figure", {}, canvas, caption) };
		});
		pictures.replaceChildren(...figures.map(({ figure }) => figure));
	}

	/** @param {Float32Array | null} distances the output; null where nothing is read */
	function show(distances) {
		element.hidden = !distances || figures.length === 0;
		if (!distances) return;
		const nearest = distances.indexOf(Math.min(...distances));
		figures.forEach(({ canvas, caption, figure }, digit) => {
			const distance = Math.round(distances[digit]);
			canvas.ariaLabel = t("codes.code.distance", { digit, distance });
			setText(caption, String(distance));
			figure.classList.toggle("nearest", digit === nearest);
		});
	}

	return { element, build, show };
}
