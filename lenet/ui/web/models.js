// Models that can read here: what each is, and its weights, which come once.
import { ask } from "./ask.js";
import { bytes } from "./dom.js";
import { Refused } from "./engine/refused.js";
import { readWeights } from "./engine/safetensors.js";

/** @typedef {import("./types").Failure} Failure */
/** @typedef {import("./types").Host} Host */
/** @typedef {import("./types").Model} Model */
/** @typedef {{about: Model, network: import("./engine/network.js").Network}} Loaded */

const MOST = 64; // models kept: the oldest goes first

/** @type {Map<string, Model>} what is known before it is asked for */ const known = new Map();
/** @type {Map<string, Loaded>} */ const loaded = new Map();
/** @type {Map<string, Promise<Loaded | Failure>>} under way */ const loading = new Map();

/** Whether a model is in training, or only in the server's memory: it is not kept here. @param {string} id */
export const isLive = (id) => id.startsWith("live:");

/** Note models that need not be asked for. @param {Model[]} models */
export function know(models) {
	for (const model of models) known.set(model.id, model);
}

/** Forget a run and its epochs, whose names begin with its key: it was renamed, or is gone. @param {string} key */
export function unload(key) {
	for (const id of [...loaded.keys()]) if (id.startsWith(key)) loaded.delete(id);
}

/** A model that is loaded already. @param {string} id */
export const loadedModel = (id) => loaded.get(id);

/**
 * Load a model, unless it is loaded or under way; in training, its newest weights.
 * @param {Host} host whose server function `load` tells of it @param {string} id @returns {Promise<Loaded | Failure>}
 */
export function loadModel(host, id) {
	const there = loaded.get(id);
	if (there) return Promise.resolve(there);
	const promise = loading.get(id) ?? fetchModel(host, id).finally(() => loading.delete(id));
	loading.set(id, promise);
	return promise;
}

/** @param {Host} host @param {string} id @returns {Promise<Loaded | Failure>} */
async function fetchModel(host, id) {
	const about = known.get(id);
	const answer = about ? { about } : await ask(host.server.load, { model: id });
	if (answer.error) return answer;
	try {
		const file = answer.weights ? bytes(answer.weights).buffer : await fetchFile(answer.about.weights);
		const found = { about: answer.about, network: readWeights(file) };
		if (!isLive(id)) keep(id, found);
		return found;
	} catch (error) {
		if (error instanceof Refused) return { error: error.reason, gone: error.reason.key === "model.gone" };
		return { error: { key: "server.unreachable" }, again: true };
	}
}

/** @param {string} id @param {Loaded} found */
function keep(id, found) {
	loaded.set(id, found);
	const [oldest] = loaded.keys();
	if (loaded.size > MOST) loaded.delete(oldest);
}

/**
 * Fetch weights, and see whether they are what their address says; what a cache has spoilt is fetched once more.
 * @param {string} address
 */
async function fetchFile(address) {
	for (const cache of /** @type {const} */ (["default", "reload"])) {
		const response = await fetch(new URL(`../${address}`, import.meta.url), { cache });
		if ([404, 410].includes(response.status)) throw new Refused("model.gone");
		if (!response.ok) throw new Error(response.statusText); // the server is not well: it is asked again
		const file = await response.arrayBuffer();
		if (await isWhole(file, address)) return file;
	}
	throw new Refused("weights.damaged");
}

/**
 * Whether the digest in a file's address is that of its bytes. Browsers offer digests to secure pages only (https, or
 * this machine); on others a file is still checked by its form.
 * @param {ArrayBuffer} file @param {string} address
 */
async function isWhole(file, address) {
	if (!crypto.subtle) return true;
	const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", file));
	return address.includes([...digest].map((byte) => byte.toString(16).padStart(2, "0")).join(""));
}
