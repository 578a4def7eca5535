// What a teaching changed, and which of the collected digits were misread.
import { el } from "../dom.js";
import { percent, t } from "../texts.js";
import { pictureOf } from "./picture.js";

/** @typedef {import("../types").Change} Change */
/** @typedef {import("../types").Collected} Collected */

/** @param {Change[]} changes */
export function changesTable(changes) {
	const heads = ["digits", "before", "after"].map((name) => el("th", { scope: "col" }, t(`change.${name}`)));
	const rows = changes.map(({ digits, total, before, after, intervals }) =>
		el(
			"tr",
			{},
			el("th", { scope: "row" }, t(`change.digits.${digits}`, { count: total })),
			accuracy(before, total, intervals[0]),
			accuracy(after, total, intervals[1], Math.sign(after - before)),
		),
	);
	return el("table", { class: "changes" }, el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...rows));
}

/**
 * @param {number} correct @param {number} total @param {[low: number, high: number]} interval
 * @param {number} change -1 if it fell, 1 if it rose
 */
function accuracy(correct, total, [low, high], change = 0) {
	const decimals = total < 1000 ? 1 : 2;
	const range = t("change.interval", { low: percent(low, decimals), high: percent(high, decimals) });
	const [kind, arrow] =
		change > 0 ? ["up", ` ${t("change.up")}`] : change < 0 ? ["down", ` ${t("change.down")}`] : ["", ""];
	return el("td", { class: kind }, el("b", {}, percent(correct / total, decimals), arrow), el("small", {}, range));
}

/** @param {Collected[]} collected */
export function collectedTable(collected) {
	const misread = collected.filter(({ digit, predicted, rejected }) => rejected || predicted !== digit.label);
	const caption = t("collected.misread", { count: misread.length, total: collected.length });
	if (misread.length === 0) return el("p", { class: "collected" }, caption);
	const heads = ["digit", "wanted", "read"].map((name) => el("th", { scope: "col" }, t(`collected.${name}`)));
	const rows = misread.map(({ digit, predicted, probability, rejected }) => {
		const read = t(rejected ? "collected.rejected" : "collected.as", { digit: predicted, probability });
		return el(
			"tr",
			{},
			el("td", {}, pictureOf(digit)),
			el("th", { scope: "row" }, String(digit.label)),
			el("td", {}, read),
		);
	});
	const [head, body] = [el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...rows)];
	return el("table", { class: "collected" }, el("caption", {}, caption), head, body);
}
