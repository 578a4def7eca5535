// The Runs tab: a table to load, rename, download and delete runs from, and the curves of those that are ticked.
import { ask, latest, wait } from "../ask.js";
import { busy, button, bytes, el, offer, onVisible } from "../dom.js";
import { heading } from "../help.js";
import { unload } from "../models.js";
import { forget } from "../runs.js";
import { get, set, subscribe } from "../store.js";
import { openTab } from "../tabs.js";
import { language, render, sentences, t } from "../texts.js";
import { LINES, isMany, runCurves, sample } from "./run_curves.js";
import { runRow } from "./run_row.js";
import { longNameOf } from "./run_words.js";

/** @typedef {import("../types").Host} Host */
/** @typedef {import("./run_words.js").Run} Run */

const AGAIN = 2000; // milliseconds until the server is asked again
const COLUMNS = ["curves", "run", "accuracy", "interval", "data", "time", "date", "actions"];

/** @param {HTMLElement} element @param {Host} host `paper` is the test accuracy of the paper's network */
export function mount(element, host) {
	/** @type {Run[]} */ let runs = [];
	/** @type {Map<string, number>} */ let ticked = new Map(); // keys, with the places of their lines
	let isPublic = false;
	let isNew = true; // nothing was listed yet
	let editing = false;
	let visible = false;

	const notice = el("p", { class: "notice", role: "status" });
	const body = el("tbody");
	const heads = COLUMNS.map((name) => el("th", { scope: "col", class: name }, t(`runs.${name}`)));
	const table = el("table", { class: "runs" }, el("thead", {}, el("tr", {}, ...heads)), body);
	const note = el("p", { class: "note" });
	const empty = el(
		"div",
		{ class: "empty" },
		el("p", {}, t("runs.empty")),
		button(t("runs.empty.go"), () => openTab("draw")),
	);
	const curves = runCurves(host.props.paper);
	const key = el("ul", { class: "key" });
	const file = button(t("runs.curves.file"), () => download("curves", [...ticked.keys()]));
	const compared = el(
		"section",
		{ class: "compared" },
		el("div", { class: "above" }, heading("h3", t("runs.compared"), "run_curves"), file),
		key,
		curves.element,
	);
	element.append(heading("h2", t("page.runs"), "runs"), notice, empty, table, note, compared);
	for (const part of [empty, table, note, compared]) part.hidden = true;

	/** Tell what was done, or could not be. @param {string} sentence @param {boolean} isError */
	function tell(sentence, isError = false) {
		notice.textContent = sentence;
		notice.classList.toggle("error", isError);
	}

	/** Ask the server; what it cannot do is told until it can. @param {object} message */
	async function asked(message) {
		const answer = await ask(host.server.manage, message);
		if (answer.error) tell(render(answer.error), true);
		else if (notice.classList.contains("error")) tell("");
		return answer;
	}

	const refresh = latest(
		async () => {
			const answer = await asked({ do: "list", keys: get("runs") });
			if (answer.again && visible) return void wait(AGAIN).then(() => visible && refresh());
			if (answer.error) return;
			({ runs, public: isPublic } = answer);
			ticked = new Map([...ticked].filter(([one]) => runs.some((run) => run.key === one)));
			if (isNew && runs.length) tick(newest(runs).key, true);
			isNew = isNew && runs.length === 0;
			if (!editing) show();
		},
		(working) => busy(element, working),
	);

	/** @param {string} one @param {boolean} on */
	function tick(one, on) {
		const free = LINES.findIndex((_, place) => ![...ticked.values()].includes(place));
		if (!on) ticked.delete(one);
		else if (free >= 0) ticked.set(one, free);
	}

	function show() {
		empty.hidden = runs.length > 0;
		table.hidden = note.hidden = runs.length === 0;
		const tick = t("runs.tick", { most: LINES.length });
		note.textContent = isPublic ? sentences([tick, t("runs.public")]) : tick;
		const focused = place();
		body.replaceChildren(...runs.map(row));
		focused();
		showCurves();
	}

	/** Note where the focus is; the function returned puts it there again, or in the row that took its place. */
	function place() {
		const active = /** @type {HTMLElement | null} */ (document.activeElement);
		const line = active?.closest("tr");
		if (!active || !line || !body.contains(line)) return () => {};
		const [index, name] = [line.sectionRowIndex, active.dataset.act ?? ""];
		return () => {
			const same = [...body.rows].find((other) => other.dataset.key === line.dataset.key);
			const next = same ?? body.rows[Math.min(index, body.rows.length - 1)];
			const target =
				next?.querySelector(name ? `[data-act="${name}"]` : "input") ?? empty.querySelector("button");
			/** @type {HTMLElement | null} */ (target)?.focus();
		};
	}

	function showCurves() {
		const chosen = runs
			.filter((run) => ticked.has(run.key))
			.map((run) => ({ run, place: Number(ticked.get(run.key)) }));
		compared.hidden = chosen.length === 0;
		if (chosen.length === 0) return;
		const names = chosen.map(({ run, place }) => {
			const name = longNameOf(run, runs);
			const words = run.validation.length ? name : t("runs.no_epoch", { run: name });
			return el("li", {}, sample(place, chosen.length), words);
		});
		const lines = t(isMany(chosen.length) ? "runs.lines.many" : "runs.lines");
		key.replaceChildren(...names, el("li", { class: "lines" }, lines));
		curves.show(chosen);
	}

	/** @param {Run} run */
	function row(run) {
		const place = ticked.get(run.key);
		return runRow(run, {
			all: runs,
			label: longNameOf(run, runs),
			line: place === undefined ? null : sample(place, ticked.size),
			full: ticked.size >= LINES.length,
			loaded: get("model").split("@")[0] === run.key,
			isPublic,
			tick: (on) => {
				tick(run.key, on);
				show();
			},
			load: () => {
				set("model", run.key);
				openTab("draw");
			},
			download: (what) => download(what, [run.key]),
			remove: () => remove(run),
			rename: async (title) => !(await asked({ do: "rename", keys: [run.key], title })).error,
			edit: () => (editing = true),
			edited: (byKey) => {
				editing = false;
				changed(run);
				const button = body.querySelector(`[data-key="${run.key}"] [data-act="rename"]`);
				if (byKey) /** @type {HTMLElement | null} */ (button)?.focus();
			},
		});
	}

	/** List the runs anew, and have the drawing read anew by what is there now. @param {Run} run that is another now */
	function changed(run) {
		unload(run.key);
		show();
		refresh();
		set("about", null);
	}

	/** @param {Run} run */
	async function remove(run) {
		const name = longNameOf(run, runs);
		const answer = isPublic ? {} : await asked({ do: "delete", keys: [run.key] });
		if (answer.error) return;
		forget(run.key);
		runs = runs.filter((one) => one !== run);
		ticked.delete(run.key);
		changed(run);
		tell(t(isPublic ? "runs.forgotten" : "runs.deleted", { run: name }));
	}

	/** @param {string} what @param {string[]} keys */
	async function download(what, keys) {
		const { name, content } = await asked({ do: what, keys, language });
		if (content) offer(name, bytes(content));
	}

	subscribe(element, "runs", () => visible && refresh());
	subscribe(element, "model", () => !editing && runs.length && show());
	onVisible(element, (now) => {
		visible = now;
		if (visible) refresh();
	});
}

/** @param {Run[]} runs */
function newest(runs) {
	return runs.reduce((last, run) => (run.date > last.date ? run : last));
}
