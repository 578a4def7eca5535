// What a visitor sees as an address, and back. The drawing stands behind the #, which browsers send to no server.
import { packInk, unpackInk } from "./ink.js";

/** @typedef {import("../types").Linked} Linked */
/** @typedef {import("../types").Message} Message */
/** @typedef {import("../types").Place} Place */
/**
 * What an address asks for, and why some of it is left out.
 * @typedef {{state: Linked, trouble: Message | null}} Found
 */

const VERSION = 1; // of this form: a page leaves out what is newer than itself
const TABS = ["draw", "testset", "compare", "networks", "runs"];
const INK = "#ink=";
const SHOWN = ["v", "network", "run", "threshold", "unit", "tab", "raw"]; // what an address loses once it is shown

const NETWORK = /^[\w-]{1,40}$/;
const RUN = /^[0-9a-f]{64}(@\d{1,4})?$/;
const HUB = /^hf:[\w.-]{1,100}\/[\w.-]{1,100}$/;
const FRACTION = /^([01]|[01]?\.\d{1,6}|1\.0*)$/;
const UNIT = /^([A-Za-z]\w{0,15})\.([1-9]\d{0,3})\.([1-9]\d{0,2})\.([1-9]\d{0,2})$/;
const LESSON = /^\d{1,3}$/;
const LANGUAGE = /^[a-z]{2,3}(-[A-Za-z]{2,8})*$/;

/** @type {Linked} */
export const NOTHING = {
	ink: null,
	network: null,
	run: null,
	threshold: null,
	unit: null,
	tab: null,
	raw: false,
	lesson: null,
	language: null,
	embed: false,
};

/**
 * The address that shows a state.
 * @param {Partial<Linked>} state what is left out, or null, is left to the page that opens it
 * @param {string} base the page's own address, of which only the place counts
 */
export function toLink(state, base) {
	const { ink, network, run, threshold, unit, tab, raw, lesson, language, embed } = { ...NOTHING, ...state };
	/** @type {[string, string | number | null][]} */
	const values = [
		["v", VERSION],
		["network", run ? null : network],
		["run", run],
		["threshold", threshold],
		["unit", unit && unit.join(".")],
		["tab", tab],
		["raw", raw ? 1 : null],
		["lesson", lesson],
		["lang", language],
		["view", embed ? "embed" : null],
	];
	const written = values.filter(([, value]) => value !== null).map(([name, value]) => `${name}=${escaped(value)}`);
	const url = new URL(base);
	url.search = `?${written.join("&")}`;
	url.hash = ink && !ink.picture ? INK + packInk(ink) : "";
	return url.href;
}

/** As a value of an address; a few letters may stand there as they are. @param {string | number | null} value */
const escaped = (value) => encodeURIComponent(String(value)).replace(/%(40|3A|2F)/g, decodeURIComponent);

/**
 * What an address asks for. What is damaged is left out, and said; so is everything of a newer page's.
 * @param {string} address @returns {Found}
 */
export function fromLink(address) {
	const url = new URL(address);
	const given = url.searchParams;
	/** @type {Message[]} */ const parts = [];

	/**
	 * One value, if it is there and in its form.
	 * @template T @param {string} name @param {(text: string) => T | null} read
	 */
	function value(name, read) {
		const text = given.get(name);
		if (text === null) return null;
		const found = read(text);
		if (found === null) parts.push({ key: `link.part.${name}` });
		return found;
	}
	const like = (/** @type {RegExp} */ form) => (/** @type {string} */ text) => (form.test(text) ? text : null);

	const kept = {
		lesson: whole(given.get("lesson")),
		language: like(LANGUAGE)(given.get("lang") ?? ""),
		embed: given.get("view") === "embed",
	};
	const version = value("v", (text) => (/^\d{1,6}$/.test(text) ? Number(text) : null));
	if (version !== null && version > VERSION)
		return { state: { ...NOTHING, ...kept }, trouble: { key: "link.newer" } };
	const run = value("run", (text) => like(RUN)(text) ?? like(HUB)(text));
	/** @type {Linked} */
	const state = {
		...kept,
		ink: inkOf(url.hash, parts),
		network: run ? null : value("network", like(NETWORK)),
		run,
		threshold: value("threshold", fraction),
		unit: value("unit", place),
		tab: value("tab", (text) => (TABS.includes(text) ? text : null)),
		raw: value("raw", (text) => (text === "1" ? true : text === "0" ? false : null)) ?? false,
	};
	return { state, trouble: parts.length ? { key: "link.damaged", values: { parts } } : null };
}

/** An address without what is shown by now; what else it says stays. @param {string} address */
export function withoutLink(address) {
	const url = new URL(address);
	for (const name of SHOWN) url.searchParams.delete(name);
	if (url.hash.startsWith(INK)) url.hash = "";
	return url.href;
}

/** @param {string} hash @param {Message[]} parts that are damaged */
function inkOf(hash, parts) {
	if (!hash.startsWith(INK)) return null;
	try {
		return unpackInk(hash.slice(INK.length));
	} catch {
		parts.push({ key: "link.part.ink" });
		return null;
	}
}

/** @param {string} text */
const fraction = (text) => (FRACTION.test(text) && Number(text) <= 1 ? Number(text) : null);

/** @param {string | null} text */
const whole = (text) => (text !== null && LESSON.test(text) ? Number(text) : null);

/** @param {string} text @returns {Place | null} */
function place(text) {
	const [, layer, ...numbers] = UNIT.exec(text) ?? [];
	if (!layer) return null;
	const [map, row, column] = numbers.map(Number);
	return [layer, map, row, column];
}
