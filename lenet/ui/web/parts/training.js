// Training: the form, how it goes, the curves of loss and accuracy; and once it is over, the way back through its
// epochs, each read by the weights of its end.
import { ask, latest } from "../ask.js";
import { $, button, bytes, el, offer, progressBar, setText } from "../dom.js";
import { heading } from "../help.js";
import { makeLearning } from "../learning/panel.js";
import { makePanel } from "../mine/panel.js";
import { payload } from "../mine/shelf.js";
import { loadModel } from "../models.js";
import { isBusy, remember } from "../runs.js";
import { get, set, subscribe } from "../store.js";
import { render, t } from "../texts.js";
import { makeCurves } from "./training_curves.js";
import { makeForm } from "./training_form.js";
import { keep, lost, recall } from "./training_kept.js";

/** @typedef {import("../types").Training} Training */

const SILENCE = 4000; // milliseconds without a word from the server before it is asked whether it is there

/**
 * `props.value` is a Training, `props.form` what its form offers, `props.paper` the accuracy of the paper's network,
 * `props.public` whether strangers share the page.
 * @param {HTMLElement} element @param {import("../types").Host} host
 */
export function mount(element, host) {
	/** @type {Training} */ let view = recall(host.props.value, host.props.public);
	let pending = false; // asked for, and not answered yet
	let unreachable = false; // while a training was under way
	let told = ""; // the model that training wanted to read last
	let chosen = false; // whether the visitor chose a model meanwhile, which then stays
	/** @type {ReturnType<typeof setTimeout> | undefined} */ let silence;

	const form = makeForm(host.props.form, host.server.estimate, (open) => element.classList.toggle("open", open));
	const curves = makeCurves(host.props.paper);
	const learning = makeLearning();
	const panel = makePanel(() => begin("teach", { digits: payload() }));
	const start = button(t("training.start"), () => begin("start", { form: form.values() }), {
		class: "button primary",
	});
	const stop = button(t("training.stop"), () => host.trigger("stop", { token: view.token }), {
		class: "button stop",
	});
	const [one, more] = [1, null].map((epochs) => button("", () => begin("continue", { key: view.key, epochs })));
	const [bar, advance] = progressBar(t("training.progress"), "bar");
	const slider = el("input", {
		type: "range",
		min: 0,
		step: 1,
		"aria-label": t("training.replay.label"),
		input: replay,
		pointerenter: () => prefetch(),
		focus: () => prefetch(),
	});
	const use = button("", take, { class: "button small" });
	const rescue = button(t("training.unsaved.file"), download, { class: "button small" });
	element.append(
		el(
			"div",
			{ class: "title" },
			heading("h2", t("training.heading"), "training"),
			...learning.title,
			...panel.title,
			form.opener,
		),
		form.basic,
		el("div", { class: "actions" }, start, panel.teach, stop, one, more, ...panel.buttons),
		bar,
		el(
			"div",
			{ class: "status" },
			el("p", { class: "message", role: "status" }),
			el("p", { class: "details" }, el("span", { class: "detail" }), form.time),
		),
		el("div", { class: "replay" }, el("label", {}, el("span", { class: "caption" }), slider), use, rescue),
		el("div", { class: "room" }, curves.element, form.advanced),
		panel.element,
		learning.element,
	);

	/** Fetch the weights of all epochs, one after the other, so that the slider shows them at once. */
	const prefetch = latest(async () => {
		const { key, last_epoch: last } = view;
		for (let epoch = last; key && epoch >= 0; epoch--) await loadModel(host, `${key}@${epoch}`);
	});

	/** @param {"start" | "continue" | "teach"} event @param {object} data */
	function begin(event, data) {
		pending = true;
		form.close();
		host.trigger(event, { ...data, model: get("model") });
		show();
		listenForSilence();
	}

	function show() {
		const busy = pending || isBusy(view);
		element.dataset.state = view.unsaved ? "failed" : view.state;
		start.disabled = busy;
		stop.disabled = !isBusy(view) || unreachable;
		advance(view.progress);
		setText($(element, ".message"), unreachable ? t("training.lost") : render(view.message));
		$(element, ".detail").textContent = unreachable ? "" : render(view.detail);
		form.time.hidden = busy;
		const epochs = left();
		one.textContent = t("training.more", { count: 1 });
		more.textContent = t("training.more", { count: epochs });
		one.hidden = busy || !view.key || view.changes.length > 0;
		panel.showBusy(busy);
		more.hidden = one.hidden || epochs === 1;
		showReplay();
	}

	/** Epochs that "continue" trains: as many again, or those that were not trained. */
	function left() {
		const missing = view.state === "stopped" ? view.epochs - view.validation.length : view.epochs;
		const [, most] = host.props.form.fields.find(
			(/** @type {{name: string}} */ { name }) => name === "epochs",
		).bounds;
		return Math.min(Math.max(1, missing), most);
	}

	function showReplay() {
		const [key, epoch] = get("model").split("@");
		const mark = view.key !== "" && key === view.key && epoch ? Number(epoch) : null;
		rescue.hidden = !view.unsaved;
		const label = $(element, ".replay label");
		label.hidden = view.last_epoch < 1 || view.changes.length > 0;
		slider.max = String(view.last_epoch);
		slider.value = String(mark ?? view.last_epoch);
		const text =
			mark === null
				? t("training.replay", { count: view.last_epoch })
				: t("training.replay.epoch", { epoch: mark });
		$(element, ".replay .caption").textContent = text;
		use.hidden = get("model") === trained();
		$(element, ".replay").hidden = !trained() || (label.hidden && use.hidden && rescue.hidden);
		const anyway = view.changes.length > 0 && !view.better;
		use.textContent = t(
			view.state === "stopped" ? "training.use_partial" : anyway ? "mine.use_anyway" : "training.back",
		);
		curves.show(view, mark);
	}

	/** The model that the training made, if it is over. */
	function trained() {
		return view.key || view.unsaved;
	}

	/** Save what the server could not. */
	async function download() {
		const { name, content, error } = await ask(host.server.rescue, { model: view.unsaved });
		if (content) return offer(name, bytes(content));
		setText($(element, ".message"), render(error));
	}

	function replay() {
		set("model", `${view.key}@${slider.value}`);
	}

	/** Read with the run from now on, and compare it with what read before. */
	function take() {
		const { previous } = view;
		const model = trained();
		if (previous && model !== previous) set("comparison", { previous, model });
		set("model", model);
	}

	/**
	 * Let the drawing be read with the weights that the training tells, unless the visitor chose others.
	 * @param {boolean} isNew
	 */
	function follow(isNew) {
		if (isNew) [told, chosen] = ["", false];
		const next = view.model || view.previous;
		if (chosen || !next || next === told) return;
		told = next;
		if (view.state === "done" && view.model) take();
		else set("model", next);
	}

	/** @param {Training} next */
	function hear(next) {
		const isNew = next.token !== view.token || pending;
		pending = unreachable = false;
		const ended = isBusy(view) || isNew;
		view = next;
		if (isNew || view.changes.length) panel.showChanges(view.changes);
		set("training", view);
		keep(view);
		if (view.key) remember(view.key);
		show();
		follow(isNew);
		if (isBusy(view)) return listenForSilence();
		clearTimeout(silence);
		if (view.state === "failed") form.refuse(view.message);
		form.giveBack();
		if (ended) form.refresh(); // what was trained now loads at once
	}

	/** When nothing is heard for a while, find out whether the server is there, until something is heard. */
	function listenForSilence() {
		clearTimeout(silence);
		silence = setTimeout(async () => {
			const before = view;
			const { error } = await ask(host.server.estimate, form.values());
			if (before !== view || !element.isConnected) return;
			const gone = error?.key === "server.unreachable";
			if (unreachable && !gone) return hear(lost(view, host.props.public)); // back, but it no longer speaks
			if (gone && pending && !isBusy(view)) {
				pending = false;
				view = { ...view, state: "failed", message: error };
				return show();
			}
			unreachable = gone;
			show();
			listenForSilence();
		}, SILENCE);
	}

	host.watch("value", () => hear(host.props.value));
	let returns = view.changes.length > 0; // from before a reload, which leaves the way back
	subscribe(element, "model", (model) => {
		if (returns && model === view.key) take();
		returns &&= model === "";
		chosen = model !== told;
		showReplay();
	});
	subscribe(element, "settings", (settings) => {
		if (!settings) return;
		set("settings", null);
		if (!start.disabled) begin("start", { form: form.borrow(settings) });
	});
	subscribe(element, "reachable", (reachable) => {
		if (reachable || !isBusy(view) || unreachable) return;
		unreachable = true;
		show();
		listenForSilence();
	});
	panel.mounted(element);
	learning.mounted(element);
	panel.showChanges(view.changes);
	set("training", view);
	show();
}
