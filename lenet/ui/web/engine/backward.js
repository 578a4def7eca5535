// Backpropagation: the gradient of the output, carried back through the layers to the input.
import { ACTIVATIONS } from "./activations.js";
import { weightsOf } from "./network.js";
import { OPERATIONS } from "./operations.js";

/** @typedef {import("./types").Activations} Activations */
/** @typedef {import("./types").Step} Step */
/** @typedef {import("./network.js").Network} Network */
/**
 * Hears, of each step on the way back, the gradient of what the next one takes, that of the values before activation,
 * and the step's inputs x.
 * @typedef {(step: Step, gradient: Float32Array, raw: Float32Array, x: Float32Array) => void} Visitor
 */

/**
 * The gradient of the network's input, given that of its output.
 * @param {Network} network @param {Activations} activations @param {Float32Array} gradient
 * @param {Visitor} visit @returns {Float32Array}
 */
export function backward(network, activations, gradient, visit = () => {}) {
	const { steps } = network.plan;
	for (let i = steps.length - 1; i >= 0; i--) {
		const [step, before] = [steps[i], steps[i - 1]];
		const x = before ? valuesOf(activations, before.name)[before.late ? "raw" : "values"] : activations.input;
		const raw = unsquash(step, gradient, valuesOf(activations, step.name).values);
		visit(step, gradient, raw, x);
		gradient = OPERATIONS[step.operation].back(step, weightsOf(network, step), x, raw);
	}
	return gradient;
}

/**
 * From the values after activation to those before.
 * @param {Step} step @param {Float32Array} gradient @param {Float32Array} values
 */
function unsquash({ activation, late }, gradient, values) {
	if (!activation || late) return gradient; // if late, the next step took them from before it
	const { slope } = ACTIVATIONS[activation];
	return gradient.map((one, i) => one * slope(values[i]));
}

/** @param {Activations} activations @param {string} name of a layer */
export const valuesOf = ({ layers }, name) =>
	/** @type {{raw: Float32Array, values: Float32Array}} */ (layers.get(name));
