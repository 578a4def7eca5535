// The Networks tab: what each network is made of, where its sizes come from, and what its connections are worth.
import { ask, latest, wait } from "../ask.js";
import { greyColours, onTheme } from "../colours.js";
import { busy, button, el, menu, onVisible, paint, pixelCanvas, signedBytes } from "../dom.js";
import { heading, help } from "../help.js";
import { drawing } from "../ink.js";
import { get, subscribe } from "../store.js";
import { has, render, t } from "../texts.js";
import { connectionGrid } from "./connections.js";
import { parametersOf, sizeOf } from "./layer_size.js";
import { layerTable } from "./layer_table.js";

/** @typedef {import("../types").Host} Host */
/** @typedef {import("../types").Message} Message */
/** @typedef {import("./connections.js").Connection} Connection */
/**
 * A network as the server describes it: its connection table, maps by sources, leads from one layer to another.
 * @typedef {{name: string, activation: string, accuracy: number | null, parameters: number, connections: number,
 *   layers: import("./layer_table.js").Layer[], table_layer: string, source_layer: string, table: boolean[][],
 *   facts: Message[], codes?: import("../types").Layer}} Network
 */

const AGAIN = 2000; // milliseconds until the server is asked again
const [FAINT, INK] = [24, 255]; // how a code's -1 and +1 are drawn

/** @param {HTMLElement} element @param {Host} host its value: the names of the networks */
export function mount(element, host) {
	/** @type {Network | null} */ let shown = null;
	/** @type {Connection[]} */ let pruned = [];
	let visible = false;

	/** @type {[string, string][]} */
	const names = host.props.value.map((/** @type {string} */ network) => [
		network,
		t("form.network.choice", { network, title: t(`network.${network}.title`) }),
	]);
	const choice = menu(t("networks.choose"), names, { class: "choice", change: () => open() });
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

	element.classList.add("empty");

	/** Ask the server, over and over while it cannot be reached and the tab is open. @param {() => object} message */
	async function answered(message) {
		for (;;) {
			const answer = await ask(host.server.inspect, message());
			notice.textContent = render(answer.error);
			if (!answer.again || !visible) return answer;
			await wait(AGAIN);
		}
	}

	const mark = (/** @type {boolean} */ working) => busy(element, working);

	const open = latest(async () => {
		if (shown?.name === choice.value) return void (notice.textContent = "");
		const answer = await answered(() => ({ network: choice.value }));
		if (!answer.error && answer.name === choice.value) show(answer);
	}, mark);

	/** Have the network tested, and the drawing classified, without the connections that are removed. */
	const measure = latest(async () => {
		const network = shown;
		if (!network || !pruned.length) return;
		const answer = await answered(() => ({ version: 1, network: network.name, pruned, ...drawing() }));
		if (answer.error || network !== shown || !pruned.length) return;
		const { accuracy, accuracy_before: before, total, digit, probabilities } = answer;
		const sentences = [t("networks.pruned", { count: pruned.length, accuracy, before, total })];
		const whose = get("ink").example ? "example" : "drawing";
		if (digit !== null) sentences.push(t(`networks.pruned.${whose}`, { digit, probability: probabilities[digit] }));
		outcome.textContent = sentences.join(" ");
	}, mark);

	/** @param {Network} network */
	function show(network) {
		shown = network;
		element.classList.remove("empty");
		const { name, activation, accuracy, parameters, connections, layers } = network;
		facts.textContent = [
			t("networks.facts", { count: parameters }),
			t("networks.connections", { count: connections }),
			has(`activation.${activation}`) ? t(`activation.${activation}`) : activation,
			accuracy === null ? t("networks.untrained") : t("networks.accuracy", { accuracy }),
		].join(" · ");
		source.textContent = t(`network.${name}.source`);
		table.show(layers);
		explain(0);
		notes.replaceChildren(...network.facts.map((fact) => el("li", {}, render(fact))));
		showGrid(network);
		showCodes();
	}

	/** Work the sizes of a layer through. @param {number} index */
	function explain(index) {
		if (!shown) return;
		const layer = shown.layers[index];
		const links = layer.name === shown.table_layer ? shown.table.flat().filter(Boolean).length : 0;
		table.mark(index);
		formula.replaceChildren(
			el("b", {}, t("networks.formula", { layer: layer.name, kind: t(`networks.kind.${layer.kind}`) })),
			el("p", {}, sizeOf(layer)),
			el("p", {}, parametersOf(layer, links)),
		);
	}

	/** @param {Network} network */
	function showGrid({ table, source_layer: source, table_layer: layer, accuracy }) {
		const whole = table.flat().filter(Boolean).length;
		const hint = t(accuracy === null ? "networks.no_weights" : "networks.table.hint");
		/** @param {Connection[]} removed */
		function changed(removed) {
			pruned = removed;
			count.textContent = t("networks.table", {
				source,
				layer,
				on: whole - pruned.length,
				total: table.flat().length,
			});
			back.disabled = !pruned.length;
			outcome.textContent = pruned.length ? t("networks.measuring", { count: pruned.length }) : hint;
			measure();
		}
		const made = connectionGrid({ table, source, layer, fixed: accuracy === null }, changed);
		const partial = whole < table.flat().length;
		kinds.replaceChildren(
			...["connected", "removed", "absent"]
				.filter((kind) => kind === "connected" || (kind === "removed" ? accuracy !== null : partial))
				.map((kind) => el("li", {}, el("span", { class: `sample ${kind}` }), t(`networks.legend.${kind}`))),
		);
		restore = made.restore;
		grid.replaceChildren(made.element);
		changed([]);
	}

	/** The pictures that an RBF output compares its input with, if the network has one. */
	function showCodes() {
		if (!shown?.codes) return codes.replaceChildren();
		const [digits, rows, columns] = shown.codes.shape;
		const values = signedBytes(shown.codes.values);
		const colour = greyColours(element);
		const figures = [...Array(digits).keys()].map((digit) => {
			const canvas = pixelCanvas(rows, columns, 4, t("codes.code", { digit }));
			paint(canvas, (place) => colour(values[digit * rows * columns + place] > 0 ? INK : FAINT));
			return el("figure", {}, canvas, el("figcaption", {}, String(digit)));
		});
		codes.replaceChildren(
			heading("h3", t("networks.codes"), "rbf_codes"),
			el("div", { class: "pictures" }, ...figures),
		);
	}

	subscribe(element, "ink", () => visible && measure());
	onTheme(element, showCodes);
	onVisible(element, (now) => {
		visible = now;
		if (visible) shown ? measure() : open();
	});
}
