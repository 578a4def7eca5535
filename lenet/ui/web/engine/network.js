// Runs a network's plan (lenet/networks/plan.py) with its weights on one input, and keeps the values of every layer.
import { ACTIVATIONS } from "./activations.js";
import { INPUT_SIDE } from "./geometry.js";
import { OPERATIONS } from "./operations.js";

/** @typedef {import("./types").Activations} Activations */
/** @typedef {import("./types").Plan} Plan */
/** @typedef {import("./safetensors.js").Tensors} Tensors */
/** A network that can run. @typedef {{plan: Plan, tensors: Tensors}} Network */

const INK = 255; // of a pixel that is full of it
const SHOWN = 0.05; // magnitude of values that the page, which writes one decimal, shows as more than 0

/**
 * Run a network on an image of 32x32 pixels, or three of them, red, green and blue, if it sees colours.
 * @param {Network} network @param {Uint8Array} image @returns {Activations}
 */
export function run(network, image) {
	const input = take(network.plan, image);
	/** @type {Activations["layers"]} */ const layers = new Map();
	/** @type {Float32Array} */ let x = input;
	for (const step of network.plan.steps) {
		const raw = OPERATIONS[step.operation].run(step, weightsOf(network, step), x);
		const values = step.activation ? raw.map(ACTIVATIONS[step.activation].value) : raw;
		layers.set(step.name, { raw, values });
		x = step.late ? raw : values;
	}
	return { input, layers, ...posterior(network, x) };
}

/** The weights of a step, by what they are. @param {Network} network @param {import("./types").Step} step */
export function weightsOf({ tensors }, step) {
	const found = Object.entries(step.tensors).map(([kind, name]) => [kind, tensors.get(name)]);
	return /** @type {import("./operations.js").Weights} */ (Object.fromEntries(found));
}

/** The input (channels, rows, columns) of a network. @param {Plan} plan @param {Uint8Array} image */
function take({ input }, image) {
	const { channels, side } = input;
	const values = new Float32Array(channels * side * side);
	const colours = image.length / INPUT_SIDE ** 2;
	for (let channel = 0; channel < channels; channel++) {
		const from = Math.min(channel, colours - 1) * INPUT_SIDE ** 2;
		values.set(takeChannel(input, image.subarray(from, from + INPUT_SIDE ** 2)), channel * side * side);
	}
	return values;
}

/** @param {Plan["input"]} input @param {Uint8Array} image of one channel */
function takeChannel({ crop, side, resize, scale, offset }, image) {
	const left = INPUT_SIDE - 2 * crop;
	const pixel = (/** @type {number} */ row, /** @type {number} */ column) =>
		image[(row + crop) * INPUT_SIDE + column + crop] / INK;
	const values = new Float32Array(side * side);
	if (!resize) return values.map((_, i) => pixel(Math.floor(i / side), i % side) * scale + offset);
	const narrow = new Float64Array(left * side); // (rows of the image, columns of the input)
	for (let row = 0; row < left; row++)
		for (let column = 0; column < side; column++)
			for (let k = 0; k < left; k++) narrow[row * side + column] += resize[column][k] * pixel(row, k);
	return values.map((_, i) => {
		let sum = 0;
		for (let k = 0; k < left; k++) sum += resize[Math.floor(i / side)][k] * narrow[k * side + (i % side)];
		return sum * scale + offset;
	});
}

/**
 * A logit for each digit, and one for rubbish, if there is that class, as the loss takes them.
 * @param {Plan} plan @param {Float32Array} output
 */
export function logitsOf({ rubbish }, output) {
	return rubbish === null ? [...output] : [...output, rubbish].map((distance) => -distance);
}

/** Those logits as the posterior takes them. @param {Network} network @param {Float32Array} output */
function calibrated({ plan, tensors }, output) {
	if (plan.rubbish === null) return [...output];
	const { posterior } = plan;
	const [rubbish, temperature] = [posterior.rubbish, posterior.temperature].map(
		(name) => tensors.get(name)?.[0] ?? NaN,
	);
	return [...output, rubbish].map((distance) => -distance / temperature);
}

/** @param {number[]} logits */
export function softmax(logits) {
	const most = Math.max(...logits);
	const parts = logits.map((logit) => Math.exp(logit - most));
	const all = parts.reduce((sum, part) => sum + part, 0);
	return parts.map((part) => part / all);
}

/**
 * What the output means: ten probabilities, and how confident they are, 0 to 1.
 * @param {Network} network @param {Float32Array} output
 */
function posterior(network, output) {
	const probabilities = softmax(calibrated(network, output)).slice(0, output.length);
	if (network.plan.rubbish !== null)
		return { probabilities, confidence: probabilities.reduce((sum, p) => sum + p, 0) };
	const entropy = probabilities.reduce((sum, p) => sum - (p > 0 ? p * Math.log(p) : 0), 0);
	return { probabilities, confidence: 1 - entropy / Math.log(output.length) };
}

/** Digits, the most probable first. @param {number[]} probabilities */
export const ranked = (probabilities) => [...probabilities.keys()].sort((a, b) => probabilities[b] - probabilities[a]);

/** The digit that is most probable. @param {Activations} activations */
export const predicted = ({ probabilities }) => probabilities.indexOf(Math.max(...probabilities));

/**
 * A layer's values on a scale of their own: their largest magnitude, or 1 where all are next to nothing and look so.
 * @param {Activations} activations @param {import("./types").Step} step @returns {import("./types").Layer}
 */
export function layerOf({ layers }, { name, output }) {
	const values = layers.get(name)?.values ?? new Float32Array();
	const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
	return { name, shape: output, values, scale: largest >= SHOWN ? largest : 1 };
}
