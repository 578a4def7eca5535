// The layers of a network in a table, one of them chosen.
import { el } from "../dom.js";
import { kindOf } from "../plans.js";
import { scroller } from "../scroller.js";
import { grouped, layerName, t } from "../texts.js";

/** @typedef {import("../types").Step} Step */

const COLUMNS = [
	"layer",
	"type",
	"input",
	"output",
	"kernel",
	"stride",
	"padding",
	"parameters",
	"connections.column",
	"macs",
	"receptive_field",
];
const SUMS = 7; // columns before the first that is summed up

/** Sizes, as the page writes them: "6×28×28". @param {number[]} shape */
export const size = (shape) => shape.join("×");

/** Build the table, with nothing in it. @param {(index: number) => void} chosen hears of a layer that is clicked */
export function layerTable(chosen) {
	const body = el("tbody");
	const foot = el("tfoot");
	const heads = COLUMNS.map((name) => el("th", { scope: "col" }, t(`networks.${name}`)));
	const table = el("table", { class: "layers" }, el("thead", {}, el("tr", {}, ...heads)), body, foot);

	/** @param {Step} layer @param {number} index */
	function row(layer, index) {
		const { name, input, output, kernel, stride, padding, parameters, connections, macs } = layer;
		const called = layerName(name);
		const explain = el(
			"button",
			{ type: "button", "aria-label": t("networks.explain", { layer: called }) },
			called,
		);
		const field = size(Array(2).fill(layer.receptive_field.size));
		const sliding = kernel === null ? ["", "", ""] : [size([kernel, kernel]), String(stride), String(padding)];
		const cells = [t(`networks.kind.${kindOf(layer)}`), size(input), size(output), ...sliding];
		cells.push(grouped(parameters), grouped(connections), grouped(macs), field);
		const first = el("th", { scope: "row" }, explain);
		return el("tr", { click: () => chosen(index) }, first, ...cells.map((text) => el("td", {}, text)));
	}

	/** @param {Step[]} layers */
	function show(layers) {
		/** @param {"parameters" | "connections" | "macs"} name */
		const sum = (name) => grouped(layers.reduce((total, layer) => total + layer[name], 0));
		body.replaceChildren(...layers.map(row));
		const total = el("th", { scope: "row" }, t("networks.total"));
		const sums = [sum("parameters"), sum("connections"), sum("macs"), ""].map((text) => el("td", {}, text));
		foot.replaceChildren(el("tr", {}, total, el("td", { colspan: SUMS - 1 }), ...sums));
	}

	/** Mark a layer as the chosen one. @param {number} index */
	function mark(index) {
		[...body.rows].forEach((line, i) => {
			line.classList.toggle("chosen", i === index);
			line.querySelector("button")?.setAttribute("aria-pressed", String(i === index));
		});
	}
	return { element: scroller(t("networks.layers"), table), show, mark };
}
