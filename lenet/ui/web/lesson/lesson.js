// The lesson: twelve steps on the page itself. A step lights what it speaks of, asks for a prediction, notices what the
// learner does, and shows it to those who cannot.
import { Stopped, stop, strokesOrExample } from "./actions.js";
import { makeGuess } from "./guess.js";
import { keep, recall } from "./kept.js";
import { PARAMETER, RESUME } from "../lesson_opener.js";
import { NARROW, place, scrollTo } from "./place.js";
import { makeRegion } from "./region.js";
import { begin as beginSince, note } from "./since.js";
import { STEPS } from "./steps.js";
import { makeSummary } from "./summary.js";
import { countBlocks, cover, light, restore } from "./targets.js";
import { WIDGETS } from "./widgets.js";
import { isDrawn, show } from "../ink.js";
import { isLive } from "../models.js";
import { plans } from "../plans.js";
import { get, listen, set, update } from "../store.js";
import { t } from "../texts.js";

/** @typedef {import("../types").LessonStep} LessonStep */
/** @typedef {import("../types").Since} Since */

const HEARD = /** @type {const} */ ([
	"ink",
	"drawing",
	"reading",
	"options",
	"pinned",
	"threshold",
	"training",
	"steps",
]);
const LAST = STEPS.length + 1; // the summary
const NETWORK = "lenet5"; // whose layers and maps the lesson speaks of
const DEFAULT = { raw: false, shift: null, muted: null, unit: null };

/**
 * The lesson, from now on: it is open while the store's "lesson" says so.
 * @param {{label: number, image: string}[]} hard test digits @param {boolean} server whether there is one
 */
export function beginLesson(hard, server) {
	const kept = recall();
	/** @type {Since} */ let since = beginSince();
	/** @type {ReturnType<typeof makeGuess> | null} */ let guess = null;
	/** @type {Map<string, import("../types").Prediction>} of this visit, by the steps' names */ const made = new Map();
	/** @type {HTMLElement[]} */ let lit = [];
	let blocks = 0; // that stood on the page when it was lit
	let number = 0; // of the step, from 1; 0: none is open
	let done = false;
	let unprepared = false; // until there is a reading
	let isLaidOut = false; // the page, which has been read once
	let revealed = false; // without a prediction
	let home = ""; // the model that the learner had
	const region = makeRegion({
		go: (to) => set("lesson", to),
		close: () => set("lesson", null),
		show: showStep,
		moved: () => {
			place(region.element, lit);
			check();
		},
		again,
	});

	/** @param {number | null} next */
	function open(next) {
		if (next === RESUME) return set("lesson", kept.step);
		if (next !== null && next > LAST) return set("lesson", null); // an address of something else
		const to = next ?? 0;
		if (number && to !== number) leave();
		if (!number && to) home = fit(get("model"));
		number = to;
		address(to);
		document.documentElement.classList.toggle("in-lesson", to > 0);
		if (!to) return close();
		kept.step = to;
		keep(kept);
		document.getElementById("draw-button")?.click(); // the lesson is about that tab
		begin(STEPS[to - 1]);
	}

	/** @param {LessonStep | undefined} step none at the end */
	function begin(step) {
		set("model", home);
		if (step && !step.keeps && !isDrawn()) show({ strokes: strokesOrExample() });
		since = beginSince();
		unprepared = true;
		[done, revealed, guess] = [false, false, null];
		if (step?.guess && (server || !step.server))
			guess = makeGuess(step.name, step.guess, made.get(step.name), (guessed) => settle(step.name, guessed));
		const widget = step?.widget && WIDGETS[step.widget](since, check, hard);
		if (widget) widget.classList.add("widget");
		region.show(number, step, [guess?.element, widget, !step && makeSummary(kept.guesses, made)], server);
		guess?.element.addEventListener("made", check);
		guess?.element.addEventListener("asked", () => {
			revealed = true;
			check();
		});
		check();
		shine(step);
	}

	/**
	 * Light what a step speaks of, bring it into sight, and stand beside it.
	 * @param {LessonStep | undefined} step none at the end
	 */
	function shine(step) {
		lit = step ? light(step.lit) : [];
		if (!step) restore();
		blocks = countBlocks();
		requestAnimationFrame(() => {
			scrollTo(lit);
			place(region.element, lit);
		});
	}

	/** @param {string} name @param {import("../types").Guessed} guessed */
	function settle(name, guessed) {
		made.set(name, guessed.prediction);
		const before = kept.guesses[name];
		if (before && before.held === guessed.held && before.prediction === guessed.prediction) return;
		kept.guesses[name] = guessed;
		keep(kept);
	}

	/** See what is done and known by now. */
	function check() {
		const step = STEPS[number - 1];
		if (!step) return;
		if (unprepared && get("reading").answer) {
			unprepared = false; // what follows from it comes here too
			step.prepare?.();
			if (step.prepare || !isLaidOut) shine(step);
			isLaidOut = true;
		}
		if (countBlocks() !== blocks) shine(step);
		note(since);
		done ||= step.done(since);
		const waits = region.isPresenting() ? !guess?.isShown() : !guess?.isMade();
		const covered = guess && waits && !revealed;
		cover(covered ? (step.covers ?? []) : []);
		guess?.update(since, revealed);
		region.tell(done, step.blocked?.(since) ? t(`lesson.${step.name}.blocked`) : "");
	}

	async function showStep() {
		const step = STEPS[number - 1];
		if (!step) return;
		stop(); // it may be shown already
		revealed = true;
		check();
		try {
			await step.show();
		} catch (stopped) {
			if (!(stopped instanceof Stopped)) throw stopped;
		}
		check();
	}

	/** Forget all predictions, and begin with the first step. */
	function again() {
		kept.guesses = {};
		made.clear();
		set("lesson", 1);
	}

	/** Put back what the step changed. */
	function leave() {
		stop();
		const { ink, threshold } = since;
		restore();
		if (ink !== get("ink") && !STEPS[number - 1]?.keeps) show(ink);
		update("options", DEFAULT);
		set("threshold", threshold);
		set("panel", "train");
		set("comparison", null);
		set("model", home);
	}

	function close() {
		const within = region.element.contains(document.activeElement);
		region.element.remove();
		if (within) /** @type {HTMLElement | null} */ (document.querySelector(".lesson-opener"))?.focus();
	}

	for (const key of HEARD) listen(key, () => number && check());
	matchMedia(NARROW).addEventListener("change", () => number && shine(STEPS[number - 1]));
	listen("lesson", open);
	open(get("lesson"));
}

/** The model to learn with: the visitor's, if it is of that network. @param {string} model */
function fit(model) {
	const network = get("about")?.network ?? (model in plans ? model : NETWORK); // of a run in a link it isn't known yet
	return network === NETWORK && !isLive(model) ? model : NETWORK;
}

/** Keep the step in the address, so that a link or a reload leads to it. @param {number} number */
function address(number) {
	const url = new URL(location.href);
	if (number) url.searchParams.set(PARAMETER, String(number));
	else url.searchParams.delete(PARAMETER);
	history.replaceState(history.state, "", url);
}
