// How a network learns from one drawing: its loss, the gradients of everything, and one step of gradient descent.
import { backward, valuesOf } from "./backward.js";
import { logitsOf, softmax, weightsOf } from "./network.js";
import { OPERATIONS } from "./operations.js";

/** @typedef {import("./types").Activations} Activations */
/** @typedef {import("./types").Gradients} Gradients */
/** @typedef {import("./network.js").Network} Network */

/**
 * The loss, the cross-entropy in nats, of what a network makes of a drawing that should have been a digit.
 * @param {Network} network @param {Activations} activations @param {number} label
 */
export function lossOf({ plan }, activations, label) {
	const logits = logitsOf(plan, outputOf(plan, activations));
	const most = Math.max(...logits);
	return Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - most), 0)) + most - logits[label];
}

/**
 * The loss, and its gradients by the values of every layer and by every weight.
 * @param {Network} network @param {Activations} activations @param {number} label @returns {Gradients}
 */
export function gradientsOf(network, activations, label) {
	const { plan } = network;
	const output = outputOf(plan, activations);
	const sign = plan.rubbish === null ? 1 : -1; // a logit is a distance turned round
	const probabilities = softmax(logitsOf(plan, output));
	const slopes = output.map((_, digit) => sign * (probabilities[digit] - Number(digit === label)));
	/** @type {Gradients} */
	const found = { loss: lossOf(network, activations, label), layers: new Map(), weights: new Map() };
	backward(network, activations, slopes, (step, gradient, raw, x) => {
		found.layers.set(step.name, gradient);
		const learnt = OPERATIONS[step.operation].learn(step, weightsOf(network, step), x, raw);
		for (const [kind, values] of Object.entries(learnt)) found.weights.set(step.tensors[kind], values);
	});
	return found;
}

/**
 * A copy of a network whose weights went one step of gradient descent: w - rate * gradient.
 * @param {Network} network @param {Gradients} gradients @param {number} rate @returns {Network}
 */
export function descend({ plan, tensors }, { weights }, rate) {
	const moved = [...weights].map(([name, gradient]) => {
		const before = /** @type {Float32Array} */ (tensors.get(name));
		return /** @type {[string, Float32Array]} */ ([name, before.map((weight, i) => weight - rate * gradient[i])]);
	});
	return { plan, tensors: new Map([...tensors, ...moved]) };
}

/** @param {import("./types").Plan} plan @param {Activations} activations */
const outputOf = ({ steps }, activations) => valuesOf(activations, steps[steps.length - 1].name).values;
