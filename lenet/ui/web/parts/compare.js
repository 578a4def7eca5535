// One drawing, read by several models side by side while the pen moves, as long as the tab is in sight.
import { wait } from "../ask.js";
import { onTheme, valueColours } from "../colours.js";
import { busy, button, el, menu, onVisible, options } from "../dom.js";
import { examples } from "../examples.js";
import { inStep } from "../frames.js";
import { heading } from "../help.js";
import { canUndo, clear, isDrawn, show as showInk, undo } from "../ink.js";
import { inputOf } from "../input.js";
import { know, loadModel, loadedModel } from "../models.js";
import { modelChoices } from "../run_menu.js";
import { mountSheet } from "../sheet.js";
import { get, subscribe } from "../store.js";
import { render, t } from "../texts.js";
import { compareWith } from "./compare_reading.js";
import { makeRow, voteOf } from "./compare_row.js";

/** @typedef {import("../types").Compared} Compared */
/** @typedef {import("../types").Model} Model */
/** @typedef {import("../types").Failure} Failure */
/** @typedef {{id: string, title: string, row: ReturnType<typeof makeRow>, failure: Failure | null}} Entry */

const NAMED = 2; // that disagree: more of them are counted, so that the sentence keeps to its line
const RETRY = 2000; // milliseconds before a model that could not be loaded is tried again

/** @param {HTMLElement} element @param {import("../types").Host} host */
export function mount(element, host) {
	/** @type {{value: string[], models: Model[], most: number}} */
	const { value: networks, models, most } = host.props;
	const canvas = el("canvas", { class: "sheet", role: "img", "aria-label": t("compare.pad") });
	const clearing = button(t("compare.clear"), clear);
	const undoing = button(t("compare.undo"), undo);
	const add = menu(t("compare.add.label"), [], { change: () => addRun(add.value) });
	const verdict = el("p", { class: "verdict", "aria-live": "polite" });
	const notice = el("p", { class: "notice", role: "status" });
	const list = el("div", { class: "models" });
	const right = el("div", { class: "right" }, el("div", { class: "said" }, verdict, notice), heads(), list);
	element.append(
		el(
			"div",
			{ class: "left" },
			heading("h2", t("compare.heading"), "compare"),
			canvas,
			el("div", { class: "tools" }, clearing, undoing),
			el(
				"div",
				{ class: "examples", role: "group", "aria-label": t("compare.examples") },
				...examples.map(example),
			),
			add,
		),
		right,
	);

	/** @type {[key: string, name: string][]} */ let runs = [];
	/** @type {Entry[]} */ let entries = [];
	let colour = valueColours(element);
	let visible = false;

	/** @param {string} id of the model @param {string} title */
	function put(id, title) {
		const model = models.find((each) => each.id === id) ?? null;
		const row = makeRow(title, model, model ? null : () => take(id));
		row.show(null, colour);
		entries.push({ id, title, row, failure: null });
		list.append(row.element);
		resize();
		load(entries[entries.length - 1]);
	}

	/** Take an added run away. @param {string} id */
	function take(id) {
		entries.find((entry) => entry.id === id)?.row.element.remove();
		entries = entries.filter((entry) => entry.id !== id);
		resize();
		offer();
		judge();
		add.focus();
	}

	/** Let the rows share the height of the window. */
	function resize() {
		right.style.setProperty("--models", String(entries.length));
	}

	/** @param {string} key */
	function addRun(key) {
		const run = runs.find(([each]) => each === key);
		if (!run) return;
		put(...run);
		offer();
	}

	/** The runs that may be added. */
	function offer() {
		const free = runs.filter(([key]) => !entries.some(({ id }) => id === key));
		add.replaceChildren(...options([["", t(runs.length ? "compare.add" : "compare.no_runs")], ...free]));
		add.disabled = free.length === 0 || entries.length >= most;
	}

	const refresh = inStep(compare, (working) => busy(element, working));

	/** @param {Entry} entry whose model is to be loaded */
	async function load(entry) {
		if (!visible || loadedModel(entry.id)) return;
		busy(element, true);
		const found = await loadModel(host, entry.id);
		busy(element, false);
		entry.failure = "error" in found ? found : null;
		refresh();
		if (entry.failure?.again) wait(RETRY).then(() => load(entry));
	}

	/** Have the drawing read by all. */
	function compare() {
		if (!visible) return;
		const found = inputOf(host, get("ink"), false, refresh);
		if (!found) return;
		notice.textContent = render(found.error);
		list.classList.toggle("stale", Boolean(found.error));
		verdict.hidden = Boolean(found.error); // it is about what was drawn before
		if (found.error) return;
		for (const { id, row, failure } of entries) {
			const model = loadedModel(id);
			row.show(model && found.input ? compareWith(model, found.input, !get("drawing")) : failure, colour);
		}
		judge();
	}

	/** Say what most predict, and mark who predicts something else. */
	function judge() {
		const answered = entries.filter(({ row }) => row.last());
		const votes = answered.map(({ row }) => voteOf(/** @type {Compared} */ (row.last())));
		const count = (/** @type {number | null} */ vote) => votes.filter((other) => other === vote).length;
		const common = [...votes].sort((a, b) => count(b) - count(a))[0];
		const others = answered.filter((_, i) => votes[i] !== common);
		for (const { row } of entries) row.judge(others.some((other) => other.row === row));
		const loading = entries.some(({ id, failure }) => !failure && !loadedModel(id));
		verdict.textContent = loading
			? t("compare.loading")
			: answered.length
				? told(votes, common, others)
				: t("compare.empty");
	}

	/**
	 * @param {(number | null)[]} votes @param {number | null} common what most say
	 * @param {Entry[]} others who say something else
	 */
	function told(votes, common, others) {
		const key = `compare.${others.length ? "most" : "agree"}${common === null ? ".rejected" : ""}`;
		const each = others.map(({ title, row }) => {
			const vote = voteOf(/** @type {Compared} */ (row.last()));
			return vote === null
				? t("compare.rejects", { model: title })
				: t("compare.says", { model: title, digit: vote });
		});
		const named = others.length <= NAMED ? each : t("compare.others", { count: others.length });
		return t(key, { count: votes.length, votes: votes.length - others.length, digit: common ?? 0, others: named });
	}

	/** @param {import("../types").Ink} ink @param {number} digit */
	function example(ink, digit) {
		const name = t("pad.example", { digit });
		return button(String(digit), () => showInk(ink), { "aria-label": name, class: "button example" });
	}

	async function opened() {
		runs = (await modelChoices(host.server.manage)) ?? runs;
		offer();
	}

	know(models);
	for (const name of networks) put(name, name);
	add.hidden = networks.length >= most; // there is nothing to add
	offer();
	judge();
	mountSheet(canvas);
	onTheme(element, () => {
		colour = valueColours(element);
		for (const { row } of entries) row.show(row.last(), colour);
	});
	subscribe(element, "ink", () => {
		clearing.disabled = !isDrawn();
		undoing.disabled = !canUndo();
		refresh();
	});
	subscribe(element, "drawing", (down) => down || refresh());
	onVisible(element, (now) => {
		visible = now;
		if (!visible) return;
		opened();
		entries.forEach(load);
		refresh();
	});
}

/** What the columns of the rows are; where the window is wide enough for them. */
function heads() {
	const names = ["prediction", "model", "probability", "maps"];
	return el(
		"div",
		{ class: "heads", "aria-hidden": "true" },
		...names.map((name) => el("span", {}, t(`compare.head.${name}`))),
	);
}
