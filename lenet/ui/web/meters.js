// Ten probabilities in fixed order, and beside them those of before.
import { $, el, setText } from "./dom.js";
import { percent, t } from "./texts.js";

const DIGITS = [...Array(10).keys()];

/** Ten bars: `show` fills them, with null they are empty. */
export function makeMeters() {
	const rows = DIGITS.map((digit) =>
		el(
			"div",
			{ class: "row" },
			meter("previous", t("bars.probability.previous", { digit })),
			el("span", { class: "name", "aria-hidden": "true" }, String(digit)),
			meter("now", t("bars.probability", { digit })),
			el("span", { class: "value", "aria-hidden": "true" }),
			el("span", { class: "short", "aria-hidden": "true" }),
		),
	);

	/** @param {number[] | null} probabilities @param {number[] | null} previous */
	function show(probabilities, previous) {
		const most = Math.max(...(probabilities ?? [2]));
		rows.forEach((row, digit) => {
			const probability = probabilities?.[digit] ?? 0;
			fill($(row, ".now"), probability);
			fill($(row, ".previous"), previous?.[digit] ?? 0);
			row.classList.toggle("top", probability === most);
			setText($(row, ".value"), probabilities ? percent(probability) : "");
			setText($(row, ".short"), probabilities && probability >= 0.005 ? percent(probability, 0) : "");
		});
	}
	return { element: el("div", { class: "meters" }, ...rows), show };
}

/** @param {string} name @param {string} label */
function meter(name, label) {
	const range = {
		role: "meter",
		"aria-label": label,
		"aria-valuemin": 0,
		"aria-valuemax": 100,
		"aria-valuenow": "0.0",
	};
	return el("div", { class: `track ${name}`, ...range }, el("div", { class: "fill" }));
}

/** @param {HTMLElement} track @param {number} probability */
function fill(track, probability) {
	track.style.setProperty("--probability", String(probability));
	track.setAttribute("aria-valuenow", (100 * probability).toFixed(1));
}
