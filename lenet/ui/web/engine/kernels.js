// The first layer's kernels, as pictures; and copies of a network without some of its kernels.
import { linksOf } from "./convolution.js";

/** @typedef {import("./network.js").Network} Network */

/**
 * The first layer's kernels, map by map, summed over colour channels: those for a grey image; and their largest size.
 * @param {Network} network
 */
export function firstKernels({ plan, tensors }) {
	const [step] = plan.steps;
	const weight = tensors.get(step.tensors.weight) ?? new Float32Array();
	const area = Number(step.kernel) ** 2;
	const values = new Float32Array(step.output[0] * area);
	for (const [map, , kernel] of linksOf(step))
		for (let i = 0; i < area; i++) values[map * area + i] += weight[kernel * area + i];
	return { values, scale: values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1 };
}

/**
 * A copy of a network in which nothing hears a map of a layer, from 1, provided that a convolution is what does.
 * @param {Network} network @param {string} layer @param {number} map @returns {Network}
 */
export function mute(network, layer, map) {
	const { steps } = network.plan;
	const at = steps.findIndex(({ name }) => name === layer);
	const hearing = at < 0 ? undefined : steps.slice(at + 1).find(({ operation }) => operation === "conv");
	if (!hearing) return network;
	const heard = linksOf(hearing).filter(([, source]) => source === map - 1);
	return prune(
		network,
		hearing.name,
		heard.map(([target, source]) => [target, source]),
	);
}

/**
 * A copy of a network with some connections of a layer, (map, source) from 0, set to zero.
 * @param {Network} network @param {string} layer @param {[map: number, source: number][]} connections
 * @returns {Network}
 */
export function prune({ plan, tensors }, layer, connections) {
	const step = plan.steps.find(({ name }) => name === layer);
	const weight = step && tensors.get(step.tensors.weight)?.slice();
	if (!step || !weight) return { plan, tensors };
	const area = Number(step.kernel) ** 2;
	const cut = new Set(connections.map(String));
	for (const [map, source, kernel] of linksOf(step))
		if (cut.has(String([map, source]))) weight.fill(0, kernel * area, (kernel + 1) * area);
	return { plan, tensors: new Map(tensors).set(step.tensors.weight, weight) };
}
