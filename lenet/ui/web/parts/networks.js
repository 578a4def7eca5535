// The Networks tab: what each network is made of, where its sizes come from, and what its connections are worth.
import { ask, latest, wait } from "../ask.js";
import { greyColours, onTheme } from "../colours.js";
import { busy, button, el, menu, onVisible, paint, pixelCanvas, setText } from "../dom.js";
import { prune } from "../engine/kernels.js";
import { predicted, run } from "../engine/network.js";
import { inStep } from "../frames.js";
import { heading, help } from "../help.js";
import { imageFor, inputOf } from "../input.js";
import { know, loadModel, loadedModel } from "../models.js";
import { connectedLayers, connectionTable, kindOf, plans } from "../plans.js";
import { get, subscribe } from "../store.js";
import { has, layerName, render, sentences, t } from "../texts.js";
import { connectionGrid } from "./connections.js";
import { parametersOf, sizeOf } from "./layer_size.js";
import { layerTable } from "./layer_table.js";
import { CODE_ROWS } from "./maps_codes.js";

/** @typedef {import("../types").Host} Host */
/** @typedef {import("../types").Message} Message */
/** @typedef {import("./connections.js").Connection} Connection */
/** @typedef {import("../types").Model} Model */
/** What test digits say of removed connections. @typedef {{pruned: Connection[], sentence: string}} Measured */

const AGAIN = 2000; // milliseconds until the server is asked again
const [FAINT, INK] = [24, 255]; // how a code's -1 and +1 are drawn

