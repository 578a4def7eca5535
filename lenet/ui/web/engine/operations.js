// The operations that plans are made of: each turns the values of one layer into those of the next, before activation,
// and a gradient of these into one of those. Values are (maps, rows, columns), rows after rows.

/** @typedef {import("./types").Step} Step */
/** @typedef {{weight: Float32Array, bias: Float32Array}} Weights */
/** A pair of maps, and the place of its kernel. @typedef {[map: number, source: number, kernel: number]} Link */
/**
 * `run` turns inputs into outputs, `back` the gradient of the outputs into that of the inputs x.
 * @typedef {{run: (step: Step, weights: Weights, x: Float32Array) => Float32Array,
 *   back: (step: Step, weights: Weights, x: Float32Array, gradient: Float32Array) => Float32Array}} Operation
 */

/** @type {WeakMap<Step, Link[]>} */ const known = new WeakMap();

/** The pairs of maps that a convolution connects, in the order of the kernels. @param {Step} step @returns {Link[]} */
export function linksOf(step) {
	const found = known.get(step);
	if (found) return found;
	const [sources, maps] = [[...Array(step.input[0]).keys()], [...Array(step.output[0]).keys()]];
	const pairs = maps.flatMap((map) => (step.table?.[map] ?? sources).map((source) => [map, source]));
	const links = pairs.map(([map, source], kernel) => /** @type {Link} */ ([map, source, kernel]));
	known.set(step, links);
	return links;
}

/** Numbers of a step that slides a window. @param {Step} step */
export function windowOf({ input, output, kernel, stride, padding }) {
	const [sources, height, width] = input;
	const [maps, rows, columns] = output;
	return {
		sources,
		height,
		width,
		maps,
		rows,
		columns,
		kernel: Number(kernel),
		stride: Number(stride),
		padding: Number(padding),
	};
}

/** The inputs with the padding that the step wants. @param {Step} step @param {Float32Array} x */
function pad(step, x) {
	const { sources, height, width, padding } = windowOf(step);
	if (padding === 0) return { x, height, width };
	const [tall, wide] = [height + 2 * padding, width + 2 * padding];
	const around = new Float32Array(sources * tall * wide).fill(step.padding_value);
	for (let row = 0; row < sources * height; row++) {
		const [map, y] = [Math.floor(row / height), row % height];
		around.set(x.subarray(row * width, (row + 1) * width), (map * tall + y + padding) * wide + padding);
	}
	return { x: around, height: tall, width: wide };
}

/**
 * Add a row of a kernel, slid along a row of inputs, to a row of outputs.
 * @param {Float32Array} out @param {number} to @param {number} columns of these
 * @param {Float32Array} weight @param {number} tap the row's first weight
 * @param {Float32Array} x @param {number} from @param {number} kernel @param {number} stride
 */
function slideAny(out, to, columns, weight, tap, x, from, kernel, stride) {
	for (let column = 0; column < columns; column++) {
		let sum = 0;
		for (let k = 0; k < kernel; k++) sum += weight[tap + k] * x[from + column * stride + k];
		out[to + column] += sum;
	}
}

/** The same for five weights and a stride of one, as most have: twice as fast. @type {typeof slideAny} */
function slideFive(out, to, columns, weight, tap, x, from) {
	const [a, b, c] = [weight[tap], weight[tap + 1], weight[tap + 2]];
	const [d, e] = [weight[tap + 3], weight[tap + 4]];
	for (let i = 0; i < columns; i++, from++)
		out[to + i] += a * x[from] + b * x[from + 1] + c * x[from + 2] + d * x[from + 3] + e * x[from + 4];
}

/** @type {Operation} */
const conv = {
	run(step, { weight, bias }, x) {
		const { rows, columns, kernel, stride } = windowOf(step);
		const { x: around, height, width } = pad(step, x);
		const [size, area] = [rows * columns, kernel * kernel];
		const out = new Float32Array(step.output[0] * size);
		for (let i = 0; i < out.length; i++) out[i] = bias.length === out.length ? bias[i] : bias[Math.floor(i / size)];
		const slide = kernel === 5 && stride === 1 ? slideFive : slideAny;
		for (const [map, source, place] of linksOf(step)) {
			for (let y = 0; y < kernel; y++) {
				const tap = place * area + y * kernel;
				for (let row = 0; row < rows; row++) {
					const from = (source * height + row * stride + y) * width;
					slide(out, map * size + row * columns, columns, weight, tap, around, from, kernel, stride);
				}
			}
		}
		return out;
	},
	back(step, { weight }, x, gradient) {
		const { height, width, rows, columns, kernel, stride, padding } = windowOf(step);
		const out = new Float32Array(x.length);
		for (const [map, source, place] of linksOf(step)) {
			for (let unit = 0; unit < rows * columns; unit++) {
				const slope = gradient[map * rows * columns + unit];
				if (slope === 0) continue;
				const [top, left] = [
					Math.floor(unit / columns) * stride - padding,
					(unit % columns) * stride - padding,
				];
				for (let y = Math.max(0, -top); y < Math.min(kernel, height - top); y++)
					for (let k = Math.max(0, -left); k < Math.min(kernel, width - left); k++)
						out[(source * height + top + y) * width + left + k] +=
							slope * weight[(place * kernel + y) * kernel + k];
			}
		}
		return out;
	},
};

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
	};
}

const add = (/** @type {number} */ x, /** @type {number} */ y) => x + y;

/** @type {Operation} */
const linear = {
	run: ({ output: [units] }, { weight, bias }, x) => {
		const out = Float32Array.from(bias);
		for (let unit = 0; unit < units; unit++) {
			let all = 0;
			for (let i = 0; i < x.length; i++) all += weight[unit * x.length + i] * x[i];
			out[unit] += all;
		}
		return out;
	},
	back: ({ output: [units] }, { weight }, x, gradient) => {
		const out = new Float32Array(x.length);
		for (let unit = 0; unit < units; unit++)
			for (let i = 0; i < x.length; i++) out[i] += gradient[unit] * weight[unit * x.length + i];
		return out;
	},
};

/** @type {Operation} */
const rbf = {
	run: ({ codes }, _, x) =>
		Float32Array.from(codes ?? [], (code) => code.reduce((all, value, i) => all + (x[i] - value) ** 2, 0)),
	back: ({ codes }, _, x, gradient) =>
		x.map((value, i) => (codes ?? []).reduce((all, code, unit) => all + 2 * gradient[unit] * (value - code[i]), 0)),
};

/** By the names that plans use. @type {Record<string, Operation>} */
export const OPERATIONS = {
	conv,
	linear,
	rbf,
	max: pooling(
		Math.max,
		(most) => most,
		(values) => values.map((_, i) => Number(i === values.indexOf(Math.max(...values)))),
	),
	mean: pooling(
		add,
		(sum, _, __, count) => sum / count,
		(values) => values.map(() => 1 / values.length),
	),
	subsample: pooling(
		add,
		(sum, { weight, bias }, map) => weight[map] * sum + bias[map],
		(values, { weight }, map) => values.map(() => weight[map]),
	),
};
