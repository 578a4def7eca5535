// A unit in words and numbers: what it and its sources are called, and how its value comes about.
import { fixed, t } from "../texts.js";

/** @typedef {import("../types").Unit} Unit */
/** @typedef {import("../types").Source} Source */

/** @param {Unit} unit */
export function titleOf({ layer, map, row, column, is_spatial, kind, value }) {
	if (is_spatial) return t("unit.title.map", { layer, map, row, column, value });
	if (layer !== "output") return t("unit.title.unit", { layer, map, value });
	return t(kind === "distance" ? "unit.title.distance" : "unit.title.output", { digit: map - 1, value });
}

/**
 * How the value comes about.
 * @param {Unit} unit @param {number} sum @param {number} bias @param {number} total all rounded
 */
export function sumOf(unit, sum, bias, total) {
	const { kind, map, value, activation, sources } = unit;
	if (kind === "distance") return t("unit.distance", { digit: map - 1, value: total });
	if (kind === "max") {
		const values = sources[0].values.flat().map((one) => fixed(one));
		return t("unit.max", { values, value: unit.total });
	}
	const added = unit.bias === null ? t("unit.sum", { sum }) : t("unit.bias", { sum, bias, total });
	return activation ? t("unit.activation", { sum: added, activation, value }) : added;
}

/** What a source is called. @param {Unit} unit @param {Source} source */
export function nameOf({ source_layer, sources }, { map }) {
	if (source_layer) return t("unit.source", { layer: source_layer, map });
	return sources.length === 1 ? t("unit.input") : [t("unit.red"), t("unit.green"), t("unit.blue")][map - 1];
}

/**
 * So many sources, in their order: those that contribute most.
 * @param {Unit} unit @param {number} most
 */
export function strongest({ sources }, most) {
	if (sources.length <= most) return { shown: sources, rest: false };
	const size = (/** @type {Source} */ source) => Math.abs(source.contribution ?? 0);
	const few = new Set([...sources].sort((a, b) => size(b) - size(a)).slice(0, Math.max(1, most - 1)));
	return { shown: sources.filter((source) => few.has(source)), rest: true };
}

/**
 * Round to hundredths so that the numbers shown still add up: those furthest from theirs give way.
 * @param {number[]} values @param {number} sum in hundredths
 */
export function rounded(values, sum) {
	const whole = values.map((value) => Math.round(100 * value));
	const off = values.map((value, i) => 100 * value - whole[i]);
	for (let left = sum - whole.reduce((a, b) => a + b, 0); left && whole.length; left -= Math.sign(left)) {
		const i = off.indexOf(left > 0 ? Math.max(...off) : Math.min(...off));
		whole[i] += Math.sign(left);
		off[i] -= Math.sign(left);
	}
	return whole.map((hundredths) => hundredths / 100);
}
