// A run as a row of the table: its figures, and what can be done with it.
import { button, el } from "../dom.js";
import { standAt } from "../popover.js";
import { t } from "../texts.js";
import { dateOf, durationOf, nameOf, settingsOf } from "./run_words.js";

/** @typedef {import("./run_words.js").Run} Run */
/**
 * What a row needs to know, and to call.
 * @typedef {{all: Run[], label: string, line: SVGElement | null, full: boolean, loaded: boolean, isPublic: boolean,
 *   tick: (on: boolean) => void, load: () => void, download: (what: string) => void, remove: () => void,
 *   rename: (title: string) => Promise<boolean>, edit: () => void, edited: (byKey: boolean) => void}} Context
 */

const CONFIRM = 5000; // milliseconds that a question stays
const FILES = ["weights", "history", "curves"];

let number = 0;

/** @param {Run} run @param {Context} context */
export function runRow(run, context) {
	const { label, line, full, loaded, isPublic } = context;
	const tick = el("input", { type: "checkbox", "aria-label": t("runs.show_curves", { run: label }) });
	tick.checked = line !== null;
	tick.disabled = line === null && full;
	tick.addEventListener("change", () => context.tick(tick.checked));

	const words = settingsOf(run, context.all);
	const name = el(
		"div",
		{ class: "name" },
		el("b", {}, nameOf(run)),
		loaded && el("span", { class: "loaded" }, t("runs.loaded")),
		el("span", { class: "settings" }, words.length ? words.join(" · ") : t("runs.defaults")),
	);
	/** @type {HTMLElement[]} */
	const acts = [button(t("runs.load"), context.load, act("load", "runs.load.label", label))];
	if (!isPublic) {
		const start = () => rename(run, name, context);
		acts.push(button(t("runs.rename"), start, act("rename", "runs.rename.label", label)));
	}
	acts.push(...downloads(label, context.download), remover(label, isPublic, context.remove));

	const { accuracy, correct, total, interval, data, date } = run;
	const [low, high] = interval;
	const when = el("time", { datetime: date }, dateOf(date));
	/** @param {string} column @param {...import("../dom.js").Child} content */
	const cell = (column, ...content) => el("td", { class: column, "data-head": t(`runs.${column}`) }, ...content);
	return el(
		"tr",
		{ "data-key": run.key, "aria-current": loaded ? "true" : null },
		el("td", { class: "curves", "data-head": t("runs.curves") }, el("label", {}, tick, line)),
		el("th", { scope: "row", class: "run" }, name),
		cell("accuracy", t("runs.figure", { accuracy, correct, total })),
		cell("interval", t("runs.interval.value", { low, high })),
		cell("data", t(`data.${data}`)),
		cell("time", durationOf(run)),
		cell("date", when),
		el("td", { class: "actions" }, el("div", { class: "acts" }, ...acts)),
	);
}

/**
 * What a button is, so that the focus finds it again, and what it is called.
 * @param {string} name @param {string} key @param {string} run
 */
function act(name, key, run) {
	return { class: "button small", "data-act": name, "aria-label": t(key, { run }) };
}

/** A button whose menu offers the run's files. @param {string} label @param {(what: string) => void} download */
function downloads(label, download) {
	const id = `run-files-${number++}`;
	const items = FILES.map((what) =>
		button(
			t(`runs.${what}.file`),
			() => {
				list.hidePopover();
				download(what);
			},
			{ class: "item" },
		),
	);
	const list = el("div", { id, popover: "auto", class: "files", role: "group" }, ...items);
	list.setAttribute("aria-label", t("runs.download.label", { run: label }));
	const opener = button(t("runs.download"), () => {}, {
		...act("download", "runs.download.label", label),
		popovertarget: id,
		"aria-haspopup": "true",
	});
	standAt(list, opener);
	return [opener, list];
}

/**
 * A button that asks back before it acts.
 * @param {string} label @param {boolean} isPublic @param {() => void} remove
 */
function remover(label, isPublic, remove) {
	const kind = isPublic ? "forget" : "delete";
	/** @type {ReturnType<typeof setTimeout> | undefined} */ let patience;
	const made = button(
		t(`runs.${kind}`),
		() => {
			if (patience) return remove();
			made.textContent = t(`runs.${kind}.confirm`);
			made.setAttribute("aria-label", t(`runs.${kind}.confirm.label`, { run: label }));
			made.classList.add("sure");
			patience = setTimeout(rest, CONFIRM);
		},
		{ ...act("remove", `runs.${kind}.label`, label), class: `button small remove ${kind}`, blur: rest },
	);
	made.addEventListener("keydown", (event) => event.key === "Escape" && rest());
	function rest() {
		clearTimeout(patience);
		patience = undefined;
		made.textContent = t(`runs.${kind}`);
		made.setAttribute("aria-label", t(`runs.${kind}.label`, { run: label }));
		made.classList.remove("sure");
	}
	return made;
}

/** Let the title be typed where the name stands. @param {Run} run @param {HTMLElement} cell @param {Context} context */
function rename(run, cell, context) {
	const input = el("input", {
		type: "text",
		maxlength: 60,
		placeholder: nameOf({ ...run, title: "" }),
		"aria-label": t("runs.title"),
	});
	input.value = run.title;
	let over = false;
	/** @param {boolean} keep @param {boolean} byKey */
	async function end(keep, byKey) {
		if (over) return;
		over = true;
		if (keep && input.value !== run.title && !(await context.rename(input.value))) over = false;
		else context.edited(byKey);
	}
	input.addEventListener("keydown", (event) => {
		if (event.key === "Enter") end(true, true);
		if (event.key === "Escape") end(false, true);
	});
	input.addEventListener("blur", () => end(true, false));
	context.edit();
	cell.replaceChildren(input);
	input.focus();
	input.select();
}
