// What one sees as a picture: the drawing, what the model makes of it, and the values of every layer.
import { valueColours } from "../colours.js";
import { context, el, paint, pixelCanvas } from "../dom.js";
import { modelName } from "../model.js";
import { widthOf } from "../parts/maps_layout.js";
import { strip } from "../parts/maps_strip.js";
import { drawInk } from "../sheet.js";
import { get } from "../store.js";
import { fixed, percent, t } from "../texts.js";
import { thresholdOf } from "../threshold.js";

/** @typedef {import("../types").Answer} Answer */
/** @typedef {import("../types").Layer} Layer */
/** @typedef {import("../parts/maps_layout.js").Grid} Grid */
/** @typedef {(name: string) => string} Colour the style sheet's, by its name */
/** @typedef {{x: number, y: number}} Corner */

export const [WIDTH, HEIGHT] = [1200, 620]; // CSS pixels
const DENSE = 2; // pixels each
const EDGE = 28;
const TOP = 76; // of the drawing
const SHEET = 264; // a side
const ANSWER = EDGE + SHEET + 32;
const BARS = ANSWER + 190;
const BAR = { left: 22, height: 14, row: SHEET / 10 };
const LAYERS = TOP + SHEET + 30;
const HEADING = 26; // above the maps
const MAPS = HEIGHT - LAYERS - HEADING - EDGE; // their height
const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';

/** A PNG file. @param {Element} element whose colours it has @param {Answer} answer @returns {Promise<Blob>} */
export async function picture(element, answer) {
	const canvas = el("canvas", { width: WIDTH * DENSE, height: HEIGHT * DENSE });
	const brush = context(canvas);
	const style = getComputedStyle(element);
	const colour = (/** @type {string} */ name) => style.getPropertyValue(`--${name}`).trim();
	brush.scale(DENSE, DENSE);
	brush.fillStyle = colour("card");
	brush.fillRect(0, 0, WIDTH, HEIGHT);
	const write = makeWriter(brush, colour);
	writeTitle(write, answer);
	await drawSheet(brush, colour);
	drawAnswer(brush, write, colour, answer);
	drawLayers(brush, write, valueColours(element), answer);
	return new Promise((resolve, reject) =>
		canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/png"),
	);
}

/**
 * Writes a line of text, and gives its width.
 * @typedef {(text: string, corner: Corner, size: number, look?: {bold?: boolean, soft?: boolean, right?: boolean})
 *   => number} Write
 */

/** @param {CanvasRenderingContext2D} brush @param {Colour} colour @returns {Write} */
function makeWriter(brush, colour) {
	return (text, { x, y }, size, { bold = false, soft = false, right = false } = {}) => {
		brush.font = `${bold ? 700 : 400} ${size}px ${FONT}`;
		brush.fillStyle = colour(soft ? "soft" : "text");
		brush.textBaseline = "alphabetic";
		brush.textAlign = right ? "right" : "left";
		brush.fillText(text, x, y);
		return brush.measureText(text).width;
	};
}

/** @param {Write} write @param {Answer} answer */
function writeTitle(write, { model }) {
	const { accuracy, data, part } = model;
	const width = write(t("embed.name"), { x: EDGE, y: 50 }, 26, { bold: true });
	const words = [modelName(model), accuracy === null ? "" : t(`header.accuracy.${data}.${part}`, { accuracy })];
	write(words.filter(Boolean).join(" · "), { x: EDGE + width + 20, y: 50 }, 16, { soft: true });
}

/** @param {CanvasRenderingContext2D} brush @param {Colour} colour */
async function drawSheet(brush, colour) {
	const ink = get("ink");
	const sheet = el("canvas", { width: SHEET * DENSE, height: SHEET * DENSE });
	const photo = ink.picture ? new Image() : null;
	if (photo) {
		photo.src = String(ink.picture);
		await photo.decode();
	}
	drawInk(context(sheet), SHEET * DENSE, ink, photo, colour(ink.example ? "example-ink" : "ink-on-paper"));
	brush.fillStyle = colour("paper");
	brush.fillRect(EDGE, TOP, SHEET, SHEET);
	brush.drawImage(sheet, EDGE, TOP, SHEET, SHEET);
	brush.strokeStyle = colour("edge");
	brush.strokeRect(EDGE, TOP, SHEET, SHEET);
}

