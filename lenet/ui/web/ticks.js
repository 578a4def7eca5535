// Where an axis begins and ends, and where its ticks stand. Plain numbers, nothing of the page.

/**
 * An axis to be. The data decide how far it goes; `from` and `to` are in it in any case, `min` and `max` are what
 * values can at most be, so that 100% is not followed by 105%.
 * @typedef {{title: string, from?: number, to?: number, min?: number, max?: number, log?: boolean, whole?: boolean,
 *   ticks?: number[], format?: (value: number) => string}} Axis
 */
/**
 * What an axis became: `place` gives 0 to 1 for a value, and never less or more.
 * @typedef {{low: number, high: number, ticks: number[], place: (value: number) => number}} Scale
 */

/** Round numbers: a step of 1, 2 or 5 times a power of ten, at least so large. @param {number} least */
function roundStep(least) {
	const power = 10 ** Math.floor(Math.log10(least));
	return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= least * 0.999) ?? 10 * power;
}

/**
 * The scale of an axis over its data. No value is lost: one that a logarithm cannot show stands at the lower end.
 * @param {Axis} axis @param {number[]} data @param {number} most ticks that fit @returns {Scale}
 */
export function scale(axis, data, most) {
	const { from, to, log = false } = axis;
	const known = [...data, from, to].filter((value) => Number.isFinite(value) && (!log || Number(value) > 0));
	const values = /** @type {number[]} */ (known.length ? known : log ? [0.1, 1] : [0, 1]);
	const [low, high] = [Math.min(...values), Math.max(...values)];
	return log ? logarithmic(low, high, most, axis) : linear(low, high, most, axis);
}

/** @param {number} low @param {number} high @param {number} most @param {Axis} axis @returns {Scale} */
function linear(low, high, most, { from, to, min = -Infinity, max = Infinity, whole, ticks: given }) {
	if (low === high)
		[low, high] = low >= max ? [low - 0.1 * (Math.abs(low) || 1), high] : [low, high + 0.1 * (Math.abs(high) || 1)];
	const step = Math.max(whole ? 1 : 0, roundStep((high - low) / Math.max(1, most - 1)));
	if (low !== from) low = Math.max(min, step * Math.floor(low / step + 1e-9));
	if (high !== to) high = Math.min(max, step * Math.ceil(high / step - 1e-9));
	const ticks = given?.filter((tick) => tick >= low && tick <= high) ?? [];
	if (!given) {
		for (let i = Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i++)
			ticks.push(+(i * step).toPrecision(12));
	}
	return { low, high, ticks, place: (value) => inside((value - low) / (high - low)) };
}

/** @param {number} low @param {number} high @param {number} most @param {Axis} axis @returns {Scale} */
function logarithmic(low, high, most, { from, to }) {
	for (const factors of [[1, 2, 5], [1, 3], [1]]) {
		const all = steps(low, high, factors);
		const begin = low === from ? low : /** @type {number} */ (all.filter((tick) => tick <= low * 1.001).at(-1));
		const end = high === to ? high : /** @type {number} */ (all.find((tick) => tick >= high * 0.999));
		const ticks = all.filter((tick) => tick >= begin * 0.999 && tick <= end * 1.001);
		if (ticks.length > most && factors.length > 1) continue;
		const every = Math.ceil(ticks.length / Math.max(2, most));
		const [first, last] = [Math.log(begin), Math.log(end === begin ? 10 * begin : end)];
		const place = (/** @type {number} */ value) =>
			inside(value > 0 ? (Math.log(value) - first) / (last - first) : 0);
		return { low: begin, high: end, ticks: ticks.filter((_, i) => i % every === 0), place };
	}
	throw new Error("unreachable");
}

/**
 * Factors times powers of ten, around low and high.
 * @param {number} low @param {number} high @param {number[]} factors
 */
function steps(low, high, factors) {
	const all = [];
	for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
		for (const factor of factors) all.push(+(factor * 10 ** power).toPrecision(6));
	}
	return all;
}

/** @param {number} place */
const inside = (place) => (Number.isNaN(place) ? 0 : Math.min(1, Math.max(0, place)));
