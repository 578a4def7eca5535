// The pad: where one draws, with its buttons, its examples, and what became of a photo.
import { button, el } from "../dom.js";
import { SHEET } from "../engine/geometry.js";
import { examples } from "../examples.js";
import { help } from "../help.js";
import { canRedo, canUndo, clear, isDrawn, redo, restore, show, undo } from "../ink.js";
import { keep, recall } from "../kept.js";
import { onKey } from "../keys.js";
import { awaitLesson } from "../lesson_opener.js";
import { makeWayOut } from "../link/embed.js";
import { followLinks, takeLink } from "../link/opening.js";
import { endCollecting } from "../mine/collect.js";
import { labelDrawing } from "../mine/labels.js";
import { makePrompt } from "../mine/prompt.js";
import { isOfPhoto, onPhoto, shrink } from "../photo.js";
import { read } from "../reader.js";
import { imageOf, mountSheet, paintInk } from "../sheet.js";
import { get, set, subscribe } from "../store.js";
import { render, t } from "../texts.js";
import { embedded } from "../view.js";

/** @typedef {import("../types").Host} Host */
/** @typedef {import("../types").Ink} Ink */
/** @typedef {import("../types").Linked} Linked */
/** @typedef {import("../types").Message} Message */
/** @typedef {import("../types").Answer} Answer */

const FIRST = 7; // the example that the page begins with
const SMALLER = 0.86; // than others, so that the line below it has room

/** @param {HTMLElement} element @param {Host} host its `photos`: whether it takes any */
export function mount(element, host) {
	const { photos } = host.props;
	const canvas = el("canvas", { class: "paper", role: "img", tabindex: "0", "aria-label": t("pad.label") });
	const field = el("div", { class: "receptive", hidden: true });
	const note = el("p", { class: "note", role: "status" });
	const [prompt, collects, beginPrompt] = makePrompt();
	const sheet = el(
		"div",
		{ class: "sheet" },
		canvas,
		prompt,
		field,
		invitation(photos),
		note,
		photos && el("p", { class: "drop" }, t("pad.drop")),
	);
	const file = el("input", { type: "file", accept: "image/*", "aria-label": t("pad.file"), hidden: true });
	const undoes = button(t("pad.undo"), undo, { title: t("pad.undo.keys") });
	const redoes = button(t("pad.redo"), redo, { title: t("pad.redo.keys") });
	const clears = button(t("pad.clear"), clear, { title: t("pad.clear.keys") });
	const uploads = button(t("pad.upload"), () => file.click(), { class: "button upload" });
	element.append(
		sheet,
		el(
			"div",
			{ class: "beside" },
			collects,
			el(
				"div",
				{ class: "tools" },
				el("div", { class: "joined" }, undoes, redoes, clears),
				photos && uploads,
				photos && file,
			),
			embedded && makeWayOut(),
			...rows(host),
		),
	);

	/** Tell something at the pad, until the ink is changed. @param {Message | null} message */
	function say(message, warns = true) {
		note.textContent = render(message);
		note.classList.toggle("warns", warns);
	}

	/** @param {Ink} ink */
	function showInk(ink) {
		sheet.classList.toggle("drawn", isDrawn(ink));
		undoes.disabled = !canUndo();
		redoes.disabled = !canRedo();
		clears.disabled = !isDrawn(ink);
		say(ink.example ? { key: "pad.showing_example" } : ink.finished ? { key: "pad.finished" } : null, false);
	}

	const link = takeLink();
	begin(host, link.state);
	mountSheet(canvas);
	beginPrompt();
	subscribe(element, "ink", showInk);
	subscribe(element, "collecting", (now) => element.classList.toggle("collecting", now !== null));
	subscribe(element, "model", (model) => model.startsWith("live:") || set("home", model.split("@")[0]));
	for (const key of /** @type {const} */ (["ink", "home", "drawing"])) {
		subscribe(element, key, () => get("drawing") || keep(get("ink"), get("home"))); // not at every move of the pen
	}
	read(canvas, host, say);
	followLinks(element, host, link, say);
	subscribe(element, "reading", ({ answer, error }) => {
		if (error && isOfPhoto(error)) say(error);
		mark(field, answer);
	});
	onKey(element, pressed);
	if (!embedded) awaitLesson(host.props.hard, photos, say);
	if (!photos) return;
	onPhoto(sheet, file, async (photo) => {
		try {
			show({ strokes: [], picture: await shrink(photo) });
		} catch {
			const { name } = photo;
			say(name ? { key: "pad.not_opened", values: { name } } : { key: "pad.not_opened.unnamed" });
		}
	});
}

