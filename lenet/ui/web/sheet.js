// The sheet that is drawn on: a canvas that shows the ink and takes the pen, on the pad and on other tabs alike.
import { bytes, context, el, paint } from "./dom.js";
import { IMAGE_SIDE, PAD_PEN, SHEET } from "./engine/geometry.js";
import { begin, end, extend } from "./ink.js";
import { get, subscribe } from "./store.js";

/** @typedef {import("./types").Ink} Ink */
/** @typedef {import("./types").Point} Point */

const COARSE = 16; // times that a picture is blown up from where on one wants to see its pixels

/** Let a canvas that is on the page show the ink, and draw on it. @param {HTMLCanvasElement} canvas */
export function mountSheet(canvas) {
	const photo = new Image();
	function show() {
		const ink = get("ink");
		if (ink.picture && photo.src !== ink.picture) {
			photo.src = ink.picture;
			photo.decode().then(show, () => {});
		}
		paintInk(canvas, ink, ink.picture && photo.complete ? photo : null);
	}
	takePen(canvas);
	new ResizeObserver(show).observe(canvas);
	subscribe(canvas, "ink", show);
}

/**
 * Paint ink, as dense as the screen is; the example of the beginning is pale.
 * @param {HTMLCanvasElement} canvas @param {Ink} ink @param {HTMLImageElement | null} photo of the ink, once loaded
 */
export function paintInk(canvas, ink, photo = null) {
	const side = Math.round(canvas.clientWidth * devicePixelRatio);
	if (canvas.width !== side) canvas.width = canvas.height = side;
	const colour = getComputedStyle(canvas).getPropertyValue(ink.example ? "--example-ink" : "--ink-on-paper");
	drawInk(context(canvas), side, ink, photo, colour);
}

/**
 * Draw ink on a clear square.
 * @param {CanvasRenderingContext2D} brush @param {number} side of the square, in pixels @param {Ink} ink
 * @param {HTMLImageElement | null} photo of the ink, once loaded @param {string} colour
 */
export function drawInk(brush, side, ink, photo, colour) {
	brush.setTransform(side / SHEET, 0, 0, side / SHEET, 0, 0);
	brush.clearRect(0, 0, SHEET, SHEET);
	if (photo) paintPicture(brush, photo);
	if (ink.image) paintPicture(brush, imageOf(ink.image));
	brush.lineWidth = PAD_PEN;
	brush.lineCap = brush.lineJoin = "round";
	brush.strokeStyle = colour;
	for (const stroke of ink.strokes) {
		brush.beginPath();
		brush.moveTo(...stroke[0]);
		for (const point of stroke) brush.lineTo(...point);
		brush.stroke();
	}
}

/**
 * As large as the sheet allows, in its middle.
 * @param {CanvasRenderingContext2D} brush @param {HTMLImageElement | HTMLCanvasElement} picture
 */
function paintPicture(brush, picture) {
	const scale = SHEET / Math.max(picture.width, picture.height);
	const [width, height] = [picture.width * scale, picture.height * scale];
	brush.imageSmoothingEnabled = scale < COARSE;
	brush.drawImage(picture, (SHEET - width) / 2, (SHEET - height) / 2, width, height);
}

/** An MNIST image as black ink on white. @param {string} image 28x28 grey pixels in base64 */
export function imageOf(image) {
	const values = bytes(image);
	const canvas = el("canvas", { width: IMAGE_SIDE, height: IMAGE_SIDE });
	paint(canvas, (i) => 0xff000000 | (0x010101 * (255 - values[i])));
	return canvas;
}

/** Let a pen, finger or mouse draw: one at a time, the first that came. @param {HTMLCanvasElement} canvas */
function takePen(canvas) {
	/** @type {number | null} */ let pen = null;
	/** @param {PointerEvent} event @returns {Point} */
	function place(event) {
		const box = canvas.getBoundingClientRect();
		const inside = (/** @type {number} */ fraction) => Math.round(SHEET * Math.min(1, Math.max(0, fraction)));
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
