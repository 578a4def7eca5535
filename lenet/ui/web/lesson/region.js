// The lesson's own box: what a step says, and the buttons that lead through it. In the presenter's view it is large.
import { button, el, listenWhile, setText } from "../dom.js";
import { has, t } from "../texts.js";
import { makePlayer } from "./player.js";
import { printSheet } from "./sheet.js";
import { STEPS } from "./steps.js";

/** @typedef {import("../types").LessonStep} LessonStep */
/**
 * What its buttons do; `moved` hears that its size is another, `again` that all is to be forgotten.
 * @typedef {{go: (to: number) => void, close: () => void, show: () => void | Promise<void>, moved: () => void,
 *   again: () => void}} Ways
 */

const FIELDS = "input, select, textarea, [role=grid], [role=tab], .part:is(.maps, .stages) canvas, .lesson canvas";

/** @param {Ways} ways */
export function makeRegion({ go, close, show, moved, again }) {
	let number = 1;
	let said = ""; // of the task
	let canShow = false; // how it is done
	const isPresenting = () => element.classList.contains("presenting");
	const where = el("p", { class: "where" });
	const title = el("h2", { tabindex: -1 });
	const words = el("div", { class: "words" });
	const task = el("p", { class: "task", role: "status" });
	const back = button(t("lesson.back"), () => go(number - 1));
	const shows = button(t("lesson.show"), show);
	const next = button(t("lesson.next"), () => go(number + 1), { class: "button primary" });
	const dots = STEPS.map(({ name }, i) => {
		const label = t("lesson.step", { number: i + 1, title: t(`lesson.${name}.title`) });
		return el("button", { type: "button", title: label, "aria-label": label, click: () => go(i + 1) });
	});
	const presents = button(t("lesson.present"), present, { class: "button small", "aria-pressed": "false" });
	const folds = button("", turnFold, { class: "button small fold" });
	const player = makePlayer({ show, next: () => go(number + 1), isOver: () => number > STEPS.length, isPresenting });
	const element = el(
		"section",
		{ class: "lesson", role: "region", "aria-label": t("lesson.heading") },
		el(
			"div",
			{ class: "head" },
			where,
			player.element,
			presents,
			folds,
			button("×", close, { class: "button small close", "aria-label": t("lesson.close") }),
		),
		title,
		words,
		task,
		el("div", { class: "ways" }, back, shows, next),
		el("div", { class: "dots" }, ...dots),
	);

	/**
	 * @param {number} to from 1 @param {LessonStep | undefined} step none at the end
	 * @param {(Node | null | undefined | false | "")[]} parts that it brings along
	 * @param {boolean} server whether there is one
	 */
	function open(to, step, parts, server) {
		number = to;
		const name = step?.name ?? "end";
		const site = !server && step?.server;
		setText(where, step ? t("lesson.where", { number, total: STEPS.length }) : t("lesson.heading"));
		setText(title, t(`lesson.${name}.title`));
		const text = el("p", {}, t(site ? `lesson.${name}.text.site` : `lesson.${name}.text`));
		const more =
			has(`lesson.${name}.more`) &&
			el("details", {}, el("summary", {}, t("lesson.more")), el("p", {}, t(`lesson.${name}.more`)));
		words.replaceChildren(text, ...(more ? [more] : []), .../** @type {Node[]} */ (parts.filter(Boolean)));
		if (!step)
			words.append(
				el(
					"div",
					{ class: "options" },
					button(t("lesson.again"), again),
					button(t("lesson.print"), printSheet),
				),
			);
		said = step && !site ? t(`lesson.${name}.task`) : "";
		task.hidden = !step || Boolean(site);
		back.disabled = number === 1;
		canShow = Boolean(step) && !site && step?.widget !== "game";
		next.disabled = !step;
		dots.forEach((dot, i) => dot.setAttribute("aria-current", i === number - 1 ? "step" : "false"));
		fold(false);
		tell(false, "");
		if (!element.isConnected) {
			(document.querySelector(".gradio-container") ?? document.body).append(element);
			listen();
		}
		element.scrollTop = 0;
		if (!player.isPlaying()) title.focus({ preventScroll: true });
	}

	function turnFold() {
		fold(!element.classList.contains("folded"));
		moved();
	}

	/** Give the page the place of the words, where they take much of it; the task stays. @param {boolean} folded */
	function fold(folded) {
		element.classList.toggle("folded", folded);
		folds.setAttribute("aria-expanded", String(!folded));
		setText(folds, t(folded ? "lesson.unfold" : "lesson.fold"));
	}

	/** @param {boolean} done whether the step's task is @param {string} blocked what is in the way of it, if anything */
	function tell(done, blocked) {
		shows.disabled = !canShow || blocked !== "";
		task.classList.toggle("done", done);
		setText(task, done ? t("lesson.done", { task: said }) : blocked || said);
	}

	function present() {
		element.classList.toggle("presenting");
		presents.setAttribute("aria-pressed", String(isPresenting()));
		moved();
	}

	/** Keys of the lesson while it is open: Escape closes it; in the presenter's view arrows lead through it. */
	function listen() {
		listenWhile(element, document, "keydown", (/** @type {KeyboardEvent} */ event) => {
			const target = /** @type {Element} */ (event.target);
			if (event.defaultPrevented || document.querySelector(":popover-open")) return;
			const within = element.contains(target);
			const free = !target.closest(FIELDS) && isPresenting();
			if (event.key === "Escape" && within) close();
			else if (event.key === "ArrowRight" && free && !next.disabled) go(number + 1);
			else if (event.key === "ArrowLeft" && free && !back.disabled) go(number - 1);
			else return;
			event.preventDefault();
		});
		listenWhile(element, window, "resize", moved);
		player.listen(element);
	}

	element.classList.toggle("presenting", new URLSearchParams(location.search).get("view") === "present");
	presents.setAttribute("aria-pressed", String(isPresenting()));
	return { element, show: open, tell, isPresenting };
}
