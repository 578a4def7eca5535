// Whose hand is it: every model on everybody's digits, as long as the tab is in sight.
import { latest, wait } from "../ask.js";
import { busy, el, onVisible, setText } from "../dom.js";
import { predicted, run } from "../engine/network.js";
import { heading } from "../help.js";
import { hands, inputOfDigit } from "../mine/shelf.js";
import { colourOf } from "../mine/thumbnails.js";
import { know, loadModel } from "../models.js";
import { modelChoices } from "../run_menu.js";
import { scroller } from "../scroller.js";
import { get, subscribe } from "../store.js";
import { percent, t } from "../texts.js";

/** @typedef {import("../types").MyDigit} MyDigit */

const MANY = 16; // digits classified before the page may draw itself again

/** @param {HTMLElement} element @param {import("../types").Host} host as that of the models that are compared */
export function mount(element, host) {
	/** @type {{value: string[], models: import("../types").Model[], most: number}} */
	const { value: networks, models, most } = host.props;
	const empty = el("p", { class: "empty" }, t("hands.empty"));
	const table = el("table", {});
	const note = el("p", { class: "empty", hidden: true }, t("hands.taught"));
	element.append(heading("h2", t("hands.heading"), "hands"), empty, scroller(t("hands.heading"), table), note);
	/** What each model predicted. @type {Map<string, WeakMap<MyDigit, number>>} */ const known = new Map();
	let visible = false;

	const refresh = latest(
		async () => {
			empty.hidden = get("mine").length > 0;
			table.hidden = !empty.hidden;
			note.hidden = true;
			if (!visible || !empty.hidden) return;
			const runs = ((await modelChoices(host.server.manage)) ?? []).slice(0, most - networks.length);
			/** @type {[id: string, name: string][]} */
			const columns = [...networks.map((name) => /** @type {[string, string]} */ ([name, name])), ...runs];
			const cells = build(columns);
			for (const [id] of columns) await classify(id, cells);
		},
		(working) => busy(element, working),
	);

	/**
	 * A row for each hand, a column for each model; returns the cells of each model, by hand.
	 * @param {[id: string, name: string][]} columns
	 */
	function build(columns) {
		/** @type {Map<string, Map<string, HTMLElement>>} */ const cells = new Map();
		const heads = columns.map(([, name]) => el("th", { scope: "col" }, el("span", {}, name)));
		const rows = hands().map((hand) => {
			const count = digitsOf(hand).length;
			if (!count) return null;
			const row = columns.map(([id]) => {
				const cell = el("td", {}, "…");
				cells.set(id, (cells.get(id) ?? new Map()).set(hand, cell));
				return cell;
			});
			const name = t(hand ? "mine.hand" : "mine.hand.own", { name: hand, count });
			const style = `--hand: var(--hand-${colourOf(hand)})`;
			return el("tr", {}, el("th", { scope: "row" }, el("span", { class: "hand", style }, name)), ...row);
		});
		const head = el("tr", {}, el("th", { scope: "col" }, t("hands.hand")), ...heads);
		table.replaceChildren(el("thead", {}, head), el("tbody", {}, ...rows));
		return cells;
	}

	/** Classify all digits by a model, and fill its column. @param {string} id @param {ReturnType<typeof build>} cells */
	async function classify(id, cells) {
		const found = await loadModel(host, id);
		if (!("error" in found) && found.about.taught) note.hidden = false;
		const own = known.get(id) ?? new WeakMap();
		known.set(id, own);
		for (const [hand, cell] of cells.get(id) ?? []) {
			const digits = digitsOf(hand);
			if ("error" in found) setText(cell, t("common.none"));
			else {
				await classifyAll(digits, own, found.network);
				const correct = digits.filter((digit) => own.get(digit) === digit.label).length;
				const values = { accuracy: percent(correct / digits.length, 0), correct, count: digits.length };
				setText(cell, t("hands.accuracy", values));
			}
		}
	}

	know(models);
	subscribe(element, "mine", refresh);
	subscribe(element, "runs", refresh);
	onVisible(element, (now) => {
		visible = now;
		refresh();
	});
}

/** @param {string} hand */
const digitsOf = (hand) => get("mine").filter(({ name }) => name === hand);

/**
 * @param {MyDigit[]} digits @param {WeakMap<MyDigit, number>} known what is predicted already
 * @param {import("../engine/network.js").Network} network
 */
async function classifyAll(digits, known, network) {
	let done = 0;
	for (const digit of digits) {
		if (known.has(digit)) continue;
		known.set(digit, predicted(run(network, inputOfDigit(digit))));
		if (++done % MANY === 0) await wait(0);
	}
}
