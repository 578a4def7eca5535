// How well a model classifies the test digits, as lenet/ui/pages/testset.py answers it: read here, digit by digit. What
// transformations cost was worked out when the page was written.
import { loadDigits } from "./digits.js";
import { noReadings, readAll, readSome } from "./readings.js";
import { makeReport } from "./report.js";

/** @typedef {import("../types").Failure} Failure */
/** @typedef {import("../types").Message} Message */
/** @typedef {import("../types").Perturbed} Perturbed */
/** @typedef {import("../types").TestDigit} TestDigit */
/** @typedef {import("../types").TestReport} TestReport */
/** @typedef {import("../models.js").Loaded} Loaded */
/** @typedef {import("./digits.js").Digits} Digits */
/** @typedef {ReturnType<typeof makeReport>} Report */
/**
 * What Python says of the test: `bins` of the calibration, `points` of the rejection curve, how many digits are `shown`
 * at once, the `error` rate to reach, the paper's errors, and curves by model and kind.
 * @typedef {{data: string, notice: Message | null, bins: number, points: number, shown: number, error: number,
 *   paper: {label: number, digit: number, paper: number}[],
 *   perturbed: Record<string, Record<string, Perturbed>>}} Facts
 */

/** @param {Facts} facts @param {(id: string) => Promise<Loaded | Failure>} load a model */
export function makeTest(facts, load) {
	/** @type {Map<string, import("./readings.js").Readings>} */ const readings = new Map();
	/** @type {Map<string, Report>} */ const reports = new Map();

	/** Those of a model, as far as they are. @param {string} model @param {Digits} digits */
	function readingsOf(model, digits) {
		const found = readings.get(model) ?? noReadings(digits);
		readings.set(model, found);
		return found;
	}

	/** @param {Loaded} loaded @param {Digits} digits */
	async function reportOf({ about, network }, digits) {
		const { probabilities, confidence } = await readAll(network, digits, readingsOf(about.id, digits));
		const report = reports.get(about.id) ?? makeReport(digits.labels, probabilities, confidence, facts.bins);
		reports.set(about.id, report);
		return report;
	}

	/** @param {Loaded} loaded @param {Digits} digits @returns {Promise<TestReport>} */
	async function tell(loaded, digits) {
		const { about } = loaded;
		const report = await reportOf(loaded, digits);
		const { total, correct, accuracy, interval, confusion, recall, precision, calibration, rejection } = report;
		const some = [...Array(facts.points).keys()].map((i) => Math.floor((i * (total - 1)) / (facts.points - 1)));
		return {
			model: about,
			data: facts.data,
			notice: facts.notice,
			...{ correct, total, accuracy, interval, confusion, recall, precision, calibration },
			calibration_error: report.calibrationError,
			threshold: about.threshold,
			rejected: report.rejected(about.threshold),
			rejection: some.map((i) => rejection[i]),
			errors: report.errors.slice(0, facts.shown).map((i) => shown(loaded, digits, report, i)),
			paper: facts.paper.map(({ label, digit, paper }) => ({
				label,
				digit,
				here: confusion[label][digit],
				paper,
			})),
		};
	}

	/**
	 * A test digit.
	 * @param {Loaded} loaded @param {Digits} digits @param {Report} report @param {number} index @returns {TestDigit}
	 */
	function shown({ about }, digits, report, index) {
		const { probabilities } = readingsOf(about.id, digits);
		return {
			index,
			label: digits.labels[index],
			digit: report.predicted[index],
			probabilities: [...probabilities.subarray(10 * index, 10 * index + 10)].map(
				(p) => Math.round(p * 1e4) / 1e4,
			),
			image: btoa(String.fromCharCode(...digits.pixels(index))),
		};
	}

	/**
	 * Answer as Python's `test` does; it fails where the digits cannot be had.
	 * @param {{do: string, model: string, kind?: string, label?: number, digit?: number}} message
	 */
	return async function test(message) {
		const { do: what, model, kind = "", label = 0, digit = 0 } = message;
		const [loaded, digits] = await Promise.all([load(model), loadDigits()]);
		if ("error" in loaded) return loaded;
		if (what === "perturb") return facts.perturbed[model][kind];
		if (what === "report") return tell(loaded, digits);
		if (what === "read") {
			const found = readingsOf(model, digits);
			await readSome(loaded.network, digits, found);
			return { done: found.done, total: digits.total };
		}
		const report = await reportOf(loaded, digits);
		if (what === "point") return { rejected: report.rejectionForError(facts.error) };
		const places = report.cell(label, digit);
		return {
			count: places.length,
			digits: places.slice(0, facts.shown).map((i) => shown(loaded, digits, report, i)),
		};
	};
}
