// What the parts ask of a server, answered here: as far as a page without one can.
import { loadModel } from "../models.js";
import { render } from "../texts.js";
import { makePrune } from "./pruning.js";
import { makeTest } from "./testset.js";

/** @typedef {import("../types").Failure} Failure */
/** @typedef {import("../types").Host["server"]} Server */
/** @typedef {import("../types").Model} Model */
/** @typedef {import("../parts/run_words.js").Run} Run */
/**
 * What lenet/ui/site.py wrote: `models` that there are, `runs` among them as they are listed, and the parts' props.
 * @typedef {{models: Model[], runs: Run[], parts: Record<string, any>, testset: import("./testset.js").Facts}} Site
 */

/** @type {Site} */
export const site = await (await fetch(new URL("../site.json", import.meta.url))).json();
for (const one of [...site.models, ...site.runs]) one.title = named(one.title);
for (const run of site.parts.bars.runs) run[1] = named(run[1]);

/** What a run is called: its title, or what it is. @param {string | import("../types").Message} title */
function named(title) {
	return typeof title === "string" ? title : render(title);
}

/** @param {{model: string}} message @returns {Promise<{about: Model} | Failure>} */
async function load({ model }) {
	const about = site.models.find(({ id }) => id === model);
	return about ? { about } : { error: { key: "model.gone" }, gone: true };
}

/** What is left of it: a list of the runs. */
const manage = async () => ({ public: false, runs: site.runs });

const photo = async () => ({ error: { key: "photo.no_server" } });

/** @param {string} id */
const network = (id) => loadModel({ props: {}, server, watch() {}, trigger() {} }, id);

/** @type {Server} */
export const server = { load, manage, photo, test: makeTest(site.testset, network), prune: makePrune(network) };
