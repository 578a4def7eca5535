// The end of the lesson: which predictions held, and which idea each was about.
import { el } from "../dom.js";
import { t } from "../texts.js";
import { STEPS } from "./steps.js";

/**
 * @param {Record<string, import("../types").Guessed>} guesses by the names of the steps
 * @param {Map<string, unknown>} open predictions, of which it may not be known what came of them
 * @returns {HTMLElement}
 */
export function makeSummary(guesses, open) {
	const asked = STEPS.filter(({ guess }) => guess);
	const made = asked.filter(({ name }) => guesses[name]);
	const held = made.filter(({ name }) => guesses[name].held);
	return el(
		"div",
		{ class: "summary" },
		el(
			"p",
			{ class: "score" },
			made.length ? t("lesson.score", { held: held.length, count: made.length }) : t("lesson.score.none"),
		),
		el(
			"ul",
			{},
			...asked.map(({ name }) => {
				const unknown = open.has(name) ? "open" : "none";
				const state = !guesses[name] ? unknown : guesses[name].held ? "held" : "missed";
				const mark = el("b", { class: state }, t(`lesson.mark.${state}`));
				const title = t("lesson.mark", { title: t(`lesson.${name}.title`) });
				return el("li", {}, el("span", {}, title, " ", mark), el("p", {}, t(`lesson.${name}.idea`)));
			}),
		),
	);
}
