// The operations that plans are made of: each turns the values of one layer into those of the next, before activation,
// and a gradient of these into one of those, or of its own weights. Values are (maps, rows, columns), rows after rows.
import { conv } from "./convolution.js";
import { max, mean, subsample } from "./pooling.js";

/** @typedef {import("./types").Step} Step */
/** @typedef {{weight: Float32Array, bias: Float32Array}} Weights */
/**
 * `run` turns inputs x into outputs; `back` the gradient of the outputs into that of the inputs, `learn` into that of
 * the weights, of which there may be none.
 * @typedef {{run: (step: Step, weights: Weights, x: Float32Array) => Float32Array,
 *   back: (step: Step, weights: Weights, x: Float32Array, gradient: Float32Array) => Float32Array,
 *   learn: (step: Step, weights: Weights, x: Float32Array, gradient: Float32Array) => Partial<Weights>}} Operation
 */

/** @type {Operation} */
const linear = {
	run: ({ output: [units] }, { weight, bias }, x) => {
		const out = Float32Array.from(bias);
		for (let unit = 0; unit < units; unit++) {
			let all = 0;
			for (let i = 0; i < x.length; i++) all += weight[unit * x.length + i] * x[i];
			out[unit] += all;
		}
		return out;
	},
	back: ({ output: [units] }, { weight }, x, gradient) => {
		const out = new Float32Array(x.length);
		for (let unit = 0; unit < units; unit++)
			for (let i = 0; i < x.length; i++) out[i] += gradient[unit] * weight[unit * x.length + i];
		return out;
	},
	learn: ({ output: [units] }, _, x, gradient) => {
		const weight = new Float32Array(units * x.length);
		for (let unit = 0; unit < units; unit++)
			for (let i = 0; i < x.length; i++) weight[unit * x.length + i] = gradient[unit] * x[i];
		return { weight, bias: gradient };
	},
};

/** @type {Operation} */
const rbf = {
	run: ({ codes }, _, x) =>
		Float32Array.from(codes ?? [], (code) => code.reduce((all, value, i) => all + (x[i] - value) ** 2, 0)),
	back: ({ codes }, _, x, gradient) =>
		x.map((value, i) => (codes ?? []).reduce((all, code, unit) => all + 2 * gradient[unit] * (value - code[i]), 0)),
	learn: () => ({}), // its codes are fixed
};

/** By the names that plans use. @type {Record<string, Operation>} */
export const OPERATIONS = { conv, linear, rbf, max, mean, subsample };
