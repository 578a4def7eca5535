// The sheet that is drawn on: a square of 1,000 units a side, as lenet/way.py knows it.

/** @typedef {[number, number]} Point */
/** @typedef {Point[]} Stroke */

const SIDE = 1000;
const PEN = 60; // as wide as it looks; what the network sees is drawn again by the server
const MOST_BYTES = 30e6; // of a photo's file; what is sent is made smaller here
const PHOTO_SIDE = 512; // pixels of what is sent

/**
 * Paint strokes, over a picture if there is one, as dense as the screen is.
 * @param {HTMLCanvasElement} canvas @param {Stroke[]} strokes @param {HTMLImageElement} [under]
 */
function paintSheet(canvas, strokes, under) {
	const side = Math.round(canvas.clientWidth * devicePixelRatio);
	if (canvas.width !== side) canvas.width = canvas.height = side;
	const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
	context.setTransform(side / SIDE, 0, 0, side / SIDE, 0, 0);
	context.clearRect(0, 0, SIDE, SIDE);
	if (under) {
		const scale = SIDE / Math.max(under.width, under.height);
		const [width, height] = [under.width * scale, under.height * scale];
		context.imageSmoothingEnabled = scale < 16; // of a digit of 28 pixels, one wants to see the pixels
		context.drawImage(under, (SIDE - width) / 2, (SIDE - height) / 2, width, height);
	}
	context.lineWidth = PEN;
	context.lineCap = context.lineJoin = "round";
	context.strokeStyle = getComputedStyle(canvas).getPropertyValue("--ink-on-paper");
	for (const stroke of strokes) {
		context.beginPath();
		context.moveTo(...stroke[0]);
		for (const point of stroke) context.lineTo(...point);
		context.stroke();
	}
}

/** A photo as a data URL, upright and no larger than needed. Fails if it cannot be opened. @param {File} file */
async function shrunken(file) {
	if (file.size > MOST_BYTES) throw new Error("too large");
	const photo = await createImageBitmap(file);
	const scale = Math.min(1, PHOTO_SIDE / Math.max(photo.width, photo.height));
	const small = document.createElement("canvas");
	[small.width, small.height] = [photo.width, photo.height].map((side) => Math.max(1, Math.round(side * scale)));
	/** @type {CanvasRenderingContext2D} */ (small.getContext("2d")).drawImage(photo, 0, 0, small.width, small.height);
	return small.toDataURL("image/png");
}

/**
 * Let a pen, finger or mouse draw on a canvas: one at a time, the first that came.
 * @param {HTMLCanvasElement} canvas @param {(point: Point) => boolean} begin whether a stroke may begin there
 * @param {(points: Point[]) => void} extend @param {() => void} end
 */
function takePen(canvas, begin, extend, end) {
	/** @type {number | null} */ let pen = null;
	/** @param {PointerEvent} event @returns {Point} */
	function place(event) {
		const box = canvas.getBoundingClientRect();
		const inside = (/** @type {number} */ share) => Math.round(SIDE * Math.min(1, Math.max(0, share)));
		return [inside((event.clientX - box.left) / box.width), inside((event.clientY - box.top) / box.height)];
	}
	canvas.addEventListener("pointerdown", (event) => {
		if (event.button !== 0 || pen !== null || !event.isPrimary || !begin(place(event))) return;
		pen = event.pointerId;
		canvas.setPointerCapture(pen);
	});
	canvas.addEventListener("pointermove", (event) => {
		if (event.pointerId === pen) extend((event.getCoalescedEvents?.() ?? [event]).map(place));
	});
	for (const over of ["pointerup", "pointercancel"]) {
		canvas.addEventListener(over, (event) => {
			if (/** @type {PointerEvent} */ (event).pointerId !== pen) return;
			pen = null;
			end();
		});
	}
}
