// Loss and accuracy by epoch, side by side, as high as the card has room for.
import { makeChart } from "../chart.js";
import { el } from "../dom.js";
import { percent, t } from "../texts.js";

/** @typedef {import("../types").Training} Training */

const LOWEST = 96; // CSS pixels of a drawing

/** @param {number} paper the test accuracy of the paper's network */
export function makeCurves(paper) {
	const [loss, accuracy] = [makeChart(LOWEST), makeChart(LOWEST)];
	const boxes = [loss, accuracy].map((chart) => el("div", { class: "curve" }, chart.element));
	const element = el("div", { class: "curves" }, ...boxes);
	new ResizeObserver(() => {
		[loss, accuracy].forEach((chart, i) => {
			const head = chart.element.clientHeight - (chart.element.querySelector("svg[role=img]")?.clientHeight ?? 0);
			chart.resize(Math.max(LOWEST, boxes[i].clientHeight - head));
		});
	}).observe(element);

	/** @param {Training} view @param {number | null} mark an epoch to point out */
	function show({ epochs, training, validation }, mark) {
		const x = { title: t("training.chart.epoch"), from: 0, to: epochs, whole: true };
		const rules =
			mark === null
				? []
				: [{ axis: /** @type {const} */ ("x"), value: mark, tone: /** @type {const} */ ("text") }];
		/** @param {1 | 2} column of the rows @returns {import("../chart.js").Series[]} */
		const series = (column) => [
			{
				name: t("training.chart.training"),
				tone: "soft",
				dashed: true,
				points: training.map((row) => [row[0], row[column]]),
			},
			{
				name: t("training.chart.validation"),
				tone: "accent",
				dots: true,
				points: validation.map((row) => [row[0], row[column]]),
			},
		];
		loss.show({
			title: t("training.chart.loss"),
			x,
			y: { title: t("training.chart.loss.axis"), log: true, ...(training.length ? {} : { from: 0.01, to: 2 }) },
			series: series(1),
			rules,
		});
		accuracy.show({
			title: t("training.chart.accuracy"),
			x,
			y: { title: t("training.chart.accuracy.axis"), max: 1, format, ...(training.length ? {} : { from: 0 }) },
			series: series(2),
			rules: [...rules, { axis: "y", value: paper, name: t("training.chart.paper", { accuracy: paper }) }],
		});
	}

	return { element, show };
}

/** @param {number} fraction */
const format = (fraction) => percent(fraction, Number.isInteger(+(100 * fraction).toFixed(6)) ? 0 : 1);