/** @param {CanvasRenderingContext2D} brush @param {Write} write @param {Colour} colour @param {Answer} answer */
function drawAnswer(brush, write, colour, { digit, probabilities, confidence, model }) {
	const rejects = confidence < thresholdOf(model);
	write(rejects ? "–" : String(digit), { x: ANSWER, y: TOP + 120 }, 150, { bold: !rejects, soft: rejects });
	const words = rejects ? t("bars.rejected") : percent(probabilities[digit]);
	write(words, { x: ANSWER, y: TOP + 170 }, rejects ? 20 : 30, { bold: true });
	const [left, right] = [BARS + BAR.left, WIDTH - EDGE - 64];
	probabilities.forEach((probability, row) => {
		const middle = TOP + (row + 0.5) * BAR.row;
		const bold = row === digit;
		write(String(row), { x: BARS, y: middle + 6 }, 16, { bold: true });
		write(percent(probability), { x: WIDTH - EDGE, y: middle + 6 }, 16, { bold, soft: !bold, right: true });
		for (const [name, share] of /** @type {const} */ ([
			["accent-soft", 1],
			["accent", probability],
		])) {
			brush.fillStyle = colour(name);
			brush.fillRect(left, middle - BAR.height / 2, share * (right - left), BAR.height);
		}
	});
}

/**
 * @param {CanvasRenderingContext2D} brush @param {Write} write @param {(value: number) => number} colour
 * @param {Answer} answer
 */
function drawLayers(brush, write, colour, { layers, network }) {
	const { steps } = network.plan;
	const titles = steps.map(({ name, output: [maps, rows = 1, columns = 1] }) => [
		name === "output" ? t("maps.output") : name,
		t(rows * columns > 1 ? "maps.layer.maps" : "maps.layer.units", { maps, count: maps, rows, columns }),
	]);
	brush.font = `700 15px ${FONT}`;
	const least = titles.map((words) => Math.ceil(brush.measureText(words.join("  ")).width));
	const stages = steps.map(({ output: [count, side = 1] }, i) => ({ count, side, least: least[i] }));
	const { grids, gap } = strip(stages, WIDTH - 2 * EDGE, MAPS);
	brush.imageSmoothingEnabled = false;
	let x = EDGE;
	grids.forEach((grid, i) => {
		const [[name, size], top] = [titles[i], LAYERS + HEADING];
		const width = write(name, { x, y: LAYERS + 14 }, 15, { bold: true });
		write(size, { x: x + width + 6, y: LAYERS + 14 }, 13, { soft: true });
		if (name === t("maps.output")) drawOutput(brush, write, layers[i], grid.zoom, colour, { x, y: top });
		else drawMaps(brush, layers[i], grid, colour, { x, y: top });
		x += Math.max(least[i], widthOf(stages[i], grid)) + gap;
	});
}

/**
 * The maps of a layer side by side; units without rows and columns as one map.
 * @param {CanvasRenderingContext2D} brush @param {Layer} layer @param {Grid} grid
 * @param {(value: number) => number} colour @param {Corner} corner
 */
function drawMaps(brush, { shape, values, scale }, { across, zoom, gap }, colour, corner) {
	const [count, rows = 1, columns = 1] = shape;
	const single = rows * columns === 1;
	const [height, width] = single ? [Math.ceil(count / across), across] : [rows, columns];
	for (let map = 0; map < (single ? 1 : count); map++) {
		const first = map * height * width;
		const canvas = pixelCanvas(height, width, 1);
		paint(canvas, (at) => (first + at < values.length ? colour(values[first + at] / scale) : 0));
		const [x, y] = [(map % across) * (width * zoom + gap), Math.floor(map / across) * (height * zoom + gap)];
		brush.drawImage(canvas, corner.x + x, corner.y + y, width * zoom, height * zoom);
	}
}

/**
 * Ten units below each other, with their digits and values.
 * @param {CanvasRenderingContext2D} brush @param {Write} write @param {Layer} layer @param {number} zoom
 * @param {(value: number) => number} colour @param {Corner} corner
 */
function drawOutput(brush, write, layer, zoom, colour, { x, y }) {
	drawMaps(brush, layer, { across: 1, zoom, gap: 0 }, colour, { x: x + 16, y });
	layer.values.forEach((value, digit) => {
		const line = y + (digit + 0.5) * zoom + 5;
		write(String(digit), { x, y: line }, 13, { soft: true });
		write(fixed(value, 1), { x: x + 24 + zoom, y: line }, 13, { soft: true });
	});
}
