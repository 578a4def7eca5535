// Every sentence that a visitor can read, by its key. The table is texts/en.json; lenet/texts.py renders it for Python.

/** @typedef {import("./types").Message} Message */
/** @typedef {import("./types").Value} Value */

export const language = "en";

/** @type {Record<string, string | Record<string, string>>} */
const table = await (await fetch(new URL(`texts/${language}.json`, import.meta.url))).json();
const plurals = new Intl.PluralRules(language);

/** A sentence. An unknown key stands for itself. @param {string} key @param {Record<string, Value>} values */
export function t(key, values = {}) {
	let sentence = table[key];
	if (sentence === undefined) {
		console.error(`no text for ${key}`);
		return key;
	}
	if (typeof sentence === "object") sentence = sentence[plurals.select(Number(values.count))] ?? sentence.other;
	return sentence.replace(/\{(\w+)(?::([^}]+))?\}/g, (_, name, form) => written(values[name], form));
}

/** A message of the server's as its sentence; none is empty. @param {Message | null | undefined} message */
export function render(message) {
	return message ? t(message.key, message.values) : "";
}

/** Whether there is such a text. @param {string} key */
export const has = (key) => key in table;

/** @param {Value} value @param {string | undefined} form @returns {string} */
function written(value, form) {
	if (typeof value === "number") return form ? formatted(value, form) : grouped(value);
	if (Array.isArray(value)) return value.map((one) => written(one, undefined)).join(", ");
	return typeof value === "object" ? render(value) : String(value);
}

/** @param {number} value @param {string} form ".2" fixed decimals, "2%" per cent */
function formatted(value, form) {
	return form.endsWith("%") ? percent(value, Number(form.slice(0, -1))) : fixed(value, Number(form.slice(1)));
}

/** A whole or other number with its thousands grouped. @param {number} value */
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
