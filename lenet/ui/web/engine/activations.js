// Activation functions by the names that plans give them, each with its slope where its value is y.

/** @typedef {{value: (x: number) => number, slope: (y: number) => number}} Activation */

const [AMPLITUDE, STEEPNESS] = [1.7159, 2 / 3]; // of the 1998 paper's

/** @type {Record<string, Activation>} */
export const ACTIVATIONS = {
	ReLU: { value: (x) => (x > 0 ? x : 0), slope: (y) => (y > 0 ? 1 : 0) },
	sigmoid: { value: (x) => 1 / (1 + Math.exp(-x)), slope: (y) => y * (1 - y) },
	tanh: { value: Math.tanh, slope: (y) => 1 - y * y },
	"1.7159 tanh(2a/3)": {
		value: (x) => AMPLITUDE * Math.tanh(STEEPNESS * x),
		slope: (y) => STEEPNESS * (AMPLITUDE - (y * y) / AMPLITUDE),
	},
};
