// From readings of the test digits to metrics: what lenet/evaluation/report.py says of each is not said again here.

/** @typedef {[confidence: number, accuracy: number, count: number]} Bin */

const QUANTILE = 1.959964; // of the normal distribution: Wilson's interval is one of 95 %

/**
 * @param {ArrayLike<number>} labels @param {Float32Array} probabilities ten a digit @param {Float32Array} confidence
 * @param {number} bins of confidence, in which calibration is measured
 */
export function makeReport(labels, probabilities, confidence, bins) {
	const total = labels.length;
	const places = [...Array(total).keys()];
	const predicted = predictions(probabilities);
	const best = places.map((i) => probabilities[10 * i + predicted[i]]);
	const hits = places.map((i) => predicted[i] === labels[i]);
	const correct = hits.filter(Boolean).length;

	const confusion = tens(() => tens(() => 0));
	for (const i of places) confusion[labels[i]][predicted[i]]++;
	const labelled = confusion.map(sum);
	const said = tens((digit) => sum(confusion.map((row) => row[digit])));
	const calibration = calibrate(best, hits, bins);

	/** Rates rejected and error rates of the rest, as fewer of the least confident are kept. */
	function rejection() {
		const order = [...places].sort((a, b) => confidence[b] - confidence[a]);
		let wrong = 0;
		const kept = order.map((i, rank) => {
			if (!hits[i]) wrong++;
			return /** @type {[rejected: number, error: number]} */ ([1 - (rank + 1) / total, wrong / (rank + 1)]);
		});
		return kept.reverse();
	}

	/** Places where something holds, by the probability of the prediction. @param {(i: number) => boolean} holds */
	function ordered(holds, descending = true) {
		return places.filter(holds).sort((a, b) => (descending ? best[b] - best[a] : best[a] - best[b]));
	}

	return {
		total,
		predicted,
		correct,
		accuracy: correct / total,
		interval: wilson(correct, total),
		confusion,
		recall: tens((digit) => fraction(confusion[digit][digit], labelled[digit])),
		precision: tens((digit) => fraction(confusion[digit][digit], said[digit])),
		calibration,
		calibrationError: sum(calibration.map(([mean, accuracy, count]) => Math.abs(mean - accuracy) * count)) / total,
		rejection: rejection(),
		errors: ordered((i) => !hits[i]),
		/** @param {number} threshold @returns the fraction whose confidence is below it */
		rejected: (threshold) => confidence.filter((each) => each < Math.fround(threshold)).length / total,
		/** The fraction to reject for an error rate of the rest; null where none suffices. @param {number} error */
		rejectionForError(error) {
			const enough = this.rejection.filter(([, rate]) => rate <= error).map(([rejected]) => rejected);
			return enough.length ? Math.min(...enough) : null;
		},
		/** Digits of a label read as one digit: errors most confident first, others least confident first. */
		cell: (/** @type {number} */ label, /** @type {number} */ digit) =>
			ordered((i) => labels[i] === label && predicted[i] === digit, label !== digit),
	};
}

/** The most probable digit of each ten probabilities. @param {Float32Array} probabilities */
export function predictions(probabilities) {
	return [...Array(probabilities.length / 10).keys()].map((i) => {
		const ten = probabilities.subarray(10 * i, 10 * i + 10);
		return ten.indexOf(Math.max(...ten));
	});
}

/** @template T @param {(digit: number) => T} make */
const tens = (make) => [...Array(10).keys()].map(make);

/** @param {number[]} numbers */
const sum = (numbers) => numbers.reduce((all, one) => all + one, 0);

/** @param {number} part @param {number} whole @returns {number | null} */
const fraction = (part, whole) => (whole ? part / whole : null);

/** @param {number} correct @param {number} total @returns {[low: number, high: number]} */
function wilson(correct, total) {
	const [z, n, p] = [QUANTILE, total, correct / total];
	const centre = (p + (z * z) / (2 * n)) / (1 + (z * z) / n);
	const half = (z / (1 + (z * z) / n)) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
	return [centre - half, centre + half];
}

/** @param {number[]} best probabilities of the predictions @param {boolean[]} hits @param {number} count of bins */
function calibrate(best, hits, count) {
	/** @type {Bin[]} */ const found = [];
	for (let number = 1; number <= count; number++) {
		const inside = [...best.keys()].filter(
			(i) => Math.min(Math.max(Math.ceil(best[i] * count), 1), count) === number,
		);
		if (!inside.length) continue;
		const mean = sum(inside.map((i) => best[i])) / inside.length;
		found.push([mean, inside.filter((i) => hits[i]).length / inside.length, inside.length]);
	}
	return found;
}
