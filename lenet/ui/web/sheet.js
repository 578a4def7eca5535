// The sheet that is drawn on: a canvas that shows the ink and takes the pen, on the pad and on other tabs alike.
import { context } from "./dom.js";
import { SIDE, begin, end, extend } from "./ink.js";
import { get, subscribe } from "./store.js";

/** @typedef {import("./types").Ink} Ink */
/** @typedef {import("./types").Point} Point */

const PEN = 60; // as wide as it looks; what the network sees is drawn again by the server
const COARSE = 16; // times that a picture is blown up from where on one wants to see its pixels

/** Let a canvas that is on the page show the ink, and draw on it. @param {HTMLCanvasElement} canvas */
export function mountSheet(canvas) {
	const picture = new Image();
	function show() {
		const ink = get("ink");
		if (ink.picture && picture.src !== ink.picture) {
			picture.src = ink.picture;
			picture.decode().then(show, () => {});
		}
		paintInk(canvas, ink, ink.picture && picture.complete ? picture : null);
	}
	takePen(canvas);
	new ResizeObserver(show).observe(canvas);
	subscribe(canvas, "ink", show);
}

/**
 * Paint ink, as dense as the screen is; the example of the beginning is pale.
 * @param {HTMLCanvasElement} canvas @param {Ink} ink @param {HTMLImageElement | null} picture of the ink, once loaded
 */
export function paintInk(canvas, ink, picture = null) {
	const side = Math.round(canvas.clientWidth * devicePixelRatio);
	if (canvas.width !== side) canvas.width = canvas.height = side;
	const brush = context(canvas);
	brush.setTransform(side / SIDE, 0, 0, side / SIDE, 0, 0);
	brush.clearRect(0, 0, SIDE, SIDE);
	if (picture) paintPicture(brush, picture);
	brush.lineWidth = PEN;
	brush.lineCap = brush.lineJoin = "round";
	brush.strokeStyle = getComputedStyle(canvas).getPropertyValue(ink.example ? "--example-ink" : "--ink-on-paper");
	for (const stroke of ink.strokes) {
		brush.beginPath();
		brush.moveTo(...stroke[0]);
		for (const point of stroke) brush.lineTo(...point);
		brush.stroke();
	}
}

/**
 * As large as the sheet allows, in its middle.
 * @param {CanvasRenderingContext2D} brush @param {HTMLImageElement} picture
 */
function paintPicture(brush, picture) {
	const scale = SIDE / Math.max(picture.width, picture.height);
	const [width, height] = [picture.width * scale, picture.height * scale];
	brush.imageSmoothingEnabled = scale < COARSE;
	brush.drawImage(picture, (SIDE - width) / 2, (SIDE - height) / 2, width, height);
}

/** Let a pen, finger or mouse draw: one at a time, the first that came. @param {HTMLCanvasElement} canvas */
function takePen(canvas) {
	/** @type {number | null} */ let pen = null;
	/** @param {PointerEvent} event @returns {Point} */
	function place(event) {
		const box = canvas.getBoundingClientRect();
		const inside = (/** @type {number} */ fraction) => Math.round(SIDE * Math.min(1, Math.max(0, fraction)));
		return [inside((event.clientX - box.left) / box.width), inside((event.clientY - box.top) / box.height)];
	}
	/** @param {PointerEvent} event */
	function lift(event) {
		if (event.pointerId !== pen) return;
		pen = null;
		end();
	}
	canvas.addEventListener("pointerdown", (event) => {
		if (event.button !== 0 || pen !== null || !event.isPrimary || !begin(place(event))) return;
		pen = event.pointerId;
		canvas.setPointerCapture(pen);
	});
	canvas.addEventListener("pointermove", (event) => {
		if (event.pointerId === pen) extend((event.getCoalescedEvents?.() ?? [event]).map(place));
	});
	canvas.addEventListener("pointerup", lift);
	canvas.addEventListener("pointercancel", lift);
}
