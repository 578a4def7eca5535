// How well a model classifies the test digits: they are classified part by part, so that the progress is honest and
// drawing stays live; then come the metrics, the digits behind each of them, and what transformations cost.
import { ask, wait } from "../ask.js";
import { busy, el, menu, onVisible, options } from "../dom.js";
import { inputOf } from "../input.js";
import { modelName, runName } from "../model.js";
import { modelChoices } from "../run_menu.js";
import { get } from "../store.js";
import { render, t } from "../texts.js";
import { makeRejection, makeReliability, makeRobustness } from "./testset_charts.js";
import { makeGallery } from "./testset_gallery.js";
import { makeMatrix } from "./testset_matrix.js";
import { makePaper } from "./testset_paper.js";
import { makeSummary } from "./testset_summary.js";

/** @typedef {import("../types").TestReport} TestReport */

const RETRY = 2000; // milliseconds before an unreachable server is asked again
const IN_SIGHT = 140; // CSS pixels of the digits of a cell, or the page scrolls to them

/** @param {HTMLElement} element @param {import("../types").Host} host */
export function mount(element, host) {
	/** @type {{value: string[], kinds: string[], error: number}} */
	const { value: networks, kinds, error } = host.props;
	const chooser = menu(t("testset.model.label"), [], { change: () => test() });
	const summary = makeSummary();
	const data = el("p", { class: "caption data" });
	const matrix = makeMatrix(showCell);
	const gallery = makeGallery(showErrors);
	const [reliability, rejection] = [makeReliability(), makeRejection(error)];
	const [robustness, paper] = [makeRobustness(kinds), makePaper()];
	const found = el(
		"div",
		{ class: "found", hidden: true },
		matrix.element,
		gallery.element,
		el("div", { class: "plots first" }, reliability.element, rejection.element),
		el("div", { class: "lower" }, robustness.element, paper.element),
	);
	element.append(
		el(
			"div",
			{ class: "top" },
			el("label", { class: "chooser" }, el("span", {}, t("testset.model")), chooser),
			summary.element,
		),
		data,
		found,
	);
	gallery.begin();

	/** @type {TestReport | null} */ let last = null;
	/** @type {Map<string, number>} */ const points = new Map(); // fraction rejected for few errors, by model
	let round = 0; // of tests: an older one gives way
	let rounds = 0; // under way
	let cell = 0; // the same of the cells that were pressed
	let followed = ""; // the model that read when the tab was last opened
	/** @type {object | null} */ let curvesOf = null; // the ink that the curves are of

	/**
	 * Ask until there is an answer: while the server is out of reach this says so and asks again.
	 * @param {object} message @param {() => boolean} wanted whether the answer is still waited for
	 * @param {HTMLElement} place that says so
	 * @returns {Promise<any>} null where it is not, or cannot be had
	 */
	async function persist(message, wanted, place = summary.notice) {
		for (;;) {
			const answer = await ask(host.server.test, message);
			if (!wanted()) return null;
			place.textContent = render(answer.error);
			if (!answer.error) return answer;
			if (!answer.again) return null;
			await wait(RETRY);
			if (!wanted()) return null;
		}
	}

	/**
	 * Classify all test digits; whether that came to its end.
	 * @param {string} model @param {() => boolean} wanted @param {(fraction: number) => void} tell
	 */
	async function classify(model, wanted, tell) {
		for (let [done, total] = [0, 1]; done < total;) {
			const answer = await persist({ do: "read", model, from: done }, wanted);
			if (!answer) return false;
			({ done, total } = answer);
			tell(done / total);
		}
		return true;
	}

	/** Begin a round. @param {(wanted: () => boolean) => Promise<void>} work */
	async function begin(work) {
		const mine = ++round;
		rounds++;
		busy(element, true);
		await work(() => mine === round);
		busy(element, false);
		rounds--;
	}

	/** Test the chosen model. */
	function test() {
		cell++;
		return begin((wanted) => evaluate(chooser.value, wanted));
	}

	/** @param {string} model @param {() => boolean} wanted */
	async function evaluate(model, wanted) {
		summary.begin(chooser.selectedOptions[0].text);
		found.classList.add("stale");
		if (!(await classify(model, wanted, summary.advance))) return wanted() ? fail() : undefined;
		const report = await persist({ do: "report", model }, wanted);
		if (!report) return wanted() ? fail() : undefined;
		show(report);
		await curves(model, wanted);
		for (const name of new Set([model, ...networks])) {
			if (points.has(name) && networks.includes(name)) continue;
			if (!(await classify(name, wanted, () => {}))) return;
			const answer = await persist({ do: "point", model: name }, wanted);
			if (!answer) return;
			points.delete(name);
			if (answer.rejected !== null) points.set(name, answer.rejected);
			showRejection(report);
		}
	}

	/** What was asked for cannot be had; the notice says why. */
	function fail() {
		summary.fail();
		last = null;
	}

	/** @param {TestReport} report */
	function show(report) {
		last = report;
		found.hidden = false;
		found.classList.remove("stale");
		summary.show(report);
		data.textContent = render(report.notice);
		matrix.show(report);
		reliability.show(report);
		showRejection(report);
		paper.show(report);
		showErrors();
	}

	/** @param {TestReport} report */
	function showRejection(report) {
		const { network, id, pretrained } = report.model;
		const own = pretrained ? network : modelName(report.model);
		const shown = [...points].filter(([name]) => networks.includes(name) || name === id);
		rejection.show(report, own, new Map(shown.map(([name, value]) => [name === id ? own : name, value])));
	}

	function showErrors() {
		if (!last) return;
		cell++;
		const [count, shown] = [last.total - last.correct, last.errors.length];
		const key = shown < count ? "testset.errors.some" : "testset.errors";
		gallery.show(t(key, { count, shown }), last.errors, true);
		matrix.press();
	}

	/** @param {number} label @param {number} digit */
	async function showCell(label, digit) {
		if (!last) return;
		const mine = ++cell;
		const message = { do: "cell", model: last.model.id, label, digit };
		const answer = await persist(message, () => mine === cell, gallery.notice);
		if (!answer) return;
		const [count, shown] = [answer.count, answer.digits.length];
		matrix.press(label, digit);
		const key = label === digit ? "correct" : shown < count ? "confused.some" : "confused";
		gallery.show(t(`testset.${key}`, { label, digit, count, shown }), answer.digits, false);
		const top = gallery.element.getBoundingClientRect().top;
		if (top > innerHeight - IN_SIGHT) gallery.element.scrollIntoView({ block: "center" });
	}

	/**
	 * What transformations cost, and what they make of the drawing.
	 * @param {string} model @param {() => boolean} wanted
	 */
	async function curves(model, wanted) {
		curvesOf = get("ink");
		const input = inputOf(host, get("ink"), false, () => {})?.input;
		const image = input && btoa(String.fromCharCode(...input.image));
		for (const kind of kinds) {
			const answer = await persist({ do: "perturb", model, kind, image }, wanted);
			if (!answer) return;
			robustness.show(answer);
		}
	}

	/**
	 * The model that reads now, as one to be tested: one in training stands for the last before it, an epoch for its
	 * run.
	 */
	function reading() {
		const model = get("model");
		return (model.startsWith("live:") ? get("home") : model).split("@")[0] || networks[0];
	}

	/** Test the model that reads, or the one that was chosen here, unless that is done or under way. */
	async function opened() {
		const [now, chosen] = [reading(), chooser.value];
		const runs = (await modelChoices(host.server.manage)) ?? [];
		const wanted = now !== followed || !chosen ? now : chosen;
		const known = networks.includes(wanted) || runs.some(([key]) => key === wanted);
		followed = now;
		const own = networks.map((name) => /** @type {[string, string]} */ ([name, name]));
		chooser.replaceChildren(...options([...own, ...runs]));
		if (!known) chooser.append(...options([[wanted, runName(wanted)]]));
		chooser.value = wanted;
		if (chosen !== wanted || !last) return test();
		if (curvesOf !== get("ink") && rounds === 0) await begin((isWanted) => curves(wanted, isWanted));
	}

	onVisible(element, async (visible) => {
		if (!visible) return;
		busy(element, true);
		await opened();
		busy(element, false);
	});
}
