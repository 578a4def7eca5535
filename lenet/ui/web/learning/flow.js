// The gradient on its way back: of each layer the slopes of the loss, how steep they are at most, and how far one step
// moves its weights.
import { el, paint, pixelCanvas, resizePixels, setText } from "../dom.js";
import { columnsOf } from "../parts/maps_layout.js";
import { scroller } from "../scroller.js";
import { layerName, percent, t } from "../texts.js";
import { montage } from "./montage.js";

/** @typedef {import("../types").Gradients} Gradients */
/** @typedef {import("../types").Step} Step */
/** @typedef {import("../engine/network.js").Network} Network */
/** @typedef {(value: number) => number} Colour */

const [WIDE, HIGH] = [64, 56]; // CSS pixels of a picture, at most
const LARGEST = 6; // CSS pixels of a value

/** A table, a column a layer; `play` lets the gradient run back through it. */
export function makeFlow() {
	const body = el("tbody");
	const table = el("table", { class: "flow" }, el("caption", { class: "visually-hidden" }, t("step.flow")), body);
	const element = scroller(t("step.flow"), table);
	/** @type {Network["plan"] | null} */ let plan = null;
	/** @type {{step: Step, canvas: HTMLCanvasElement, steepest: HTMLElement, moved: HTMLElement}[]} */ let columns =
		[];

	/** @param {Network["plan"]} next */
	function build(next) {
		plan = next;
		columns = plan.steps.map((step) => ({
			step,
			canvas: pixelCanvas(1, 1, 1, t("step.gradient", { layer: layerName(step.name) })),
			steepest: el("td"),
			moved: el("td"),
		}));
		const late = (/** @type {number} */ i) => `--turn: ${columns.length - 1 - i}`;
		body.replaceChildren(
			line(
				t("step.layer"),
				columns.map(({ step }) => el("th", { scope: "col" }, layerName(step.name))),
			),
			line(
				t("step.row.gradient"),
				columns.map(({ canvas }, i) => el("td", { style: late(i), class: "picture" }, canvas)),
			),
			line(
				t("step.row.steepest"),
				columns.map(({ steepest }) => steepest),
			),
			line(
				t("step.row.moved"),
				columns.map(({ moved }) => moved),
			),
		);
	}

	/** @param {Network} network @param {Network} ahead @param {Gradients} gradients @param {Colour} colour */
	function show(network, ahead, gradients, colour) {
		if (network.plan !== plan) build(network.plan);
		for (const { step, canvas, steepest, moved } of columns) {
			const values = gradients.layers.get(step.name) ?? new Float32Array();
			const most = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
			const [count, rows = 1, across = 1] = step.output;
			const units = rows * across === 1;
			const wide = units ? columnsOf(count) : Math.ceil(Math.sqrt(1.5 * count));
			const { height, width, at } = montage(count, rows, across, wide, units ? 0 : 1);
			resizePixels(canvas, height, width, Math.min(WIDE / width, HIGH / height, LARGEST));
			paint(canvas, (pixel) => (at(pixel) < 0 ? 0 : colour(values[at(pixel)] / (most || 1))));
			setText(steepest, most ? most.toPrecision(2) : "0");
			const share = moveOf(step, network, ahead);
			setText(moved, share === null ? t("common.none") : percent(share, share < 0.0995 ? 2 : 0));
		}
	}

	function play() {
		table.classList.remove("flows");
		void table.offsetWidth; // begins the animation anew
		table.classList.add("flows");
	}

	return { element, show, play };
}

/** @param {string} head @param {HTMLElement[]} cells */
function line(head, cells) {
	return el("tr", {}, el("th", { scope: "row" }, head), ...cells);
}

/**
 * How far a layer's weights move, as a part of their size; null if it has none.
 * @param {Step} step @param {Network} network @param {Network} ahead
 */
function moveOf({ tensors }, network, ahead) {
	let [size, move] = [0, 0];
	for (const name of Object.values(tensors)) {
		const [before, after] = [network.tensors.get(name), ahead.tensors.get(name)];
		before?.forEach((weight, i) => {
			size += weight ** 2;
			move += ((after?.[i] ?? weight) - weight) ** 2;
		});
	}
	return size ? Math.sqrt(move / size) : null;
}
