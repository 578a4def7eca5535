// The answer in large, ten probabilities, and which model gave them; after a training, beside those of before.
import { makeChooser } from "../chooser.js";
import { $, button, el, setText } from "../dom.js";
import { ranked } from "../engine/network.js";
import { heading } from "../help.js";
import { hubForm } from "../hub.js";
import { makeMeters } from "../meters.js";
import { makeLabels } from "../mine/labels.js";
import { isOfPhoto } from "../photo.js";
import { get, set, subscribe, update } from "../store.js";
import { percent, render, t } from "../texts.js";
import { makeThreshold, thresholdOf } from "../threshold.js";

/** @typedef {import("../types").Host} Host */
/** @typedef {import("../types").Answer} Answer */
/** @typedef {import("../types").Reading} Reading */

const QUIET = 700; // milliseconds without a change before the answer is spoken, so that it does not chatter
const CLOSE = 0.01; // of a confidence to the threshold
const LEAST = 0.0005; // probability of the rubbish class from which on it is told

/** @param {HTMLElement} element @param {Host} host */
export function mount(element, host) {
	const answer = el(
		"div",
		{ class: "answer", "aria-live": "polite", "aria-atomic": "true" },
		el("div", { class: "digit" }),
		el("div", { class: "words" }, el("b", {}), el("span", {})),
		el("div", { class: "was", hidden: true }, el("span", {}), el("b", {})),
	);
	const meters = makeMeters();
	const verdict = makeVerdict(host.props.value.model);
	const { networks, runs, hub } = host.props;
	const [chooser, beginChooser] = makeChooser(networks, runs, decide, hub && askForHub);
	const [threshold, beginThreshold] = makeThreshold();
	const [labels, beginLabels] = makeLabels();
	element.append(
		el("div", { class: "head" }, heading("h2", t("bars.heading"), "bars"), chooser),
		el("div", { class: "read" }, answer, meters.element, verdict),
		labels,
		threshold,
	);

	/** @type {ReturnType<typeof setTimeout> | undefined} */ let quiet;
	/** @type {HTMLElement | undefined} */ let form;

	/** Ask for a model of the Hub. @param {HTMLElement} menu */
	function askForHub(menu) {
		if (!form) element.append((form = hubForm(host, menu, decide)));
		menu.focus(); // where the focus goes back to
		form.showPopover();
	}

	/** @param {string} digit @param {string} first @param {string} second */
	function say(digit, first, second) {
		answer.setAttribute("aria-busy", "true"); // a screen reader waits until it is false
		clearTimeout(quiet);
		quiet = setTimeout(() => answer.setAttribute("aria-busy", "false"), QUIET);
		setText($(answer, ".digit"), digit);
		setText($(answer, ".words b"), first);
		setText($(answer, ".words span"), second);
	}

	function showReading() {
		const { answer: found, error } = get("reading");
		const rejects = found !== null && found.confidence < thresholdOf(found.model);
		element.classList.toggle("empty", !found);
		element.classList.toggle("rejects", rejects);
		meters.show(found?.probabilities ?? null, found?.previous ?? null);
		showPrevious(found?.previous ?? null, found?.steps ?? 0);
		if (found && rejects) say("–", t("bars.rejected"), rejection(found));
		else if (found) say(String(found.digit), ...prediction(found));
		else if (error?.key === "bars.photo") say("…", render(error), "");
		else if (error) say("?", t("bars.failed"), isOfPhoto(error) ? "" : render(error));
		else say("?", t("bars.empty"), t("bars.empty.detail"));
	}

	/**
	 * @param {number[] | null} previous probabilities, if there is a model to compare with
	 * @param {number} steps of learning since
	 */
	function showPrevious(previous, steps) {
		element.classList.toggle("compared", previous !== null);
		$(answer, ".was").hidden = !previous;
		if (!previous) return;
		setText($(answer, ".was span"), steps ? t("bars.previous.steps", { count: steps }) : t("bars.previous"));
		const digit = ranked(previous)[0];
		$(answer, ".was b").textContent = t("bars.previous.answer", { digit, probability: previous[digit] });
	}

	/** Ask for the probabilities of before too, while the trained model or one of its epochs reads. */
	function comparePrevious() {
		const trained = get("comparison");
		const reads = get("model").split("@")[0];
		const compares = trained !== null && reads === trained.model;
		update("options", { previous: compares ? trained.previous : null });
		verdict.hidden = !compares; // also where nothing is drawn
	}

	beginChooser();
	beginThreshold();
	beginLabels();
	for (const key of /** @type {const} */ (["reading", "threshold"])) subscribe(element, key, showReading);
	for (const key of /** @type {const} */ (["model", "comparison"])) subscribe(element, key, comparePrevious);
	subscribe(element, "comparison", (trained) => {
		$(verdict, ".pretrained").hidden = trained?.previous === host.props.value.model;
	});
}

/** Buttons that end a comparison. @param {string} first the model that reads at first */
function makeVerdict(first) {
	const { model, previous } = { model: () => get("comparison")?.model, previous: () => get("comparison")?.previous };
	return el(
		"div",
		{ class: "verdict", hidden: true },
		button(t("bars.keep"), () => decide(model() ?? first), { class: "button small" }),
		button(t("bars.restore"), () => decide(previous() ?? first), { class: "button small" }),
		button(t("bars.restore.pretrained"), () => decide(first), { class: "button small pretrained" }),
	);
}

/** End a comparison, if there is one, with the model to read with from now on. @param {string} model */
function decide(model) {
	set("comparison", null);
	set("model", model);
}

/** @param {Answer} answer @returns {[string, string]} */
function prediction({ digit, probabilities }) {
	const second = ranked(probabilities).find((other) => other !== digit) ?? 0;
	const rubbish = 1 - probabilities.reduce((sum, one) => sum + one, 0); // only lenet5-1998 leaves any
	const words = [t("bars.runner_up", { digit: second, probability: probabilities[second] })];
	if (rubbish > LEAST) words.push(t("bars.rubbish_class", { probability: rubbish }));
	return [percent(probabilities[digit]), words.join(" · ")];
}

/** @param {Answer} answer */
function rejection({ digit, probabilities, confidence, model, previous }) {
	const probability = probabilities[digit];
	if (previous) return t("bars.rejected.best", { digit, probability }); // which stands beside it
	const threshold = thresholdOf(model);
	const close = threshold - confidence < CLOSE; // in hundredths they would look alike
	return t(close ? "bars.rejected.close" : "bars.rejected.detail", { digit, probability, confidence, threshold });
}
