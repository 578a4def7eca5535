// What the page's parts share. Gradio runs each part's script in a function of its own, with this file before it.

/**
 * @typedef {{name: string, shape: number[], values: string}} Grey
 *   A picture: unsigned bytes in base64, 0 paper to 255 ink.
 * @typedef {Grey & {scale: number}} Layer
 *   A layer's values: signed bytes in base64, 127 standing for `scale`.
 * @typedef {{map: number, values: number[][], kernel: number[][] | null, share: number | null}} Source
 * @typedef {{layer: string, map: number, row: number, column: number, placed: boolean, value: number, total: number,
 *   squashed: boolean, how: "sum" | "largest" | "distance", bias: number | null, patch: number[], fed_by: string,
 *   feeding: number, sources: Source[]}} Unit
 *   A unit taken apart: lenet/unit.py says what its parts are.
 * @typedef {{name: string, title: string, weights: number, accuracy: number | null, sure: number,
 *   shipped: boolean, live: boolean}} Model what they are tells lenet/ui/reading.py
 * @typedef {{digit: number, probabilities: number[], sure: number, way: {stages: Grey[], field: Grey, place: number[], colours?: Grey},
 *   layers: Layer[], kernels: Layer, codes?: Layer, model: Model, device: string, matter?: Layer, unit?: Unit, beside?: number[]}} Answer
 *   What the server makes of a drawing; `place` is scale, left and top of the field on the sheet.
 * @typedef {{answer: Answer | null, milliseconds: number, error: string}} Reading
 *   What the pad tells everyone: an answer, or null where nothing is drawn, and what went wrong, if anything did.
 * @typedef {{drawn?: boolean, matter?: number | null, unit?: [string, number, number, number] | null,
 *   beside?: string | null}} Wish
 *   What a part asks the pad to have read, besides the drawing.
 */

const MOST_RUNS = 100; // that a browser remembers

/** Tell the other parts of the page. @param {string} topic @param {unknown} detail */
function publish(topic, detail) {
	document.dispatchEvent(new CustomEvent(`lenet:${topic}`, { detail }));
}

/**
 * Hear the other parts, as long as this part is on the page.
 * @param {HTMLElement} element @param {string} topic @param {(detail: any) => void} heed
 */
function subscribe(element, topic, heed) {
	const name = `lenet:${topic}`;
	document.addEventListener(name, function listener(event) {
		if (element.isConnected) heed(/** @type {CustomEvent} */ (event).detail);
		else document.removeEventListener(name, listener);
	});
}

/** The element of a class within a part; it is there, or the template is wrong. @param {Element} root @param {string} css */
function find(root, css) {
	const found = root.querySelector(css);
	if (!found) throw new Error(`no ${css} here`);
	return /** @type {HTMLElement} */ (found);
}

/** A new element. @param {string} tag @param {Record<string, string>} attributes @param {string} text */
function make(tag, attributes = {}, text = "") {
	const made = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
	made.textContent = text;
	return made;
}

/** Note a run as this browser's own. @param {string} key */
function remember(key) {
	const keys = remembered();
	if (keys.includes(key)) return;
	try {
		localStorage.setItem("lenet.runs", JSON.stringify([...keys, key].slice(-MOST_RUNS)));
	} catch {} // a forbidden storage only means that the list of runs forgets
	publish("trained", key);
}

/** Take a run off this browser's own. @param {string} key */
function forget(key) {
	localStorage.setItem("lenet.runs", JSON.stringify(remembered().filter((one) => one !== key)));
}

/** The keys of this browser's own runs. @returns {string[]} */
function remembered() {
	try {
		const keys = JSON.parse(localStorage.getItem("lenet.runs") ?? "[]");
		return Array.isArray(keys) ? keys.filter((key) => typeof key === "string") : [];
	} catch {
		return [];
	}
}

/** A share as per cent, as the whole page writes it. @param {number} share @param {number} digits */
function percent(share, digits = 1) {
	return `${(100 * share).toFixed(digits)} %`;
}

/** The bytes of a picture or layer. @param {string} base64 */
function decode(base64) {
	return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

/** Paint a picture of some columns, pixel by pixel. @param {HTMLCanvasElement} canvas @param {(place: number) => number} colour */
function paint(canvas, colour) {
	const image = new ImageData(canvas.width, canvas.height);
	const pixels = new Uint32Array(image.data.buffer);
	for (let place = 0; place < pixels.length; place++) pixels[place] = colour(place);
	/** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d")).putImageData(image, 0, 0);
}

/** A canvas of so many units. @param {number} rows @param {number} columns @param {number} zoom screen pixels a unit @param {string} label */
function grid(rows, columns, zoom, label) {
	const canvas = /** @type {HTMLCanvasElement} */ (make("canvas", label ? { role: "img", "aria-label": label } : {}));
	[canvas.width, canvas.height] = [columns, rows];
	canvas.style.cssText = `width: ${columns * zoom}px; height: ${rows * zoom}px`;
	return canvas;
}

/** Colours at even distances between CSS variables, as 256 pixels. @param {HTMLElement} element @param {string[]} stops */
function blend(element, stops) {
	const strip = document.createElement("canvas");
	[strip.width, strip.height] = [256, 1];
	const context = /** @type {CanvasRenderingContext2D} */ (strip.getContext("2d"));
	const gradient = context.createLinearGradient(0, 0, 256, 0);
	const style = getComputedStyle(element);
	stops.forEach((name, i) => gradient.addColorStop(i / (stops.length - 1), style.getPropertyValue(name).trim()));
	context.fillStyle = gradient;
	context.fillRect(0, 0, 256, 1);
	return new Uint32Array(context.getImageData(0, 0, 256, 1).data.buffer);
}

/** The colour of ink, by its byte. @param {HTMLElement} element */
function greyRamp(element) {
	return blend(element, ["--zero", "--text"]);
}

/** The colour of a value between -1 and 1, zero always the same. @param {HTMLElement} element */
function valueRamp(element) {
	const ramp = blend(element, ["--below-3", "--below-2", "--below-1", "--zero", "--above-1", "--above-2", "--above-3"]);
	return (/** @type {number} */ value) => ramp[Math.round(128 + 127 * value)];
}

/** Call now and whenever light turns to dark or back. @param {HTMLElement} element @param {() => void} repaint */
function onTheme(element, repaint) {
	const observer = new MutationObserver(() => (element.isConnected ? repaint() : observer.disconnect()));
	observer.observe(document.body, { attributeFilter: ["class"] });
	repaint();
}
