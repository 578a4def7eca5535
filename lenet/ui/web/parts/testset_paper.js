// The errors of the 1998 paper beside those of the model: a table of three columns.
import { button, el } from "../dom.js";
import { heading } from "../help.js";
import { t } from "../texts.js";

/** @typedef {import("../types").TestReport} TestReport */

const FIRST = 12; // rows that are shown at first

export function makePaper() {
	const rows = el("tbody");
	const more = button("", () => fold(!folded), { class: "button small more" });
	const heads = ["confusion", "1998", "here"].map((name) => el("th", { scope: "col" }, t(`testset.paper.${name}`)));
	const element = el(
		"section",
		{ class: "paper" },
		heading("h2", t("testset.paper"), "paper"),
		el("p", { class: "caption" }, t("testset.paper.caption")),
		el("table", {}, el("thead", {}, el("tr", {}, ...heads)), rows),
		more,
	);
	let folded = true;

	/** @param {TestReport} report */
	function show({ paper }) {
		rows.replaceChildren(
			...paper.map(({ label, digit, here, paper: there }) =>
				el(
					"tr",
					{},
					el("th", { scope: "row" }, t("testset.digit", { label, digit })),
					el("td", {}, String(there)),
					el("td", { class: here ? "" : "none" }, String(here)),
				),
			),
		);
		fold(folded);
	}

	/** @param {boolean} value */
	function fold(value) {
		folded = value;
		[...rows.children].forEach((row, i) => row.toggleAttribute("hidden", folded && i >= FIRST));
		more.hidden = rows.children.length <= FIRST;
		more.textContent = folded ? t("testset.show_all", { count: rows.children.length }) : t("testset.show_fewer");
		more.setAttribute("aria-expanded", String(!folded));
	}
	return { element, show };
}
