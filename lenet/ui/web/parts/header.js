// The page's title, the model that reads the drawing, and where more is to be found.
import { el, menu } from "../dom.js";
import { RESUME } from "../lesson_opener.js";
import { makeShare } from "../link/share.js";
import { kindOf } from "../model.js";
import { isBusy } from "../runs.js";
import { get, set, subscribe } from "../store.js";
import { language, languages, render, t } from "../texts.js";

/** @typedef {import("../types").Model} Model */
/** @typedef {import("../types").Host} Host */

const PACE = 1000; // milliseconds that the time of a reading stands at least, so that it does not flicker
const COUNT = 30; // readings whose mean it is: browsers measure to a tenth of a millisecond, or worse

/** @param {HTMLElement} element @param {Host} host */
export function mount(element, host) {
	const { value } = host.props;
	set("shared", value.public);
	const [share, group, beginShare] = makeShare();
	const facts = el("p", { class: "facts", role: "group", "aria-label": t("header.facts") });
	const opener = el("button", { type: "button", class: "link lesson-opener", click: toggleLesson }, t("lesson.open"));
	element.append(
		el("h1", {}, "LeNet-5 ", el("small", {}, render(value.tagline))),
		facts,
		el(
			"nav",
			{ class: "links", "aria-label": t("header.links") },
			opener,
			link(value.paper, t("page.paper")),
			link(value.source, t("page.source")),
			share,
			group,
		),
	);
	const choice = makeLanguages();
	if (choice.options.length > 1) element.querySelector(".links")?.append(choice);
	/** @type {Model} */ let model = value.model;
	/** @type {number[]} */ let times = [];
	let time = "";
	let told = -PACE; // when it was

	function show() {
		const { network, title, parameters, accuracy, data, part } = model;
		const other = get("tab") !== "draw";
		const steps = get("steps").length;
		const name = t(`header.${kindOf(model)}`, { network, title });
		const words = [
			["name", other ? t("header.drawing", { model: name }) : name],
			["steps", steps && !other ? t("header.steps", { count: steps }) : ""],
			["accuracy", accuracy === null || steps ? "" : t(`header.accuracy.${data}.${part}`, { accuracy })],
			["parameters", other ? "" : t("header.parameters", { count: parameters })],
			["time", other ? "" : time],
		].filter(([, text]) => text); // on other tabs just what the drawing is read with
		facts.replaceChildren(...words.map(([kind, text], i) => el("span", { class: kind }, i > 0 && " · ", text)));
		facts.title = words.map(([, text]) => text).join(" · ");
	}

	/** A reload would end a training. */
	function guard() {
		const training = get("training");
		choice.disabled = get("pair") || (training !== null && isBusy(training));
		choice.title = choice.disabled ? t("header.language.busy") : "";
	}

	for (const key of /** @type {const} */ (["training", "pair"])) subscribe(element, key, guard);
	for (const key of /** @type {const} */ (["tab", "steps", "runs"])) subscribe(element, key, show);
	subscribe(element, "lesson", (step) => opener.setAttribute("aria-expanded", String(step !== null)));
	beginShare();
	subscribe(element, "about", (about) => {
		if (!about) return;
		model = about;
		show();
	});
	subscribe(element, "reading", ({ answer, milliseconds }) => {
		if (!answer || milliseconds === null) return;
		times = [...times, milliseconds].slice(-COUNT);
		if (performance.now() - told < PACE) return;
		time = t("header.time", { milliseconds: mean(times) });
		told = performance.now();
		show();
	});
}

/** Open the lesson where this browser left it, or close it. */
function toggleLesson() {
	set("lesson", get("lesson") === null ? RESUME : null);
}

/** The languages by their own names: another one is chosen for this browser, and the page reloads in it. */
function makeLanguages() {
	const names = Object.entries(languages).map(([id, { name }]) => /** @type {[string, string]} */ ([id, name]));
	const choice = menu(t("header.language"), names, { class: "languages", change: reload });
	for (const option of choice.options) option.lang = languages[option.value].tag;
	choice.value = language;

	function reload() {
		try {
			localStorage.setItem("lenet.language", choice.value);
		} catch {} // a forbidden storage only means that the address alone says it
		const address = new URL(location.href);
		address.searchParams.set("lang", choice.value);
		location.replace(address);
	}
	return choice;
}

/** @param {string} href @param {string} text */
function link(href, text) {
	return el("a", { href, target: "_blank", rel: "noopener" }, text);
}

/** @param {number[]} numbers */
function mean(numbers) {
	return numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
}
