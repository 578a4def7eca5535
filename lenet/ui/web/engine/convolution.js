// Convolution: a kernel for each pair of maps that are connected, slid over the inputs.

/** @typedef {import("./types").Step} Step */
/** @typedef {import("./operations.js").Operation} Operation */
/** A pair of maps, and the place of its kernel. @typedef {[map: number, source: number, kernel: number]} Link */

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
export const conv = {
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
	learn(step, { bias }, x, gradient) {
		const { rows, columns, kernel, stride } = windowOf(step);
		const { x: around, height, width } = pad(step, x);
		const size = rows * columns;
		const weight = new Float32Array(linksOf(step).length * kernel * kernel);
		for (const [map, source, place] of linksOf(step)) {
			for (let y = 0; y < kernel; y++) {
				for (let k = 0; k < kernel; k++) {
					let all = 0;
					for (let row = 0; row < rows; row++) {
						const from = (source * height + row * stride + y) * width + k;
						for (let column = 0; column < columns; column++)
							all += gradient[map * size + row * columns + column] * around[from + column * stride];
					}
					weight[(place * kernel + y) * kernel + k] = all;
				}
			}
		}
		return { weight, bias: bias.length === gradient.length ? gradient : sums(gradient, size) };
	},
};

/** The sum of each map. @param {Float32Array} values @param {number} size of a map */
export function sums(values, size) {
	const all = new Float32Array(values.length / size);
	values.forEach((value, i) => (all[Math.floor(i / size)] += value));
	return all;
}
