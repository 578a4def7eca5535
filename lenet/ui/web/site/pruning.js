// What a network's accuracy becomes without some of its connections, on the test digits.
import { prune } from "../engine/kernels.js";
import { connectedLayers } from "../plans.js";
import { loadDigits } from "./digits.js";
import { readAll } from "./readings.js";
import { predictions } from "./report.js";

/** @typedef {import("../types").Failure} Failure */
/** @typedef {import("../models.js").Loaded} Loaded */
/** @typedef {import("../parts/connections.js").Connection} Connection */

/** @param {(id: string) => Promise<Loaded | Failure>} load a model */
export function makePrune(load) {
	/** @type {Map<string, Promise<number>>} */ const known = new Map(); // accuracies, by network and connections

	/** @param {string} id of the network @param {Connection[]} pruned @param {Loaded} loaded */
	function accuracyOf(id, pruned, { network }) {
		const key = [id, ...pruned.map(String).sort()].join(" ");
		const found = known.get(key) ?? measure(prune(network, connectedLayers(network.plan).layer.name, pruned));
		known.set(key, found);
		found.catch(() => known.delete(key));
		return found;
	}

	/** @param {{network: string, pruned: Connection[]}} message */
	return async function answer({ network: id, pruned }) {
		const loaded = await load(id);
		if ("error" in loaded) return loaded;
		const { total } = await loadDigits();
		const accuracy = await accuracyOf(id, pruned, loaded);
		return { accuracy, accuracy_before: await accuracyOf(id, [], loaded), total };
	};
}

/** @param {import("../engine/network.js").Network} network */
async function measure(network) {
	const digits = await loadDigits();
	const { probabilities } = await readAll(network, digits);
	return predictions(probabilities).filter((digit, i) => digit === digits.labels[i]).length / digits.total;
}
