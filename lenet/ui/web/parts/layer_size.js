// Where a layer's size and its number of parameters come from, worked through in numbers.
import { linksOf } from "../engine/convolution.js";
import { kindOf } from "../plans.js";
import { t } from "../texts.js";

/** @typedef {import("../types").Step} Step */

/** @param {number[]} shape */
const product = (shape) => shape.reduce((result, length) => result * length, 1);

/** The size of its output. @param {Step} step @returns {string} */
export function sizeOf({ input, output, kernel, stride, padding }) {
	if (kernel === null) return t("networks.formula.units", { size: product(output), inputs: product(input) });
	const uneven = (input[1] - kernel + 2 * Number(padding)) % Number(stride) !== 0;
	return t(uneven ? "networks.formula.size.rounded" : "networks.formula.size", {
		width: input[1],
		kernel,
		padding: Number(padding),
		stride: Number(stride),
		size: output[1],
		maps: output[0],
		rows: output[1],
		columns: output[2],
	});
}

/** Its parameters. @param {Step} step @returns {string} */
export function parametersOf(step) {
	const { input, output, kernel, parameters: count } = step;
	const [inputs, maps] = [product(input), output[0]];
	switch (kindOf(step)) {
		case "conv": {
			const biases = count - maps * input[0] * Number(kernel) ** 2;
			return t("networks.formula.conv", { maps, inputs: input[0], kernel: Number(kernel), biases, count });
		}
		case "conv_table": {
			const links = linksOf(step).length;
			const biases = count - links * Number(kernel) ** 2;
			return t("networks.formula.conv_table", { links, kernel: Number(kernel), biases, count });
		}
		case "subsample":
			return t("networks.formula.subsample", { maps, count });
		case "linear":
			return t("networks.formula.linear", { inputs, size: maps, biases: count - inputs * maps, count });
		case "rbf":
			return t("networks.formula.rbf", { inputs, size: maps });
		default:
			return t("networks.formula.pooling");
	}
}
