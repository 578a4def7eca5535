// What in the input matters to the score of a digit: a gradient, carried back through the layers.
import { backward, valuesOf } from "./backward.js";
import { INPUT_SIDE } from "./geometry.js";

/** @typedef {import("./types").Activations} Activations */
/** @typedef {import("./types").Plan} Plan */
/** @typedef {import("./network.js").Network} Network */

/**
 * d(margin) / d(ink) for each of the image's 32x32 pixels: positive where more ink favours the digit. The margin is the
 * digit's logit less the largest other one; its gradient does not fade, as that of a probability does, when the network
 * is confident. Gradients of colour channels are added up.
 * @param {Network} network @param {Activations} activations @param {number} digit
 */
export function saliency(network, activations, digit) {
	const slopes = marginSlopes(network.plan, activations, digit);
	return toPixels(network.plan.input, backward(network, activations, slopes));
}

/** d(margin) / d(output). @param {Plan} plan @param {Activations} activations @param {number} digit */
function marginSlopes({ rubbish, steps }, activations, digit) {
	const sign = rubbish === null ? 1 : -1; // a logit is a distance turned round
	const { values } = valuesOf(activations, steps[steps.length - 1].name);
	const logits = [...values].map((value) => sign * value);
	const other = logits.indexOf(Math.max(...logits.filter((_, i) => i !== digit)));
	const rival = other === digit ? logits.indexOf(logits[other], other + 1) : other;
	return Float32Array.from(logits, (_, i) => sign * (Number(i === digit) - Number(i === rival)));
}

/** From the input's values to the image's pixels. @param {Plan["input"]} input @param {Float32Array} gradient */
function toPixels({ channels, side, crop, resize, scale }, gradient) {
	const left = INPUT_SIDE - 2 * crop;
	const pixels = new Float32Array(INPUT_SIDE ** 2);
	for (let row = 0; row < left; row++) {
		for (let column = 0; column < left; column++) {
			let all = 0;
			for (let channel = 0; channel < channels; channel++) {
				const at = (/** @type {number} */ y, /** @type {number} */ x) =>
					gradient[(channel * side + y) * side + x];
				if (!resize) all += at(row, column);
				else
					for (let y = 0; y < side; y++)
						if (resize[y][row])
							for (let x = 0; x < side; x++)
								if (resize[x][column]) all += resize[y][row] * resize[x][column] * at(y, x);
			}
			pixels[(row + crop) * INPUT_SIDE + column + crop] = all * scale;
		}
	}
	return pixels;
}
