// A unit worked out: the window it looks through, the weights, their products and the sum; and so on to the next unit,
// by hand or by itself, as the kernel slides.
import { onTheme, valueColours } from "../colours.js";
import { button, el, setText } from "../dom.js";
import { heading } from "../help.js";
import { get, set, subscribe } from "../store.js";
import { t } from "../texts.js";
import { titleOf } from "./maps_words.js";
import { countOf, indexOf, placeAt } from "./sliding_places.js";
import { makePictures } from "./sliding_pictures.js";
import { makeSum } from "./sliding_sum.js";

/** @typedef {import("../types").Answer} Answer */
/** @typedef {import("../types").Step} Step */
/** @typedef {import("../types").Unit} Unit */

const [SLOW, FAST, SHORTER] = [700, 60, 0.93]; // milliseconds from unit to unit: at first, at last, and times this each

/** @param {HTMLElement} element */
export function mount(element) {
	/** @type {ReturnType<typeof setTimeout> | undefined} */ let timer;
	/** @type {{unit: Unit, step: Step} | null} */ let now = null;
	let pace = SLOW;
	let colour = valueColours(element);

	const title = el("h3");
	const first = button("⏮", () => go(0), { class: "button small", "aria-label": t("sliding.first") });
	const back = button("◀", () => move(-1), { class: "button small", "aria-label": t("sliding.back") });
	const play = button("", () => (timer ? pause() : begin()), { class: "button small primary play" });
	const next = button("▶", () => move(1), { class: "button small", "aria-label": t("sliding.next") });
	const slider = el("input", { type: "range", min: 0, "aria-label": t("sliding.place"), input: seek });
	const close = button("×", shut, { class: "button small close", "aria-label": t("common.close") });
	const pictures = makePictures((row, column) => show({ row, column }));
	const sum = makeSum();
	element.append(
		el(
			"div",
			{ class: "bar" },
			heading("h2", t("sliding.heading"), "sliding"),
			el("div", { class: "joined" }, first, back, play, next),
			slider,
			title,
			close,
		),
		el("div", { class: "work" }, pictures.from, sum.element, pictures.to),
		sum.line,
	);

	/** Take another unit of the map. @param {{row?: number, column?: number}} where from 1 */
	function show({ row, column }) {
		if (!now) return;
		const { unit } = now;
		pause();
		set("pin", [unit.layer, unit.map, row ?? unit.row, column ?? unit.column]);
	}

	/** @param {number} index of the unit to take next */
	function go(index) {
		if (now) set("pin", placeAt(now.step, now.unit, index));
	}

	/** @param {number} by units */
	function move(by) {
		pause();
		if (now) go(Math.max(0, Math.min(countOf(now.step) - 1, indexOf(now.step, now.unit) + by)));
	}

	function seek() {
		pause();
		go(Number(slider.value));
	}

	function begin() {
		if (!now) return;
		pace = SLOW;
		if (indexOf(now.step, now.unit) === countOf(now.step) - 1) go(0);
		timer = setTimeout(run, pace);
		showPlay();
	}

	function run() {
		if (!now || !element.isConnected || indexOf(now.step, now.unit) === countOf(now.step) - 1) return pause();
		pace = Math.max(FAST, pace * SHORTER);
		timer = setTimeout(run, pace);
		go(indexOf(now.step, now.unit) + 1);
	}

	function pause() {
		clearTimeout(timer);
		timer = undefined;
		showPlay();
	}

	function shut() {
		set("sliding", false);
	}

	function showPlay() {
		setText(play, timer ? t("sliding.pause") : t("sliding.play"));
		sum.line.setAttribute("aria-busy", String(timer !== undefined)); // not read out at every unit
	}

	/** @param {Answer | null} answer */
	function showUnit(answer) {
		const step = answer?.unit && answer.network.plan.steps.find(({ name }) => name === answer.unit?.layer);
		now = step && answer?.unit ? { unit: answer.unit, step } : null;
		element.classList.toggle("open", Boolean(now) && get("sliding"));
		if (!now || !answer || !get("sliding")) return pause();
		const index = indexOf(now.step, now.unit);
		slider.max = String(countOf(now.step) - 1);
		slider.value = String(index);
		slider.setAttribute("aria-valuetext", titleOf(now.unit));
		first.disabled = back.disabled = index === 0;
		next.disabled = index === countOf(now.step) - 1;
		setText(title, titleOf(now.unit));
		const source = sum.show(now.unit);
		pictures.show(answer, now.step, now.unit, source, colour);
	}

	onTheme(element, () => {
		colour = valueColours(element);
		showUnit(get("reading").answer);
	});
	sum.onChoice(() => showUnit(get("reading").answer));
	subscribe(element, "reading", ({ answer, error }) => (answer || !error) && showUnit(answer));
	subscribe(element, "sliding", (open) => {
		showUnit(get("reading").answer);
		if (open) element.scrollIntoView({ block: "nearest" });
	});
}
