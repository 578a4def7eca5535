// A link that was opened: what it asks for is shown, and the address tidied, so that a reload keeps what was drawn
// since.
import { ask, wait } from "../ask.js";
import { listenWhile } from "../dom.js";
import { show } from "../ink.js";
import { runName } from "../model.js";
import { know, loadModel } from "../models.js";
import { plans } from "../plans.js";
import { get, set, update } from "../store.js";
import { openTab } from "../tabs.js";
import { embedded } from "../view.js";
import { fromLink, withoutLink } from "./link.js";

/** @typedef {import("../types").Failure} Failure */
/** @typedef {import("../types").Host} Host */
/** @typedef {import("../types").Ink} Ink */
/** @typedef {import("../types").Linked} Linked */
/** @typedef {import("../types").Message} Message */
/** @typedef {import("../types").Model} Model */
/** @typedef {import("../types").Place} Place */
/** @typedef {(message: Message) => void} Say */

const RETRY = 500; // milliseconds, when the server did not answer
const HUB = "hf:";

/**
 * What the address asks for. It loses what is asked, except in a frame: that shows the same when it is loaded again.
 */
export function takeLink() {
	const found = fromLink(location.href);
	const { ink } = found.state;
	if (ink?.strokes.length) ink.chosen = true; // nobody drew it here
	if (!embedded) history.replaceState(history.state, "", withoutLink(location.href));
	return found;
}

/**
 * Show all that a link asks for but its drawing, and hear of further links that are pasted over the address.
 * @param {HTMLElement} element of the pad @param {Host} host whose server function `load` tells of models
 * @param {import("./link.js").Found} found @param {Say} say hears what is left out
 */
export function followLinks(element, host, found, say) {
	showLink(host, found, say);
	listenWhile(element, window, "hashchange", () => {
		const next = takeLink();
		if (next.state.ink) show(next.state.ink);
		showLink(host, next, say);
	});
}

/** @param {Host} host @param {import("./link.js").Found} found @param {Say} say */
async function showLink(host, { state, trouble }, say) {
	const { network, run, threshold, raw, tab, unit } = state;
	/** @type {Message[]} */ const troubles = trouble ? [trouble] : [];
	const tell = (/** @type {Message | null} */ next) => {
		if (next) troubles.push(next);
		if (troubles.length) say(troubles.reduce((first, second) => ({ key: "link.both", values: { first, second } })));
	};
	if (threshold !== null) set("threshold", threshold);
	if (raw) update("options", { raw });
	tell(tab && !openTab(tab) ? { key: "link.no_tab" } : null);
	const about = run || network ? await openModel(host, run ?? network ?? "", tell) : null;
	if (!unit) return;
	const name = about?.network ?? get("about")?.network ?? host.props.models[0].network;
	if (isUnit(name, unit)) set("pin", unit);
	else tell({ key: "link.no_unit", values: { unit: unit.join("."), network: name } });
}

/**
 * Let a model read, once it is here; until then, or if it cannot be opened, the one before reads on.
 * @param {Host} host @param {string} name as links have it @param {(trouble: Message) => void} tell
 * @returns {Promise<Model | null>}
 */
async function openModel(host, name, tell) {
	const before = get("model");
	const found = await load(host, name);
	if (get("model") !== before) return null; // somebody has chosen another since
	if (!("error" in found)) {
		set("model", found.id);
		return found;
	}
	const about = get("about");
	const key = /^[0-9a-f]{64}/.test(before);
	const model = about?.id === before && about.title ? about.title : key ? runName(before) : before;
	if (name.startsWith(HUB)) tell({ key: "link.no_hub", values: { name, reason: found.error, model } });
	else if (name.length < 64) tell({ key: "link.no_network", values: { name, model } });
	else tell({ key: "link.no_run", values: { run: name.slice(0, 8), model } });
	return null;
}

/** @param {Host} host @param {string} name @returns {Promise<Model | Failure>} */
async function load(host, name) {
	const hub = name.startsWith(HUB);
	const known = host.props.models.some((/** @type {Model} */ { id }) => id === name);
	if (!hub && !known && name.length < 64) return { error: { key: "model.gone" } };
	for (;;) {
		const asked = hub ? await ask(host.server.load, { model: name }) : null;
		if (asked?.about) know([asked.about]);
		const found = asked?.error ? asked : await loadModel(host, asked?.about.id ?? name);
		if (!("error" in found)) return found.about;
		if (!found.again) return found;
		await wait(RETRY);
	}
}

/** Whether a network has such a unit. @param {string} network @param {Place} place */
function isUnit(network, [layer, map, row, column]) {
	const [maps = 0, rows = 1, columns = 1] = plans[network]?.steps.find(({ name }) => name === layer)?.output ?? [];
	return map <= maps && row <= rows && column <= columns;
}