/** What a link brings, or a reload brings back, or an example. @param {Host} host @param {Linked} link */
function begin(host, link) {
	const kept = recall();
	const models = /** @type {import("../types").Model[]} */ (host.props.models);
	const linked = models.find(({ id }) => id === link.network)?.id; // others are loaded first
	set("model", linked || kept?.model || host.props.value.model);
	const ink = link.ink ?? kept?.ink ?? { strokes: [], example: true };
	restore(ink.example ? { strokes: opening(), example: true } : ink);
}

/** The example that the page begins with. @returns {import("../types").Stroke[]} */
function opening() {
	const shrunk = (/** @type {import("../types").Point} */ [x, y]) =>
		/** @type {import("../types").Point} */ ([SHEET / 2 + SMALLER * (x - SHEET / 2), SMALLER * y]);
	return examples[FIRST].strokes.map((stroke) => stroke.map(shrunk));
}

/** @param {boolean} photos whether they are invited too */
function invitation(photos) {
	return el(
		"div",
		{ class: "invitation", "aria-hidden": "true" },
		el("b", {}, t("pad.invitation")),
		el("span", {}, t("pad.invitation.where")),
		photos && el("span", {}, t("pad.invitation.photo")),
	);
}

/** Both rows of examples. @param {Host} host */
function rows(host) {
	const drawn = examples.map((ink, digit) => {
		const canvas = el("canvas");
		new ResizeObserver(() => paintInk(canvas, ink)).observe(canvas);
		return choice(t("pad.example", { digit }), canvas, ink);
	});
	const hard = host.props.hard.map(
		(/** @type {{label: number, image: string}} */ { label, image }, /** @type {number} */ i) =>
			choice(t("pad.hard.one", { number: i + 1, label }), imageOf(image), { strokes: [], image }),
	);
	return [
		group("easy", t("pad.examples"), el("span", { class: "keys" }, t("pad.examples.keys")), drawn),
		group("hard", t("pad.hard"), help("pad", t("pad.heading")), hard),
	];
}

/** @param {string} kind @param {string} title @param {HTMLElement} beside the title @param {HTMLElement[]} choices */
function group(kind, title, beside, choices) {
	return el(
		"div",
		{ class: `examples ${kind}`, role: "group", "aria-label": title },
		el("div", { class: "caption" }, el("span", {}, title), beside),
		el("div", { class: "choices" }, ...choices),
	);
}

/** @param {string} label @param {HTMLElement} picture @param {Ink} ink */
function choice(label, picture, ink) {
	const pick = el("button", { type: "button", title: label, "aria-label": label, click: () => show(ink) });
	pick.append(picture);
	return pick;
}

/** Frame what a unit sees of the sheet. @param {HTMLElement} field @param {Answer | null} answer */
function mark(field, answer) {
	field.hidden = !answer?.unit;
	if (!answer?.unit) return;
	const { scale, left, top } = answer.preprocessed.placement; // input pixel = scale * sheet unit + left or top
	const [y, x, height, width] = answer.unit.receptive_field;
	const within = (/** @type {number} */ pixel) => Math.min(SHEET, Math.max(0, pixel / scale));
	const [x1, x2, y1, y2] = [x - left, x + width - left, y - top, y + height - top].map(within);
	const box = { left: x1, top: y1, width: x2 - x1, height: y2 - y1 };
	for (const [side, value] of Object.entries(box)) field.style.setProperty(side, `${(100 * value) / SHEET}%`);
}

/** Keys of the pad. @param {KeyboardEvent} event @returns whether it was one */
function pressed(event) {
	if (get("drawing")) return false; // first the stroke, then the keys
	const command = event.ctrlKey || event.metaKey;
	const [, typed] = /^Digit([0-9])$/.exec(event.code) ?? []; // with Shift, event.key depends on the keyboard
	if (command && event.key.toLowerCase() === "z") event.shiftKey ? redo() : undo();
	else if (command) return false;
	else if (event.key === "Escape") get("collecting") ? endCollecting() : clear();
	else if (event.shiftKey && typed) return labelDrawing(Number(typed));
	else if (!get("collecting") && /^[0-9]$/.test(event.key)) show(examples[Number(event.key)]);
	else return false;
	return true;
}