/** @param {HTMLElement} element @param {Host} host its value: the names of the networks */
export function mount(element, host) {
	/** @type {{value: string[], models: Model[], facts: Record<string, Message[]>, untrained: Message}} */
	const { value, models, facts: noted, untrained } = host.props;
	let shown = "";
	/** @type {Connection[]} */ let pruned = [];
	/** @type {Measured | null} */ let measured = null;
	let visible = false;
	know(models);

	/** @type {[string, string][]} */
	const names = value.map((network) => [
		network,
		t("form.network.choice", { network, title: t(`network.${network}.title`) }),
	]);
	const choice = menu(t("networks.choose"), names, { class: "choice", change: () => show(choice.value) });
	const facts = el("p", { class: "facts" });
	const source = el("p", { class: "source" });
	const notice = el("p", { class: "notice", role: "alert" });
	const table = layerTable(explain);
	const formula = el("div", { class: "formula", "aria-live": "polite" });
	const count = el("h3");
	const grid = el("div");
	const outcome = el("p", { class: "outcome", "aria-live": "polite" });
	let restore = () => {};
	const back = button(t("networks.table.restore"), () => restore(), { class: "button small", disabled: true });
	const kinds = el("ul", { class: "kinds", "aria-hidden": "true" });
	const codes = el("section", { class: "codes" });
	const notes = el("ul", { class: "notes" });
	element.append(
		el("div", { class: "top" }, heading("h2", t("page.networks"), "networks"), choice),
		facts,
		source,
		notice,
		table.element,
		formula,
		el(
			"div",
			{ class: "lower" },
			el(
				"section",
				{ class: "pruning" },
				el("div", { class: "heading" }, count, help("connections", t("networks.connections.heading"))),
				grid,
				el("div", { class: "under" }, kinds, back),
				outcome,
			),
			el("div", { class: "aside" }, codes, el("section", {}, heading("h3", t("networks.notes"), "notes"), notes)),
		),
	);

	const mark = (/** @type {boolean} */ working) => busy(element, working);

	/** Have the network tested without the connections that are removed, over and over while that cannot be had. */
	const measure = latest(async () => {
		const [network, removed] = [shown, pruned];
		if (!removed.length) return;
		const { error, again, ...found } = await ask(host.server.prune, { network, pruned: removed });
		notice.textContent = render(error);
		if (again && visible) return void wait(AGAIN).then(measure);
		if (error || network !== shown || removed !== pruned) return;
		const values = { ...found, count: pruned.length, before: found.accuracy_before };
		measured = { pruned, sentence: t("networks.pruned", values) };
		tell();
	}, mark);

	/** Say what the removed connections cost: on the test digits, and at once on the drawing. */
	const tell = inStep(() => {
		if (!pruned.length || !visible) return;
		const known = measured?.pruned === pruned ? measured.sentence : null;
		setText(outcome, sentences([known ?? t("networks.measuring", { count: pruned.length }), ofDrawing()]));
	}, mark);

	/** Load the network, over and over while that cannot be done. */
	const load = latest(async () => {
		while (visible && pruned.length && "error" in (await loadModel(host, shown))) await wait(AGAIN);
		tell();
	}, mark);

	/** What the network makes of the drawing now. */
	function ofDrawing() {
		const model = loadedModel(shown);
		const input = inputOf(host, get("ink"), false, tell)?.input;
		if (!model) load();
		if (!model || !input) return "";
		const network = prune(model.network, connectedLayers(model.network.plan).layer.name, pruned);
		const activations = run(network, imageFor(network, input));
		const [digit, whose] = [predicted(activations), get("ink").example ? "example" : "drawing"];
		return t(`networks.pruned.${whose}`, { digit, probability: activations.probabilities[digit] });
	}

	/** @param {string} name of the network */
	function show(name) {
		shown = name;
		const { steps } = plans[name];
		const accuracy = models.find(({ id }) => id === name)?.accuracy ?? null;
		const count = (/** @type {"parameters" | "connections"} */ what) =>
			steps.reduce((sum, step) => sum + step[what], 0);
		const activation = steps.find((step) => step.activation)?.activation ?? "";
		facts.textContent = [
			t("networks.facts", { count: count("parameters") }),
			t("networks.connections", { count: count("connections") }),
			has(`activation.${activation}`) ? t(`activation.${activation}`) : activation,
			accuracy === null ? t("networks.untrained") : t("networks.accuracy", { accuracy }),
		].join(" · ");
		source.textContent = t(`network.${name}.source`);
		table.show(steps);
		explain(0);
		notes.replaceChildren(...(noted[name] ?? []).map((fact) => el("li", {}, render(fact))));
		showGrid(accuracy !== null);
		showCodes();
	}

	/** Work the sizes of a layer through. @param {number} index */
	function explain(index) {
		const step = plans[shown].steps[index];
		table.mark(index);
		formula.replaceChildren(
			el(
				"b",
				{},
				t("networks.formula", { layer: layerName(step.name), kind: t(`networks.kind.${kindOf(step)}`) }),
			),
			el("p", {}, sizeOf(step)),
			el("p", {}, parametersOf(step)),
		);
	}

	/** @param {boolean} trained */
	function showGrid(trained) {
		const { source, layer } = connectedLayers(plans[shown]);
		const table = connectionTable(layer);
		const [whole, total] = [table.flat().filter(Boolean).length, table.flat().length];
		const hint = trained ? t("networks.table.hint") : render(untrained);
		/** @param {Connection[]} removed */
		function changed(removed) {
			pruned = removed;
			const on = whole - pruned.length;
			count.textContent = t("networks.table", { source: source.name, layer: layer.name, on, total });
			back.disabled = !pruned.length;
			if (!pruned.length) outcome.textContent = hint;
			tell();
			measure();
		}
		const names = { source: source.name, layer: layer.name };
		const made = connectionGrid({ table, ...names, fixed: !trained }, changed);
		kinds.replaceChildren(
			...["connected", "removed", "absent"]
				.filter((kind) => kind === "connected" || (kind === "removed" ? trained : whole < total))
				.map((kind) => el("li", {}, el("span", { class: `sample ${kind}` }), t(`networks.legend.${kind}`))),
		);
		restore = made.restore;
		grid.replaceChildren(made.element);
		changed([]);
	}

	/** The pictures that an RBF output compares its input with, if the network has one. */
	function showCodes() {
		const found = plans[shown].steps.at(-1)?.codes;
		if (!found) return codes.replaceChildren();
		const colour = greyColours(element);
		const figures = found.map((code, digit) => {
			const canvas = pixelCanvas(CODE_ROWS, code.length / CODE_ROWS, 4, t("codes.code", { digit }));
			paint(canvas, (place) => colour(code[place] > 0 ? INK : FAINT));
			return el("figure", {}, canvas, el("figcaption", {}, String(digit)));
		});
		codes.replaceChildren(
			heading("h3", t("networks.codes"), "rbf_codes"),
			el("div", { class: "pictures" }, ...figures),
		);
	}

	show(choice.value);
	subscribe(element, "ink", tell);
	onTheme(element, showCodes);
	onVisible(element, (now) => {
		visible = now;
		tell();
	});
}
