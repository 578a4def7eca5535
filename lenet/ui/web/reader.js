// The reading: whatever is drawn, by whatever model is chosen, here in the browser while the pen moves.
import { latest, wait } from "./ask.js";
import { busy } from "./dom.js";
import { mute } from "./engine/kernels.js";
import { layerOf, predicted, run } from "./engine/network.js";
import { shift } from "./engine/preprocessing.js";
import { saliency } from "./engine/saliency.js";
import { explainUnit } from "./engine/unit.js";
import { inStep } from "./frames.js";
import { isDrawn } from "./ink.js";
import { imageFor, inputOf } from "./input.js";
import { runName } from "./model.js";
import { isLive, know, loadModel, loadedModel } from "./models.js";
import { get, listen, same, set } from "./store.js";

/** @typedef {import("./types").Answer} Answer */
/** @typedef {import("./types").Failure} Failure */
/** @typedef {import("./types").Host} Host */
/** @typedef {import("./types").Message} Message */
/** @typedef {import("./models.js").Loaded} Loaded */
/** @typedef {import("./engine/network.js").Network} Network */

const RETRY = 500; // milliseconds, when the server did not answer

/**
 * Read as long as the element is on the page.
 * @param {HTMLElement} element is busy while something is still to be read
 * @param {Host} host whose server functions `load` and `photo` answer
 * @param {(reason: Message) => void} tell hears why another model reads than was chosen
 */
export function read(element, host, tell) {
	/** @type {Loaded | null} */ let reads = null;
	/** @type {Loaded | null} */ let compared = null;
	know(host.props.models);

	const mark = (/** @type {boolean} */ working) => busy(element, working);
	const go = inStep(readNow, mark);

	/** Load the model that is chosen; until it is there, the one before reads on. */
	const loadChosen = latest(async () => {
		const id = get("model");
		const found = await loadModel(host, id);
		const wanted = id === get("model") || (isLive(id) && isLive(get("model")));
		if (!element.isConnected || !wanted) return;
		if (!("error" in found)) return use(found);
		if (!found.again) return fallBack(id, found);
		reads ? tell(found.error) : fail(found.error);
		await wait(RETRY);
		loadChosen();
	}, mark);

	/** @param {Loaded} found */
	function use(found) {
		if (found !== reads) set("steps", []);
		reads = found;
		if (!same(found.about, get("about"))) set("about", found.about);
		go();
	}

	/** Load the model to compare with, if there is one. */
	const loadCompared = latest(async () => {
		const id = get("options").previous;
		const found = id === null ? null : await loadModel(host, id);
		compared = found && !("error" in found) ? found : null; // else there is nothing to compare with
		go();
	}, mark);

	/** @param {string} model that is gone, or damaged @param {Failure} failure */
	function fallBack(model, { error, gone }) {
		const instead = model === get("home") ? host.props.value.model : get("home");
		if (instead === model) return fail(error);
		set("model", instead);
		const name = isKey(instead) ? runName(instead) : instead;
		tell(gone ? { key: "model.fell_back", values: { model: name } } : error);
	}

	/** @type {{whole: Network, muted: object, network: Network} | null} what was muted last */ let last = null;
	/** @param {Network} whole @param {NonNullable<import("./types").Options["muted"]>} muted */
	function muting(whole, muted) {
		if (last?.whole !== whole || last.muted !== muted)
			last = { whole, muted, network: mute(whole, muted.layer, muted.map) };
		return last.network;
	}

	let waiting = false; // for a photo
	/** @param {boolean} now */
	function awaitPhoto(now) {
		if (now !== waiting) mark((waiting = now));
	}

	function readNow() {
		if (!isDrawn() || !get("ink").picture) awaitPhoto(false);
		if (!isDrawn()) return fail(null);
		if (!reads) return;
		const found = inputOf(host, get("ink"), get("options").raw, go);
		awaitPhoto(!found);
		if (!found) return fail({ key: "bars.photo" });
		const { input: prepared, error } = found;
		if (!prepared) return fail(error ?? { key: "pad.no_digit" });
		const { saliency: digit, unit, shift: by, muted } = get("options");
		const input = by ? shift(prepared, ...by) : prepared;
		const start = performance.now();
		const steps = get("steps");
		const whole = steps.at(-1) ?? reads.network;
		const network = muted ? muting(whole, muted) : whole;
		const image = imageFor(network, input);
		const activations = run(network, image);
		const milliseconds = performance.now() - start;
		const other = steps.length ? reads.network : compared?.network;
		/** @type {Answer} */
		const answer = {
			digit: predicted(activations),
			probabilities: activations.probabilities,
			confidence: activations.confidence,
			preprocessed: input,
			coloured: image === input.colours,
			layers: network.plan.steps.map((step) => layerOf(activations, step)),
			activations,
			network,
			model: reads.about,
			saliency: digit === null ? null : saliency(network, activations, digit),
			unit: unit && explainUnit(network, activations, unit),
			steps: steps.length,
			previous: other ? run(other, imageFor(other, input)).probabilities : null,
		};
		set("reading", { answer, error: null, milliseconds });
	}

	const whileHere = (/** @type {() => void} */ work) => () => {
		if (element.isConnected) work();
	};
	for (const key of /** @type {const} */ (["ink", "steps"])) listen(key, whileHere(go));
	listen("model", (id) => {
		const there = loadedModel(id);
		if (!element.isConnected) return;
		there ? use(there) : loadChosen();
	});
	listen("about", (about) => {
		if (!about && element.isConnected) loadChosen();
	});
	listen("options", (options) => {
		if (!element.isConnected) return;
		if (options.previous !== (compared?.about.id ?? null)) loadCompared();
		go();
	});
	loadChosen();
}

/** @param {string} model */
const isKey = (model) => /^[0-9a-f]{64}/.test(model);

/** @param {Message | null} error */
function fail(error) {
	set("reading", { answer: null, error, milliseconds: null });
}
