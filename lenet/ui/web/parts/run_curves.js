// The learning curves of some runs, in two charts, with a sample of each run's line.
import { lineClass, makeChart } from "../chart.js";
import { el, svg } from "../dom.js";
import { percent, t } from "../texts.js";

/** @typedef {import("./run_words.js").Run} Run */
/** @typedef {import("../chart.js").Series} Series */

/** Colours of lines, by place; where no line of training is dashed, each place has dashes of its own too. */
export const LINES = /** @type {const} */ (["accent", "warm", "text", "teal", "violet", "soft"]);

/** Whether so many runs are shown without their training curves. @param {number} count */
export const isMany = (count) => count > 2;

/** The line of a run, to stand beside its name. @param {number} place in LINES @param {number} count of runs shown */
export function sample(place, count) {
	const look = lineClass({ tone: LINES[place], pattern: isMany(count) ? place : 0 });
	const line = svg("line", { x1: 0, x2: 26, y1: 6, y2: 6, class: look });
	return svg("svg", { class: "sample chart", width: 26, height: 12, "aria-hidden": "true" }, line);
}

/** Two charts, with nothing in them. @param {number} paper the test accuracy of the paper's network */
export function runCurves(paper) {
	const [loss, accuracy] = [makeChart(220), makeChart(220)];
	const element = el("div", { class: "pair" }, loss.element, accuracy.element);

	/**
	 * Show some runs; of one or two, the curve of training stands beside that of validation.
	 * @param {{run: Run, place: number}[]} chosen
	 */
	function show(chosen) {
		const epochs = Math.max(1, ...chosen.map(({ run }) => Math.max(run.epochs, run.validation.length)));
		const x = { title: t("training.chart.epoch"), from: 0, to: epochs, whole: true };
		/** @param {1 | 2} column of a row @returns {Series[]} */
		const lines = (column) =>
			chosen.flatMap(({ run, place }) => {
				const tone = LINES[place];
				const pattern = isMany(chosen.length) ? place : 0;
				const points = (/** @type {import("../types").Row[]} */ rows) =>
					rows.map((row) => [row[0], row[column]]);
				const validation = { name: "", points: points(run.validation), tone, pattern, dots: true };
				const training = { name: "", points: points(run.training), tone, dashed: true };
				return isMany(chosen.length) ? [validation] : [validation, training];
			});
		loss.show({
			title: t("training.chart.loss"),
			x,
			y: { title: t("training.chart.loss.axis"), log: true },
			series: lines(1),
		});
		accuracy.show({
			title: t("training.chart.accuracy"),
			x,
			y: { title: t("training.chart.accuracy.axis"), max: 1, format },
			series: lines(2),
			rules: [{ axis: "y", value: paper, name: t("training.chart.paper", { accuracy: paper }) }],
		});
	}
	return { element, show };
}

/** Per cent, with decimals where they are needed. @param {number} value */
function format(value) {
	return percent(value, Math.abs(100 * value - Math.round(100 * value)) < 1e-6 ? 0 : 1);
}
