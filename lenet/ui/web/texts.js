// Every sentence that a visitor can read, by its key. The table of a language is texts/LANGUAGE.json; lenet/texts.py
// renders it for Python. Which language it is, head/language.js decides before the page is painted.

/** @typedef {import("./types").Message} Message */
/** @typedef {import("./types").Value} Value */

/**
 * The languages that there are, by the names of their files: what each calls itself, and its tag in HTML. None where
 * Gradio wrote the HTML alone.
 * @type {Record<string, {name: string, tag: string}>}
 */
export const languages = JSON.parse(document.getElementById("languages")?.textContent ?? "{}");
export const language = document.documentElement.dataset.language ?? "en";
export const tag = languages[language]?.tag ?? language;

/** @type {Record<string, string | Record<string, string>>} */
const table = await (await fetch(new URL(`texts/${language}.json`, import.meta.url))).json();
const plurals = new Intl.PluralRules(tag);
const PLACE = /\{(\w+)(?::([^}]+))?\}/g;

/** A sentence. An unknown key stands for itself. @param {string} key @param {Record<string, Value>} values */
export function t(key, values = {}) {
	const sentence = found(key, Number(values.count));
	return sentence.replace(PLACE, (_, name, form) => written(values[name], form));
}

/**
 * A sentence in which elements stand, as what an element is filled with.
 * @param {string} key @param {Record<string, string | Node>} parts @returns {(string | Node)[]}
 */
export function pieces(key, parts) {
	const split = found(key, NaN).split(/\{(\w+)\}/); // every other one is a name
	return split.map((piece, i) => (i % 2 ? parts[piece] : piece));
}

/** @param {string} key @param {number} count */
function found(key, count) {
	const sentence = table[key];
	if (sentence === undefined) console.error(`no text for ${key}`);
	return typeof sentence === "object" ? (sentence[plurals.select(count)] ?? sentence.other) : (sentence ?? key);
}

/** A message of the server's as its sentence; none is empty. @param {Message | null | undefined} message */
export function render(message) {
	return message ? t(message.key, message.values) : "";
}

/** What a layer is called: by the paper's name, but for the output. @param {string} layer */
export const layerName = (layer) => (has(`layer.${layer}`) ? t(`layer.${layer}`) : layer);

/** Whether there is such a text. @param {string} key */
export const has = (key) => key in table;

/** Several as one, as a sentence lists them or says them one after the other. @param {Value[]} parts */
export const listed = (parts) => joined("common.list", parts);
/** @param {string[]} parts */
export const sentences = (parts) => joined("common.sentences", parts);

/** @param {string} key of how two are joined @param {Value[]} parts */
function joined(key, parts) {
	const texts = parts.map((part) => written(part, undefined));
	return texts.length ? texts.reduce((first, second) => t(key, { first, second })) : "";
}

/** @param {Value} value @param {string | undefined} form @returns {string} */
function written(value, form) {
	if (typeof value === "number") return form ? formatted(value, form) : grouped(value);
	if (Array.isArray(value)) return listed(value);
	return typeof value === "object" ? render(value) : String(value);
}

/** @param {number} value @param {string} form ".2" fixed decimals, "2%" per cent */
function formatted(value, form) {
	return form.endsWith("%") ? percent(value, Number(form.slice(0, -1))) : fixed(value, Number(form.slice(1)));
}

/** A whole or other number with its thousands grouped: as English and Chinese both write it. @param {number} value */
export function grouped(value) {
	return value.toLocaleString("en", { maximumFractionDigits: 20 }).replace("-", "−");
}

/** A number with fixed decimals and a real minus sign. @param {number} value @param {number} decimals */
export function fixed(value, decimals = 2) {
	const text = value.toFixed(decimals);
	return Number(text) === 0 ? text.replace("-", "") : text.replace("-", "−");
}

/** A fraction as per cent, as the whole page writes it. @param {number} fraction @param {number} decimals */
export function percent(fraction, decimals = 1) {
	return `${fixed(100 * fraction, decimals)}%`;
}
