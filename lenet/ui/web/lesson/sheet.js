// A sheet of paper with the lesson's questions, to be filled in by hand; its answers are not on it.
import { el } from "../dom.js";
import { t } from "../texts.js";
import { STEPS } from "./steps.js";

/** Print it: styles/lesson.css leaves nothing else of the page on paper. */
export function printSheet() {
	const steps = STEPS.map(({ name, guess }) =>
		el(
			"li",
			{},
			el("b", {}, t(`lesson.${name}.title`)),
			el("p", {}, t(`lesson.${name}.task`)),
			guess && el("p", {}, t(`lesson.${name}.guess`)),
			guess && el("p", { class: "line" }, t("lesson.sheet.guess")),
			el("p", { class: "line" }, t("lesson.sheet.saw")),
		),
	);
	const name = el("p", { class: "line" }, t("lesson.sheet.name"));
	const sheet = el(
		"section",
		{ class: "lesson-sheet" },
		el("h1", {}, t("lesson.sheet")),
		name,
		el("ol", {}, ...steps),
	);
	document.body.append(sheet);
	document.documentElement.classList.add("printing-sheet");
	addEventListener(
		"afterprint",
		() => {
			sheet.remove();
			document.documentElement.classList.remove("printing-sheet");
		},
		{ once: true },
	);
	print();
}
