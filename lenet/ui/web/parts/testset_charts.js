// The charts of the Test-set tab: calibration, rejection, and robustness to transformations.
import { entries, makeChart } from "../chart.js";
import { el } from "../dom.js";
import { heading } from "../help.js";
import { fixed, percent, t } from "../texts.js";

/** @typedef {import("../types").TestReport} TestReport */
/** @typedef {import("../types").Perturbed} Perturbed */

/** Ticks of the axes of transformations. @type {Record<string, number[]>} */
const TICKS = {
	rotation: [-30, 0, 30],
	scale: [0.5, 1, 1.5, 2],
	shift: [-10, -5, 0, 5, 10],
	stroke: [-1, 0, 1, 2],
	noise: [0, 0.05, 0.1, 0.15, 0.2],
};
const HEIGHT = 312; // about that of the confusion matrix
const FEW = 10; // digits of a bin: with fewer its accuracy says little
const whole = (/** @type {number} */ fraction) => percent(fraction, 0);
const small = (/** @type {number} */ fraction) => percent(fraction, fraction === 0 || fraction >= 0.1 ? 0 : 1);

/** Accuracy against confidence, in bins whose points are as large as they have digits. */
export function makeReliability() {
	const chart = makeChart(HEIGHT);
	const title = t("testset.reliability");

	/** @param {TestReport} report */
	function show({ calibration }) {
		const most = Math.max(...calibration.map(([, , count]) => count));
		const many = calibration.filter(([, , count]) => count >= FEW);
		chart.show({
			title: "",
			label: title,
			x: { title: t("testset.reliability.x"), from: 0, to: 1, format: whole },
			y: { title: t("testset.reliability.y"), from: 0, to: 1, format: whole },
			series: [{ name: "", points: many.map(([x, y]) => [x, y]), tone: "accent" }],
			marks: calibration.map(([x, y, count]) => ({
				x,
				y,
				size: (Math.log1p(count) / Math.log1p(most)) ** 2,
				tone: count < FEW ? "pale" : "accent",
				label: t("testset.reliability.bin", { count, confidence: x, accuracy: y }),
			})),
			diagonal: t("testset.reliability.ideal"),
		});
	}
	return { element: el("section", { class: "plot" }, heading("h2", title, "reliability"), chart.element), show };
}

/**
 * The error rate of what is kept, against how much is rejected.
 * @param {number} error rate at which models are compared
 */
export function makeRejection(error) {
	const chart = makeChart(HEIGHT);
	const title = t("testset.rejection");

	/**
	 * @param {TestReport} report @param {string} name of its model
	 * @param {Map<string, number>} points rejected for that error rate, by model
	 */
	function show({ rejection }, name, points) {
		const wide = Math.min(1, Math.max(0.1, ...[...points.values()].map((rejected) => 1.15 * rejected)));
		const shown = rejection.filter(([rejected]) => rejected <= wide);
		chart.show({
			title: "",
			label: title,
			x: { title: t("testset.rejection.x"), from: 0, to: wide, format: whole },
			y: {
				title: t("testset.rejection.y"),
				from: 0,
				to: Math.max(1.5 * error, ...shown.map(([, rate]) => rate)),
				format: small,
			},
			series: [{ name, points: shown, tone: "accent" }],
			rules: [{ axis: "y", value: error, name: t("testset.rejection.rule", { error }) }],
			marks: [...points].reverse().map(([model, rejected]) => ({
				x: rejected,
				y: error,
				name: model,
				tone: model === name ? "accent" : "soft",
				label: t("testset.rejection.model", { model, rejected, error }),
			})),
		});
	}
	return { element: el("section", { class: "plot" }, heading("h2", title, "rejection"), chart.element), show };
}

/** A chart per kind of transformation, with one key for all. @param {string[]} kinds */
export function makeRobustness(kinds) {
	const charts = new Map(kinds.map((kind) => [kind, makeChart(168)]));
	const caption = el("p", { class: "caption" });
	const key = el("ul", { class: "key" });
	const legend = el("div", { class: "chart legend" }, key, caption);
	const element = el(
		"section",
		{ class: "robustness" },
		heading("h2", t("testset.robustness"), "robustness"),
		el("div", { class: "plots" }, ...[...charts.values()].map((chart) => chart.element), legend),
	);

	/** @param {Perturbed} curve */
	function show({ kind, severities, claims, total, accuracy, drawing }) {
		const along = (/** @type {number[]} */ values) => values.map((value, i) => [severities[i], value]);
		const format = kind === "noise" ? whole : undefined;
		const series = /** @type {import("../chart.js").Series[]} */ ([
			{ name: "", points: along(accuracy), tone: "accent" },
		]);
		if (drawing) series.push({ name: "", points: along(drawing.probabilities), tone: "warm", dashed: true });
		const [from, to] = [severities[0], severities[severities.length - 1]];
		const inside = (/** @type {number} */ value) => Math.min(to, Math.max(from, value));
		charts.get(kind)?.show({
			title: t(`testset.${kind}`),
			x: { title: t(`testset.${kind}.x`), from, to, ticks: TICKS[kind], format: format ?? signed(kind) },
			y: {
				title: t(drawing ? "testset.robustness.y.drawing" : "testset.robustness.y"),
				from: 0,
				to: 1,
				format: whole,
			},
			series,
			band: claims && { from: inside(claims[0]), to: inside(claims[1]), name: "" },
		});
		explain(total, drawing);
	}

	/** @param {number} total of test digits @param {Perturbed["drawing"]} drawing */
	function explain(total, drawing) {
		const names = /** @type {import("../chart.js").Series[]} */ ([
			{ name: t("testset.robustness.accuracy", { total }), points: [], tone: "accent" },
		]);
		if (drawing) {
			const name = t("testset.robustness.drawing", { digit: drawing.digit });
			names.push({ name, points: [], tone: "warm", dashed: true });
		}
		key.replaceChildren(...entries({ series: names, band: { from: 0, to: 0, name: t("testset.claimed") } }));
		caption.textContent = t(drawing === null ? "testset.robustness.draw" : "testset.robustness.caption");
	}
	return { element, show };
}

/** How an axis writes its values: of the stroke's width, as a change. @param {string} kind */
function signed(kind) {
	const plain = (/** @type {number} */ value) => fixed(value, Number.isInteger(value) ? 0 : 1);
	return (/** @type {number} */ value) => (kind === "stroke" && value > 0 ? "+" : "") + plain(value);
}
