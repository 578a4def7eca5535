// The reading loop: the drawing goes to the server while the pen moves, and the answer into the store.
import { ask, latest, wait } from "./ask.js";
import { busy } from "./dom.js";
import { drawing } from "./ink.js";
import { get, listen, same, set } from "./store.js";

/** @typedef {import("./types").Host} Host */
/** @typedef {import("./types").Message} Message */

const VERSION = 1; // of the message
const RETRY = 500; // milliseconds, when the server did not answer

/**
 * Read whatever is drawn with whatever model is chosen, as long as the element is on the page.
 * @param {HTMLElement} element is busy meanwhile
 * @param {Host} host whose server function `read` answers @param {(id: string) => void} fellBack hears of a model that
 *   is gone, and which one reads instead
 */
export function read(element, host, fellBack) {
	const go = latest(
		() => once(),
		(working) => busy(element, working),
	);

	async function once() {
		const [drawn, model, start] = [drawing(), get("model"), performance.now()];
		if (!drawn) fail(null);
		if (!drawn && get("about")?.id === model) return;
		const question = { version: VERSION, model, ...(drawn ?? { strokes: [] }), ...get("options") };
		const answer = await ask(host.server.read, question);
		if (answer.model && !same(answer.model, get("about"))) set("about", answer.model);
		if (answer.gone && model === get("model")) fallBack(model);
		else if (answer.error) fail(answer.error);
		else if (answer.digit === null) fail(drawn && { key: "pad.no_digit" });
		else if (drawing()) set("reading", { answer, error: null, milliseconds: performance.now() - start });
		if (!answer.again) return;
		await wait(RETRY);
		if (element.isConnected) go();
	}

	/** @param {string} model that is gone */
	function fallBack(model) {
		const instead = model === get("home") ? host.props.value.model : get("home");
		if (instead === model) return fail({ key: "model.gone" });
		set("model", instead);
		fellBack(instead);
	}

	for (const key of /** @type {const} */ (["ink", "model", "options"])) {
		const end = listen(key, () => (element.isConnected ? go() : end()));
	}
	go();
}

/** @param {Message | null} error */
function fail(error) {
	set("reading", { answer: null, error, milliseconds: null });
}
