// One step of learning from the drawing: what it should have been, the gradient on its way back through the layers, and
// what one step of gradient descent does to the weights.
import { onTheme, valueColours } from "../colours.js";
import { button, el, onVisible, setText } from "../dom.js";
import { descend, gradientsOf, lossOf } from "../engine/learning.js";
import { run } from "../engine/network.js";
import { inStep } from "../frames.js";
import { heading } from "../help.js";
import { imageFor } from "../input.js";
import { makeChoices } from "../mine/choices.js";
import { get, set, subscribe } from "../store.js";
import { t } from "../texts.js";
import { makeFlow } from "./flow.js";
import { makeKernels } from "./kernels.js";

/** @typedef {import("../types").Answer} Answer */
/** @typedef {import("../engine/network.js").Network} Network */

const RATES = [0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1];
const USUAL = 0.001;
const CAUTIOUS = 0.0002; // where outputs are distances, whose slopes are steep
const MOST = 100; // steps that can be undone

/** The rate that suits one step of a network. @param {Network} network */
export const usualRate = ({ plan }) => (plan.rubbish === null ? USUAL : CAUTIOUS);

/** The parts of a card that shows one step of learning whenever the store's "panel" says so. */
export function makeLearning() {
	/** @type {Network | null} what one more step would make of the network */ let ahead = null;
	let visible = false;
	let chosen = false; // whether the rate is the visitor's
	const [choices, , press] = makeChoices(t("step.label"), (digit) => set("wanted", digit));
	const rate = el("input", { type: "range", min: 0, max: RATES.length - 1, "aria-label": t("step.rate") });
	const told = el("b");
	const take = button(t("step.take"), () => ahead && set("steps", [...get("steps"), ahead].slice(-MOST)), {
		class: "button primary take",
	});
	const back = button(t("step.undo"), () => set("steps", get("steps").slice(0, -1)), { class: "button back" });
	const loss = el("p", { class: "loss", role: "status" });
	const count = el("p", { class: "soft" });
	const flow = makeFlow();
	const kernels = makeKernels();
	const open = button(t("step.open"), () => set("panel", get("panel") === "step" ? "train" : "step"), {
		class: "button small open-step",
	});
	const element = el(
		"div",
		{ class: "step-panel" },
		el(
			"div",
			{ class: "choose" },
			el("span", { class: "caption", "aria-hidden": "true" }, t("step.label")),
			choices,
		),
		el(
			"div",
			{ class: "rate" },
			el("label", {}, el("span", { class: "caption" }, t("step.rate"), " ", told), rate),
			take,
			back,
		),
		loss,
		flow.element,
		kernels.element,
		count,
	);
	let colour = valueColours(document.body);

	const show = inStep(() => {
		if (!visible) return;
		const [steps, wanted] = [get("steps").length, get("wanted")];
		const { answer } = get("reading");
		if (!chosen) rate.value = String(RATES.indexOf(answer ? usualRate(answer.network) : USUAL));
		const size = RATES[Number(rate.value)];
		setText(told, String(size));
		rate.setAttribute("aria-valuetext", String(size));
		back.disabled = steps === 0;
		setText(count, steps ? t("step.taken", { count: steps }) : "");
		ahead = null;
		if (answer && wanted !== null) showStep(answer, wanted, size);
		else setText(loss, t(answer ? "step.choose" : "step.draw"));
		take.disabled = !ahead;
		element.classList.toggle("empty", !ahead);
	});

	/** @param {Answer} answer @param {number} wanted @param {number} size */
	function showStep(answer, wanted, size) {
		const { network, activations, preprocessed } = answer;
		const gradients = gradientsOf(network, activations, wanted);
		ahead = descend(network, gradients, size);
		const after = lossOf(ahead, run(ahead, imageFor(ahead, preprocessed)), wanted);
		const known = Number.isFinite(after);
		setText(loss, t(known ? "step.loss" : "step.wrecks", { loss: gradients.loss, after, digit: wanted }));
		flow.show(network, ahead, gradients, colour);
		kernels.show(network, ahead, colour);
	}

	/** Once it is on the page. @param {HTMLElement} card */
	function mounted(card) {
		onTheme(element, () => {
			colour = valueColours(element);
			show();
		});
		rate.addEventListener("input", () => {
			chosen = true;
			show();
		});
		onVisible(element, (now) => {
			visible = now;
			show();
		});
		for (const key of /** @type {const} */ (["reading", "steps"])) subscribe(element, key, show);
		subscribe(element, "wanted", (wanted) => {
			press(wanted ?? undefined);
			if (wanted !== null) flow.play();
			show();
		});
		subscribe(element, "panel", (panel) => {
			card.classList.toggle("step", panel === "step");
			setText(open, t(panel === "step" ? "mine.close" : "step.open"));
		});
	}

	return {
		element,
		title: [el("div", { class: "of-step" }, heading("h2", t("step.heading"), "step")), open],
		mounted,
	};
}
