// What some steps of the lesson bring along: arrows that move the input, switches of maps, a slider that turns a digit.
import { button, el, setText } from "../dom.js";
import { ARROWS } from "../keys.js";
import { get, subscribe, update } from "../store.js";
import { t } from "../texts.js";
import { showTurned, strokesOrExample } from "./actions.js";
import { makeGame } from "./game.js";
import { HALF_TURN } from "./measure.js";

/** @typedef {import("../types").Since} Since */
/** @typedef {import("../types").Unit} Unit */
/** @typedef {(since: Since, changed: () => void, hard: {label: number, image: string}[]) => HTMLElement} Widget */

const MAPS = 6; // of S2

/** @type {Record<string, Widget>} */
export const WIDGETS = { arrows, switches, turn, game: makeGame };

/** @type {Widget} */
function arrows() {
	const signs = { ArrowLeft: "←", ArrowUp: "↑", ArrowDown: "↓", ArrowRight: "→" };
	const buttons = Object.entries(signs).map(([key, sign]) =>
		button(sign, () => move(...ARROWS[key]), { class: "button small", "aria-label": t(`lesson.move.${key}`) }),
	);
	return el("div", { class: "options", role: "group", "aria-label": t("lesson.move") }, ...buttons);
}

/** @param {number} down @param {number} right */
function move(down, right) {
	const [y, x] = get("options").shift ?? [0, 0];
	update("options", { shift: [y + down, x + right] });
}

/** @type {Widget} */
function switches() {
	const buttons = [...Array(MAPS).keys()].map((i) =>
		button(String(i + 1), () => flip(i + 1), { class: "button small", "aria-pressed": "true" }),
	);
	/** @param {number} map */
	function flip(map) {
		const off = get("options").muted?.map === map;
		update("options", { muted: off ? null : { layer: "S2", map } });
		buttons.forEach((each, i) => each.setAttribute("aria-pressed", String(get("options").muted?.map !== i + 1)));
	}
	const told = el("p", { role: "status", class: "told" });
	/** @type {Unit | null} as it was with all maps on */ let whole = null;
	queueMicrotask(() =>
		subscribe(told, "reading", ({ answer }) => {
			const { muted } = get("options");
			if (!muted) whole = answer?.unit ?? null;
			const same = muted && whole && answer?.unit && placed(whole) === placed(answer.unit);
			setText(
				told,
				same ? t("lesson.switched", { before: whole?.value ?? 0, after: answer.unit?.value ?? 0 }) : "",
			);
		}),
	);
	const name = t("lesson.switches");
	const group = el("div", { class: "options", role: "group", "aria-label": name }, ...buttons);
	return el("div", { class: "named" }, el("span", { "aria-hidden": "true" }, name), group, told);
}

/** @param {Unit} unit */
const placed = ({ layer, map, row, column }) => [layer, map, row, column].join();

/** @type {Widget} */
function turn(since) {
	const told = el("output", { class: "turned" });
	const slider = el("input", {
		type: "range",
		min: -HALF_TURN,
		max: HALF_TURN,
		"aria-label": t("lesson.turn"),
		input: apply,
	});
	let strokes = since.ink.strokes.length ? since.ink.strokes : strokesOrExample();
	let mine = get("ink"); // what this slider put on the pad
	slider.value = "0";

	function apply() {
		if (get("ink") !== mine) strokes = strokesOrExample(); // something else was drawn meanwhile
		showTurned(strokes, Number(slider.value));
		mine = get("ink");
	}
	queueMicrotask(() =>
		subscribe(told, "reading", ({ answer }) => {
			const [degrees, digit] = [Number(slider.value), answer?.digit ?? 0];
			const probability = answer?.probabilities[digit] ?? 0;
			setText(told, t(answer ? "lesson.turned" : "lesson.degrees", { degrees, digit, probability }));
		}),
	);
	return el("div", { class: "named" }, el("span", { "aria-hidden": "true" }, t("lesson.turn")), slider, told);
}
