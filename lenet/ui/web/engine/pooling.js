// Pooling: blocks of a map, each of which becomes one value.
import { sums, windowOf } from "./convolution.js";

/** @typedef {import("./types").Step} Step */
/** @typedef {import("./operations.js").Operation} Operation */
/** @typedef {import("./operations.js").Weights} Weights */

/**
 * An operation on blocks, each map by itself.
 * @param {(x: number, y: number) => number} join two values of a block, then the next
 * @param {(joined: number, weights: Weights, map: number, count: number) => number} finish makes the unit's value
 * @param {(values: number[], weights: Weights, map: number) => number[]} slopes of that value by those of the block
 * @returns {Operation}
 */
function pooling(join, finish, slopes) {
	/** @param {Step} step @param {(map: number, unit: number, first: number) => void} visit by a block's first value */
	function visitBlocks(step, visit) {
		const { maps, height, width, rows, columns, stride } = windowOf(step);
		for (let map = 0, unit = 0; map < maps; map++)
			for (let row = 0; row < rows; row++)
				for (let column = 0; column < columns; column++, unit++)
					visit(map, unit, (map * height + row * stride) * width + column * stride);
	}
	return {
		run(step, weights, x) {
			const { maps, rows, columns, width, kernel } = windowOf(step);
			const out = new Float32Array(maps * rows * columns);
			visitBlocks(step, (map, unit, first) => {
				let joined = x[first];
				for (let i = 1; i < kernel * kernel; i++)
					joined = join(joined, x[first + Math.floor(i / kernel) * width + (i % kernel)]);
				out[unit] = finish(joined, weights, map, kernel * kernel);
			});
			return out;
		},
		back(step, weights, x, gradient) {
			const { width, kernel } = windowOf(step);
			const inside = [...Array(kernel * kernel).keys()].map((i) => Math.floor(i / kernel) * width + (i % kernel));
			const out = new Float32Array(x.length);
			visitBlocks(step, (map, unit, first) => {
				const values = inside.map((place) => x[first + place]);
				const each = slopes(values, weights, map);
				inside.forEach((place, i) => (out[first + place] += gradient[unit] * each[i]));
			});
			return out;
		},
		learn: () => ({}),
	};
}

const add = (/** @type {number} */ x, /** @type {number} */ y) => x + y;

/** @type {Operation} */
export const max = pooling(
	Math.max,
	(most) => most,
	(values) => values.map((_, i) => Number(i === values.indexOf(Math.max(...values)))),
);

/** @type {Operation} */
export const mean = pooling(
	add,
	(sum, _, __, count) => sum / count,
	(values) => values.map(() => 1 / values.length),
);

const scaled = pooling(
	add,
	(sum, { weight, bias }, map) => weight[map] * sum + bias[map],
	(values, { weight }, map) => values.map(() => weight[map]),
);

/** @type {Operation} */
export const subsample = {
	...scaled,
	learn(step, { weight, bias }, x, gradient) {
		const unscaled = { weight: weight.map(() => 1), bias: bias.map(() => 0) };
		const blocks = scaled.run(step, unscaled, x);
		const { rows, columns } = windowOf(step);
		const products = gradient.map((slope, i) => slope * blocks[i]);
		return { weight: sums(products, rows * columns), bias: sums(gradient, rows * columns) };
	},
};
