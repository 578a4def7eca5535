// One layer of the network: its heading, its values as pictures, and their scale.
import { el, paint, pixelCanvas, setText } from "../dom.js";
import { help } from "../help.js";
import { kindOf } from "../plans.js";
import { fixed, has, layerName, t } from "../texts.js";
import { columnsOf } from "./maps_layout.js";

/** @typedef {import("../types").Layer} Layer */
/** @typedef {import("../types").Step} Step */
/** @typedef {import("./maps_layout.js").Grid} Grid */
/** @typedef {(value: number) => number} Colour */
/**
 * A layer as it stands on the page. Without rows and columns (not `spatial`) all its units are one canvas.
 * @typedef {{name: string, plan: Step, element: HTMLElement, heading: HTMLElement,
 *   canvases: HTMLCanvasElement[],
 *   spatial: boolean, count: number, side: number, grid: Grid, resize: (grid: Grid) => void,
 *   show: (layer: Layer | null, colour: Colour) => void}} Stage
 */

/** @param {Step} plan @returns {Stage} */
export function makeStage(plan) {
	const { name } = plan;
	const [count, rows = 1, columns = 1] = plan.output;
	const spatial = rows * columns > 1;
	const output = name === "output";
	const heading = makeHeading(plan);
	const [low, high] = [el("span"), el("span")];
	const legend = el("div", { class: "legend" }, low, el("i", { class: "ramp" }), high);
	const note = el(
		"div",
		{ class: "legend" },
		t(plan.operation === "rbf" ? "maps.output.nearest" : "maps.output.largest"),
	);
	const digits = el("ol", { class: "digits", "aria-hidden": "true" });
	const numbers = el("ol", { class: "values", "aria-hidden": "true" });
	const body = el("div", { class: output ? "outputs" : "grid" });
	const element = el(
		"section",
		{ class: `stage ${output ? "output" : ""}`, "data-layer": name },
		heading,
		body,
		output ? note : legend,
	);
	/** @type {Stage} */
	const stage = {
		name,
		plan,
		element,
		heading,
		canvases: [],
		spatial,
		count,
		side: rows,
		grid: { across: 0, zoom: 0, gap: 0 },
		resize,
		show,
	};

	/** @param {Grid} grid */
	function resize(grid) {
		const { across, zoom, gap } = grid;
		stage.grid = grid;
		body.style.gap = `${gap}px`;
		if (spatial) body.style.gridTemplateColumns = `repeat(${across}, max-content)`;
		for (const canvas of stage.canvases) {
			canvas.style.width = `${canvas.width * zoom * (output ? 2 : 1)}px`;
			canvas.style.height = `${canvas.height * zoom}px`;
		}
		if (output) body.style.lineHeight = `${zoom}px`;
	}

	function build() {
		const size = spatial ? [rows, columns] : [Math.ceil(count / columnsOf(count)), columnsOf(count)];
		const labels = spatial
			? [...Array(count).keys()].map((map) => t("maps.map", { layer: name, map: map + 1, count }))
			: [t("maps.units", { layer: layerName(name), count })];
		stage.canvases = labels.map((label) => pixelCanvas(size[0], size[1], 1, label));
		stage.canvases.forEach((canvas, i) => (canvas.tabIndex = i === 0 ? 0 : -1)); // one stop a layer
		body.replaceChildren(...(output ? [digits, ...stage.canvases, numbers] : stage.canvases));
		if (!output) return;
		digits.replaceChildren(...[...Array(count).keys()].map((digit) => el("li", {}, String(digit))));
		numbers.replaceChildren(...[...Array(count)].map(() => el("li")));
	}

	/** @param {Layer | null} layer null where nothing is read @param {Colour} colour */
	function show(layer, colour) {
		const values = layer?.values ?? new Float32Array(count * rows * columns);
		const scale = layer?.scale ?? 1;
		const size = stage.canvases[0].width * stage.canvases[0].height;
		stage.canvases.forEach((canvas, i) =>
			paint(canvas, (at) => (i * size + at < values.length ? colour(values[i * size + at] / scale) : 0)),
		);
		if (output) return showValues(layer ? [...values] : []);
		const signed = values.some((value) => value < 0);
		element.classList.toggle("signed", signed);
		setText(low, !layer ? "" : signed ? fixed(-scale, 1) : "0");
		setText(high, layer ? fixed(scale, 1) : "");
	}

	/** @param {number[]} outputs none where nothing is read */
	function showValues(outputs) {
		const best = plan.operation === "rbf" ? Math.min(...outputs) : Math.max(...outputs);
		[...numbers.children].forEach((item, digit) => setText(item, outputs.length ? fixed(outputs[digit], 1) : ""));
		for (const list of [digits, numbers])
			[...list.children].forEach((item, digit) => item.classList.toggle("best", outputs[digit] === best));
	}

	build();
	return stage;
}

/** "C1 6 @ 28×28", "convolution 5×5" and the "?". @param {Step} plan */
function makeHeading(plan) {
	const { name, output, kernel, stride } = plan;
	const kind = kindOf(plan);
	const [maps, rows = 1, columns = 1] = output;
	const title = name === "output" ? t("maps.output") : name;
	const size = t(rows * columns > 1 ? "maps.layer.maps" : "maps.layer.units", { maps, count: maps, rows, columns });
	const operation = t(`maps.operation.${kind}`, { kernel: kernel ?? 0 });
	const slides = plan.operation === "conv" && (stride ?? 1) > 1;
	return el(
		"div",
		{ class: "heading" },
		el("h3", {}, title),
		el("span", { class: "size" }, size),
		help(helpOf(name, kind), title),
		el("p", {}, slides ? t("maps.operation.stride", { operation, stride: stride ?? 1 }) : operation),
	);
}

/** Which text explains a layer: one for its kind, or for its name. @param {string} name @param {string} kind */
function helpOf(name, kind) {
	const layer = name.toLowerCase();
	return has(`help.${layer}_${kind}`) ? `${layer}_${kind}` : layer;
}
