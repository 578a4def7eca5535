// Inside the network: the values of every layer, each on a colour scale of its own on which zero is always the same
// colour.
import { onTheme, valueColours } from "../colours.js";
import { el, listenWhile, paint, pixelCanvas } from "../dom.js";
import { help } from "../help.js";
import { firstKernels } from "../engine/kernels.js";
import { plans } from "../plans.js";
import { get, set, subscribe, update } from "../store.js";
import { t } from "../texts.js";
import { embedded } from "../view.js";
import { makeCodes } from "./maps_codes.js";
import { KERNEL, layOut } from "./maps_layout.js";
import { makeMarks } from "./maps_marks.js";
import { cellOf, makePointer, placeOf } from "./maps_pointing.js";
import { makeStage } from "./maps_stage.js";
import { layOutStrip } from "./maps_strip.js";
import { makeUnit } from "./maps_unit.js";

/** @typedef {import("../types").Answer} Answer */
/** @typedef {import("./maps_pointing.js").Cell} Cell */
/** @typedef {import("./maps_stage.js").Stage} Stage */

const WORDS = 264 + 122 + 2 * 16 + 20; // CSS pixels of the panel beside a unit's sources: words, buttons and gaps
const TALL = 560; // CSS pixels: a panel narrower than this has its words above the sources
const GUESTS = ".stage canvas, .panel, .paper, .part.sliding, .share, .lesson"; // touching these does not let a unit go
const NARROW = "(max-width: 760px)"; // the unit's panel floats there

/**
 * `props.value` names the network that is shown at first.
 * @param {HTMLElement} element @param {import("../types").Host} host
 */
