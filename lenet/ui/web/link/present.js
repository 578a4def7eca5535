// What the page shows now, as a link tells it, and what the link does not tell.
import { get } from "../store.js";
import { language } from "../texts.js";
import { fromLink } from "./link.js";

/** @typedef {import("../types").Linked} Linked */
/** @typedef {import("../types").Message} Message */

const LOCAL = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/; // hosts that are nobody else's

/** @returns {{state: Linked, notes: Message[]}} */
export function present() {
	const [ink, { unit, raw }, tab] = [get("ink"), get("options"), get("tab")];
	const live = get("model").startsWith("live:");
	const id = live ? get("home") : get("model");
	const [key] = id.split("@");
	/** @type {Message[]} */ const notes = [];
	if (ink.picture) notes.push({ key: "share.photo" });
	if (live) notes.push({ key: "share.live", values: { model: isKey(id) ? key.slice(0, 8) : id } });
	if (get("runs").includes(key)) notes.push({ key: "share.own_run" });
	if (LOCAL.test(location.hostname)) notes.push({ key: "share.local" });
	const [, hub = null] = get("hub").find(([known]) => known === key) ?? [];
	const { lesson } = fromLink(location.href).state; // where the lesson keeps its step
	return {
		state: {
			ink: ink.example || ink.picture ? null : ink,
			network: isKey(id) || hub ? null : id,
			run: hub ?? (isKey(id) ? id : null),
			threshold: get("threshold"),
			unit,
			tab: tab === "draw" ? null : tab,
			raw,
			lesson,
			language,
			embed: false,
		},
		notes,
	};
}

/** @param {string} id of a model */
const isKey = (id) => /^[0-9a-f]{64}/.test(id);
