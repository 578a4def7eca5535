// Loss and accuracy by epoch, side by side, as high as the card has room for.
import { keyOf, makeChart } from "../chart.js";
import { el } from "../dom.js";
import { percent, t } from "../texts.js";

/** @typedef {import("../types").Training} Training */

const LOWEST = 84; // CSS pixels of a drawing

/** @param {number} paper the test accuracy of the paper's network */
export function makeCurves(paper) {
	const [loss, accuracy] = [makeChart(LOWEST), makeChart(LOWEST)];
	const boxes = [loss, accuracy].map((chart) => el("div", { class: "curve" }, chart.element));
	const key = keyOf({ series: [line("training", []), line("validation", [])], rules: [rule(paper)] });
	const element = el("div", { class: "curves chart" }, key, ...boxes);
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
		/** @param {1 | 2} column of the rows */
		const series = (column) => [
			{
				...line(
					"training",
					training.map((row) => [row[0], row[column]]),
				),
				name: "",
			},
			{
				...line(
					"validation",
					validation.map((row) => [row[0], row[column]]),
				),
				name: "",
			},
		];
		loss.show({
			title: "",
			x,
			y: {
				title: t("training.chart.loss.titled"),
				log: true,
				...(training.length ? {} : { from: 0.01, to: 2 }),
			},
			series: series(1),
			rules,
		});
		accuracy.show({
			title: "",
			x,
			y: { title: t("training.chart.accuracy"), max: 1, format, ...(training.length ? {} : { from: 0 }) },
			series: series(2),
			rules: [...rules, { ...rule(paper), name: "" }],
		});
	}

	return { element, show };
}

/** @param {"training" | "validation"} kind @param {number[][]} points @returns {import("../chart.js").Series} */
function line(kind, points) {
	const name = t(`training.chart.${kind}`);
	return kind === "training"
		? { name, points, tone: "soft", dashed: true }
		: { name, points, tone: "accent", dots: true };
}

/** @param {number} value @returns {import("../chart.js").Rule} */
function rule(value) {
	return { axis: "y", value, name: t("training.chart.paper", { accuracy: value }) };
}

/** @param {number} fraction */
const format = (fraction) => percent(fraction, Number.isInteger(+(100 * fraction).toFixed(6)) ? 0 : 1);