export function mount(element, host) {
	/** @type {Map<string, Stage>} */ let stages = new Map();
	/** @type {HTMLCanvasElement[]} */ let kernels = [];
	/** @type {Answer | null} */ let last = null;
	/** @type {Cell | null} */ let cell = null;
	let network = "";
	/** @type {Answer["network"] | undefined} whose weights are painted */ let painted;
	let pinned = false;
	let colour = valueColours(element);

	const pointer = makePointer(point);
	const marks = makeMarks(element);
	const unit = makeUnit(pointer.release);
	const codes = makeCodes();
	const title = t("maps.heading");
	const hinted = t(matchMedia("(pointer: coarse)").matches ? "maps.hint.touch" : "maps.hint");
	const hint = el("p", { class: "hint" }, hinted, help("maps", title));
	const rest = el("div", { class: "idle" }, codes.element, hint);
	const panel = el("div", { class: "panel" }, rest, unit.element);
	const [first, others, kernelBox] = [
		el("div", { class: "first" }),
		el("div", { class: "others" }),
		el("div", { class: "grid" }),
	];
	element.append(el("h2", { class: "visually-hidden" }, title), first, others, panel, marks.element);

	/** Build a network's stages, unless they stand here already. @param {string} name of the network */
	function build(name) {
		if (name === network) return;
		network = name;
		if (cell) pointer.release(); // the drawing is read again then, and painted onto what is to be replaced
		pointer.forget();
		painted = undefined;
		stages = new Map(plans[name].steps.map((step) => [step.name, makeStage(step)]));
		const [opening, ...following] = [...stages.values()];
		kernels = [...Array(opening.count).keys()].map((i) =>
			pixelCanvas(KERNEL, KERNEL, 1, t("maps.kernel", { layer: opening.name, map: i + 1, count: opening.count })),
		);
		kernelBox.replaceChildren(...kernels);
		const size = t("maps.kernels.size", { rows: KERNEL, columns: KERNEL });
		const caption = el("div", { class: "heading" }, el("h3", {}, t("maps.kernels")), el("p", {}, size));
		first.replaceChildren(el("section", { class: "stage kernels" }, caption, kernelBox), opening.element);
		others.replaceChildren(...following.map((stage) => stage.element));
		arrange();
		for (const stage of stages.values()) pointer.listen(stage);
	}

	/** Give all maps the size that the card has room for. */
	function arrange() {
		if (element.clientWidth === 0) return; // in a tab that is not open
		const all = [...stages.values()];
		const layout = (embedded ? layOutStrip : layOut)(all.map(needs), element.clientWidth, innerHeight);
		element.classList.toggle("wide", layout.wide);
		element.style.setProperty("--gap", `${layout.gap}px`);
		element.style.setProperty("--panel", `${layout.panel}px`);
		all.forEach((stage, i) => stage.resize(layout.grids[i]));
		const { across, zoom, gap } = layout.kernels;
		kernelBox.style.cssText = `gap: ${gap}px; grid-template-columns: repeat(${across}, max-content)`;
		panel.classList.toggle("tall", panel.clientWidth < TALL);
		for (const canvas of kernels) canvas.style.width = canvas.style.height = `${KERNEL * zoom}px`;
		mark();
	}

	function repaint() {
		const layers = last?.layers;
		for (const stage of stages.values())
			stage.show(layers?.find(({ name }) => name === stage.name) ?? null, colour);
		if (painted !== last?.network) repaintWeights();
		codes.show(layers?.[layers.length - 1].values ?? null);
		explain();
	}

	/** What changes with the network alone. */
	function repaintWeights() {
		painted = last?.network;
		const { values, scale } = painted ? firstKernels(painted) : { values: [], scale: 1 };
		kernels.forEach((canvas, i) => paint(canvas, (at) => colour((values[i * KERNEL ** 2 + at] ?? 0) / scale)));
		codes.build(painted?.plan.steps.at(-1)?.codes ?? null, colour);
	}

	/** @param {Cell | null} next @param {boolean} pin */
	function point(next, pin) {
		[cell, pinned] = [next, pin];
		update("options", { unit: next && placeOf(next) });
		set("pinned", pin);
		if (!pin) set("sliding", false);
		explain();
	}

	/** Show the unit that is pointed at, as far as it is known. */
	function explain() {
		const known = cell && last?.unit ? last.unit : null;
		rest.hidden = Boolean(known);
		panel.classList.toggle("explaining", Boolean(known));
		panel.classList.toggle("working", pinned && get("sliding")); // the part "sliding", which explains more
		element.classList.toggle("pinned", pinned);
		if (known) unit.show(known, pinned, colour, room());
		else unit.hide();
		mark();
	}

	/** What the sources of a unit may take: beside the words, or below them where the panel is narrow. */
	function room() {
		const narrow = panel.classList.contains("tall");
		const width = panel.clientWidth - (narrow ? 24 : WORDS);
		return { width, height: narrow ? 112 : panel.clientHeight - 8 };
	}

	function mark() {
		const known = last?.unit && cell && last.unit.layer === cell.stage.name ? last.unit : null;
		marks.show(stages, cell, known);
		const box = cell?.canvas.getBoundingClientRect();
		panel.classList.toggle("above", Boolean(box && box.top + box.height / 2 > innerHeight / 2)); // off the finger
	}

	/** Open the unit that somebody wants to see, once its network stands here. */
	function takePin() {
		const place = get("pin");
		const there = place && cellOf(stages, place);
		if (!there) return;
		set("pin", null);
		pointer.pin(there);
	}

	build(host.props.value);
	onTheme(element, () => {
		colour = valueColours(element);
		repaintWeights();
		repaint();
	});
	subscribe(element, "about", (about) => about && build(about.network));
	let behind = false; // of what is read, while another tab is open
	function showReading() {
		const { answer, error } = get("reading");
		behind = get("tab") !== "draw";
		if (behind) return;
		element.classList.toggle("stale", !answer && error !== null);
		if (!answer && error) return; // what was last read stays in sight, pale
		last = answer;
		repaint();
	}
	subscribe(element, "reading", showReading);
	subscribe(element, "tab", () => behind && showReading());
	new ResizeObserver(arrange).observe(element);
	listenWhile(element, document, "pointerdown", (event) => {
		const target = /** @type {Element} */ (event.target);
		const floats = embedded || matchMedia(NARROW).matches;
		if (pinned && floats && !target.closest(GUESTS)) pointer.release();
	});
	if (get("options").unit) update("options", { unit: null });
	subscribe(element, "pin", takePin);
	subscribe(element, "sliding", explain);
	subscribe(element, "options", ({ unit: place }) => !place && cell && pointer.release());
}

/** @param {Stage} stage */
function needs({ count, side, heading }) {
	return { count, side, least: Math.ceil(heading.getBoundingClientRect().width) };
}
