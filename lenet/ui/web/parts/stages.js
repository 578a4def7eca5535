// How the drawing became the network's input, the input itself, and what in it matters to the score of a digit.
import { greyColours, onTheme, valueColours } from "../colours.js";
import { context, el, menu, paint, pixelCanvas, resizePixels, setText } from "../dom.js";
import { INPUT_SIDE } from "../engine/geometry.js";
import { heading, help } from "../help.js";
import { ARROWS } from "../keys.js";
import { get, subscribe, update } from "../store.js";
import { pieces, t } from "../texts.js";

/** @typedef {import("../types").Answer} Answer */
/** @typedef {import("../types").Stage} Stage */

const ZOOM = 5; // CSS pixels an input pixel
const THUMBNAIL = 34; // CSS pixels
const STAGES = ["original", "cropped", "scaled", "centred"];
const INK = 0.45; // of the ink over the saliency
const BLANK = { rows: 1, columns: 1, values: new Uint8Array(1) };

/** @param {HTMLElement} element */
export function mount(element) {
	const input = pixelCanvas(INPUT_SIDE, INPUT_SIDE, ZOOM, t("stages.input.label"));
	const moved = el("p", { class: "moved", role: "status" });
	input.tabIndex = 0;
	input.title = t("stages.input.keys");
	input.addEventListener("keydown", move);
	const field = el("div", { class: "field", hidden: true });
	const thumbnails = STAGES.map(makeThumbnail);
	const raw = el("input", { type: "checkbox", change: choose });
	const digits = [...Array(10).keys()].map(
		(digit) => /** @type {[string, string]} */ ([String(digit), t("stages.saliency.digit", { digit })]),
	);
	const saliency = menu(
		t("stages.saliency"),
		[["", t("stages.saliency.off")], ["predicted", t("stages.saliency.predicted")], ...digits],
		{ change: choose },
	);
	element.append(
		heading("h2", t("stages.input"), "stages"),
		el(
			"div",
			{ class: "saliency" },
			el("span", {}, t("stages.saliency")),
			help("saliency", t("stages.saliency")),
			saliency,
		),
		el("div", { class: "input" }, input, field, moved, legend()),
		el("div", { class: "strip" }, ...thumbnails.map(({ element }) => element)),
		el("label", { class: "raw" }, raw, el("span", {}, t("stages.raw"))),
	);
	/** @type {Answer | null} */ let last = null;
	let greys = greyColours(element);
	let colour = valueColours(element);

	/** @param {Uint8Array} ink */
	const paintInk = (ink) => paint(input, (at) => greys(ink[at]));

	/** Ink in its colours, on white. @param {Uint8Array} ink red, then green, then blue */
	function paintColours(ink) {
		const size = ink.length / 3;
		const channel = (/** @type {number} */ at, /** @type {number} */ i) => 255 - ink[i * size + at];
		paint(input, (at) => ((255 << 24) | (channel(at, 2) << 16) | (channel(at, 1) << 8) | channel(at, 0)) >>> 0);
	}

	/**
	 * Saliency and ink on one picture: each colour, darkened where ink is.
	 * @param {Uint8Array} ink @param {Float32Array} values
	 */
	function paintSaliency(ink, values) {
		const scale = Math.max(...values.map(Math.abs)) || 1;
		paint(input, (at) => colour(values[at] / scale));
		const over = pixelCanvas(INPUT_SIDE, INPUT_SIDE, 1);
		const alpha = (/** @type {number} */ byte) => Math.round(INK * byte) << 24;
		paint(over, (at) => ((greys(255) & 0xffffff) | alpha(ink[at])) >>> 0);
		context(input).drawImage(over, 0, 0);
	}

	function repaint() {
		const { saliency: salient, unit } = last ?? {};
		field.hidden = !unit;
		element.classList.toggle("salient", Boolean(salient));
		if (!last) {
			paint(input, () => greys(0));
			return thumbnails.forEach(({ show }, i) => show({ name: STAGES[i], ...BLANK }, greys));
		}
		const { image, colours, stages } = last.preprocessed;
		const looks = stages();
		if (salient) paintSaliency(image, salient);
		else if (last.coloured && colours) paintColours(colours);
		else paintInk(image);
		thumbnails.forEach(({ show }, i) => show(looks[i], greys)); // there are fewer where the digit is not centred
		if (!unit) return;
		const sides = /** @type {const} */ (["top", "left", "height", "width"]);
		sides.forEach((side, i) => (field.style[side] = `${(100 * unit.receptive_field[i]) / INPUT_SIDE}%`));
	}

	function choose() {
		const { value } = saliency;
		const digit = value === "predicted" ? (last?.digit ?? null) : value === "" ? null : Number(value);
		update("options", { raw: raw.checked, saliency: digit });
		repaint();
	}

	/** Move the input by a pixel, or back to where it was. @param {KeyboardEvent} event */
	function move(event) {
		const by = ARROWS[event.key];
		const { shift } = get("options");
		if (!last || (!by && !(event.key === "Escape" && shift))) return;
		event.preventDefault();
		const [down, right] = shift ?? [0, 0];
		update("options", { shift: by ? [down + by[0], right + by[1]] : null });
	}

	onTheme(element, () => {
		[greys, colour] = [greyColours(element), valueColours(element)];
		repaint();
	});
	subscribe(element, "options", (options) => {
		raw.checked = options.raw;
		const [down, right] = options.shift ?? [0, 0];
		setText(moved, options.shift ? t("stages.moved", { down, right }) : "");
	});
	subscribe(element, "ink", () => update("options", { shift: null }));
	subscribe(element, "reading", ({ answer, error }) => {
		element.classList.toggle("stale", !answer && error !== null);
		field.hidden = !answer?.unit;
		if (!answer && error) return; // what was last read stays in sight, pale
		const turned = saliency.value === "predicted" && answer !== null && answer.digit !== last?.digit;
		last = answer;
		repaint();
		if (turned) choose();
	});
}

/**
 * A stage in small, made anew only where its size changes.
 * @param {string} first its name at first @param {number} i its place
 */
function makeThumbnail(first, i) {
	const canvas = pixelCanvas(1, 1, THUMBNAIL, t(`stages.${first}`));
	const caption = el("figcaption");
	const element = el("figure", { class: i > 0 && "next" }, el("div", {}, canvas), caption);

	/** @param {Stage | undefined} stage none hides it @param {(ink: number) => number} greys */
	function show(stage, greys) {
		element.hidden = !stage;
		if (!stage) return;
		const { name, rows, columns, values } = stage;
		resizePixels(canvas, rows, columns, THUMBNAIL / Math.max(rows, columns));
		const text = t(`stages.${name}`);
		setText(caption, text);
		canvas.ariaLabel = t("stages.stage", { stage: text });
		paint(canvas, (at) => greys(values[at]));
	}
	return { element, show };
}

/** What the colours of the saliency mean. */
function legend() {
	const values = { raises: t("stages.saliency.raises"), lowers: t("stages.saliency.lowers") };
	const words = {
		raises: el("b", { class: "raises" }, values.raises),
		lowers: el("b", { class: "lowers" }, values.lowers),
	};
	const short = el("span", {}, ...pieces("stages.saliency.short", words));
	return el("p", { class: "legend", title: t("stages.saliency.legend", values) }, short);
}
