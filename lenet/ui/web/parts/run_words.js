// A run in words: what it is called, what was set, how long it took and when.
import { runName } from "../model.js";
import { fixed, grouped, has, listed, t, tag } from "../texts.js";

/** @typedef {import("../types").Row} Row */
/**
 * A run as the server lists it: `settings` are those that differ from the defaults, `epochs` how many were asked for,
 * `start` the KEY or KEY@EPOCH that it began with, or empty; `mine` how many digits of one's own it was taught;
 * `date` is ISO, UTC.
 * @typedef {{key: string, title: string, network: string, finished: boolean, settings: [string, string | number][],
 *   start: string, correct: number, total: number, accuracy: number, interval: [number, number], data: string,
 *   seconds: number, device: string, date: string, epochs: number, mine: number, training: Row[],
 *   validation: Row[]}} Run
 */

/** What it is called: its title, or its network and epochs. @param {Run} run */
export function nameOf(run) {
	return run.title || untitled(run);
}

/** @param {Run} run */
function untitled({ network, epochs, mine }) {
	if (mine) return t("runs.name_taught.short", { network, digits: t("runs.digits", { count: mine }) });
	return t("runs.name.short", { network, epochs: epochsOf(epochs) });
}

/** The same with all that tells it from others: it stands in labels and keys. @param {Run} run @param {Run[]} all */
export function longNameOf(run, all) {
	const alike = all.filter((other) => nameOf(other) === nameOf(run));
	if (alike.length < 2) return nameOf(run);
	const words = settingsOf(run, all);
	const twins = alike.filter((other) => settingsOf(other, all).join() === words.join());
	if (twins.length > 1) words.push(dateOf(run.date));
	return listed([nameOf(run), ...words]);
}

/**
 * Its settings as far as they are not the usual ones.
 * @param {Run} run @param {Run[]} all for the name of the one it began with
 */
export function settingsOf(run, all) {
	const { title, settings, start, finished } = run;
	const words = title ? [untitled(run)] : [];
	for (const [field, value] of settings) {
		const named = `${field}.${value}`; // as optimizer.adam
		words.push(t(`runs.setting.${field}`, { value: has(named) ? t(named) : written(value) }));
	}
	if (start) {
		const [key, epoch] = start.split("@");
		const other = all.find((one) => one.key === key);
		const from = other ? nameOf(other) : isKey(key) ? runName(key) : key;
		words.push(epoch ? t("runs.start.epoch", { run: from, epoch: Number(epoch) }) : t("runs.start", { run: from }));
	}
	if (!finished) words.push(t("runs.unfinished"));
	return words;
}

/** Whether a run began with another; else with a network. @param {string} start */
const isKey = (start) => /^[0-9a-f]{64}$/.test(start);

/** @param {number} count */
const epochsOf = (count) => t("runs.epochs", { count });

/** Years, seeds and rates as they are typed. @param {string | number} value */
const written = (value) => (typeof value === "number" && !Number.isInteger(value) ? grouped(value) : String(value));

/** How long its training took. @param {Run} run */
export function durationOf({ seconds, device }) {
	const time =
		seconds < 10
			? t("time.short", { seconds: Math.max(0.1, Number(fixed(seconds, 1))) })
			: seconds < 120
				? t("time.seconds", { seconds: Math.round(seconds) })
				: t("time.minutes", { minutes: Math.round(seconds / 60) });
	return t("runs.duration", { time, device });
}

const dates = new Intl.DateTimeFormat(tag, {
	day: "numeric",
	month: "short",
	year: "numeric",
	hour: "2-digit",
	minute: "2-digit",
	hourCycle: "h23",
});

/** When it ended, by the visitor's clock. @param {string} iso */
export function dateOf(iso) {
	const date = new Date(iso);
	return Number.isNaN(date.getTime()) ? iso : dates.format(date);
}
