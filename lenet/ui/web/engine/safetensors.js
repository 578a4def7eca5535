// Weights as they come: a file of safetensors (github.com/huggingface/safetensors), checked before any of it is used.
import { Refused } from "./refused.js";

/** @typedef {import("./types").Plan} Plan */
/** @typedef {Map<string, Float32Array>} Tensors by their names */

const LENGTH = 8; // bytes that say how long the header is
const VERSION = 1; // of a plan
const SIZES = { F32: 4, F16: 2 }; // bytes a value

/**
 * Read a file: the plan in its header, and its tensors.
 * @param {ArrayBuffer} file @returns {{plan: Plan, tensors: Tensors}}
 */
export function readWeights(file) {
	const damaged = () => new Refused("weights.damaged");
	if (file.byteLength < LENGTH) throw damaged();
	const length = new DataView(file).getUint32(0, true);
	if (LENGTH + length > file.byteLength) throw damaged();
	/** @type {any} */ let header;
	/** @type {Plan} */ let plan;
	try {
		header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(new Uint8Array(file, LENGTH, length)));
		plan = JSON.parse(header.__metadata__.plan);
	} catch {
		throw damaged();
	}
	if (plan.version !== VERSION) throw new Refused("weights.version");
	delete header.__metadata__;
	const tensors = new Map(
		Object.entries(header).map(([name, entry]) => [name, tensor(file, LENGTH + length, entry)]),
	);
	const ends = Object.values(header).map(({ data_offsets: [, end] }) => end);
	if (LENGTH + length + Math.max(...ends) !== file.byteLength) throw damaged();
	checkTensors(plan, tensors);
	return { plan, tensors };
}

/**
 * @param {ArrayBuffer} file @param {number} start of the data
 * @param {{dtype: "F32" | "F16", shape: number[], data_offsets: [number, number]}} entry @returns {Float32Array}
 */
function tensor(file, start, { dtype, shape, data_offsets: [first, end] }) {
	const count = shape.reduce((product, length) => product * length, 1);
	if (end - first !== count * SIZES[dtype] || start + end > file.byteLength) throw new Refused("weights.damaged");
	const bytes = file.slice(start + first, start + end);
	const values = dtype === "F32" ? new Float32Array(bytes) : Float32Array.from(new Uint16Array(bytes), half);
	if (!values.every(Number.isFinite)) throw new Refused("weights.damaged");
	return values;
}

/** The value of 16 bits: a sign, 5 bits of exponent, 10 of fraction (IEEE 754 binary16). @param {number} bits */
function half(bits) {
	const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
	const size = exponent ? 2 ** (exponent - 25) * (1024 + fraction) : 2 ** -24 * fraction;
	return exponent === 31 ? NaN : bits >> 15 ? -size : size;
}

/** A network needs all that its plan names, as large as the plan says. @param {Plan} plan @param {Tensors} tensors */
function checkTensors({ steps, posterior }, tensors) {
	if (!Object.values(posterior).every((name) => tensors.get(name)?.length === 1))
		throw new Refused("weights.damaged");
	for (const step of steps) {
		const found = Object.values(step.tensors).map((name) => tensors.get(name)?.length ?? NaN);
		const count = found.reduce((sum, length) => sum + length, 0);
		if (count !== step.parameters) throw new Refused("weights.damaged");
	}
}
