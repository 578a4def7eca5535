// What a model makes of a drawing on the Compare tab, and how long that takes it.
import { layerOf, predicted, run } from "../engine/network.js";
import { imageFor } from "../input.js";

/** @typedef {import("../types").Compared} Compared */
/** @typedef {import("../types").Preprocessed} Preprocessed */
/** @typedef {import("../models.js").Loaded} Loaded */

const PASSES = 10; // whose mean time is told: browsers measure to a tenth of a millisecond, or worse

/**
 * @param {Loaded} model @param {Preprocessed} input @param {boolean} timed takes a few passes more
 * @returns {Compared}
 */
export function compareWith({ network, about }, input, timed) {
	const image = imageFor(network, input);
	const activations = run(network, image);
	const maps = network.plan.steps.filter(({ operation, output }) => operation === "conv" && output[1] > 1);
	return {
		model: about,
		digit: predicted(activations),
		probabilities: activations.probabilities,
		confidence: activations.confidence,
		milliseconds: timed ? time(() => run(network, image)) : null,
		maps: maps.map((step) => layerOf(activations, step)),
	};
}

/** Milliseconds that work takes, on average. @param {() => void} work */
function time(work) {
	const start = performance.now();
	for (let pass = 0; pass < PASSES; pass++) work();
	return (performance.now() - start) / PASSES;
}
