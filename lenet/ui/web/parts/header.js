// The page's title, the model that reads the drawing, and where more is to be found.
import { el } from "../dom.js";
import { makeShare } from "../link/share.js";
import { get, subscribe } from "../store.js";
import { render, t } from "../texts.js";

/** @typedef {import("../types").Model} Model */
/** @typedef {import("../types").Host} Host */

const PACE = 1000; // milliseconds that the time of a reading stands at least, so that it does not flicker
const COUNT = 30; // readings whose mean it is: browsers measure to a tenth of a millisecond, or worse

/** @param {HTMLElement} element @param {Host} host */
export function mount(element, host) {
	const { value } = host.props;
	const [share, group, beginShare] = makeShare();
	const facts = el("p", { class: "facts", role: "group", "aria-label": t("header.facts") });
	element.append(
		el("h1", {}, "LeNet-5 ", el("small", {}, render(value.tagline))),
		facts,
		el(
			"nav",
			{ class: "links", "aria-label": t("header.links") },
			link(value.paper, t("page.paper")),
			link(value.source, t("page.source")),
			share,
			group,
		),
	);
	/** @type {Model} */ let model = value.model;
	/** @type {number[]} */ let times = [];
	let time = "";
	let told = -PACE; // when it was

	function show() {
		const { network, title, parameters, accuracy, data, part } = model;
		const other = get("tab") !== "draw";
		const kind = model.live ? "training" : model.pretrained ? "pretrained" : title ? "titled" : "run";
		const name = t(`header.${kind}`, { network, title });
		const words = [
			["name", other ? t("header.drawing", { model: name }) : name],
			["accuracy", accuracy === null ? "" : t(`header.accuracy.${data}.${part}`, { accuracy })],
			["parameters", other ? "" : t("header.parameters", { count: parameters })],
			["time", other ? "" : time],
		].filter(([, text]) => text); // on other tabs just what the drawing is read with
		facts.replaceChildren(...words.map(([kind, text], i) => el("span", { class: kind }, i > 0 && " · ", text)));
		facts.title = words.map(([, text]) => text).join(" · ");
	}

	beginShare();
	subscribe(element, "tab", show);
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

/** @param {string} href @param {string} text */
function link(href, text) {
	return el("a", { href, target: "_blank", rel: "noopener" }, text);
}

/** @param {number[]} numbers */
function mean(numbers) {
	return numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
}
