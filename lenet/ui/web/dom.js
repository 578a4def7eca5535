// Making and finding elements, and canvases whose pixels are values.

/**
 * The element of a CSS selector within another; it is there, or the part is wrong.
 * @param {ParentNode} root @param {string} css
 */
export function $(root, css) {
	const found = root.querySelector(css);
	if (!found) throw new Error(`no ${css} here`);
	return /** @type {HTMLElement} */ (found);
}

/** @typedef {string | Node | null | undefined | false} Child */
/** @typedef {Record<string, string | number | boolean | null | undefined | ((event: any) => void)>} Attributes */

/**
 * A new element. Of the attributes, functions hear events (`click: handler`), true stands without a value, and
 * false, null and undefined are left out. Text goes in as a child.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag @param {Attributes} attributes @param {Child[]} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function el(tag, attributes = {}, ...children) {
	return fill(document.createElement(tag), attributes, children);
}

/**
 * A new element of SVG, made as `el` makes one.
 * @template {keyof SVGElementTagNameMap} T
 * @param {T} tag @param {Attributes} attributes @param {Child[]} children
 * @returns {SVGElementTagNameMap[T]}
 */
export function svg(tag, attributes = {}, ...children) {
	return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

/** @template {Element} E @param {E} element @param {Attributes} attributes @param {Child[]} children */
function fill(element, attributes, children) {
	for (const [name, value] of Object.entries(attributes)) {
		if (typeof value === "function") element.addEventListener(name, value);
		else if (value === true) element.setAttribute(name, "");
		else if (value !== false && value != null) element.setAttribute(name, String(value));
	}
	for (const child of children) if (child) element.append(child);
	return element;
}

/**
 * Set a text, unless it stands there: again it would cost a layout, and a screen reader would say it again.
 * @param {Element} element @param {string} text
 */
export function setText(element, text) {
	if (element.textContent !== text) element.textContent = text;
}

/** A button of the page's kind. @param {string} text @param {() => void} act @param {Attributes} attributes */
export function button(text, act, attributes = {}) {
	return el("button", { type: "button", class: "button", click: act, ...attributes }, text);
}

/**
 * How far something has come, and what tells it: a fraction of 1.
 * @param {string} label @param {string} name the class
 * @returns {[element: HTMLElement, advance: (fraction: number) => void]}
 */
export function progressBar(label, name) {
	const range = { role: "progressbar", "aria-label": label, "aria-valuemin": 0, "aria-valuemax": 100 };
	const element = el("div", { class: name, ...range }, el("div"));
	return [
		element,
		(fraction) => {
			element.style.setProperty("--done", String(fraction));
			element.setAttribute("aria-valuenow", (100 * fraction).toFixed(0));
		},
	];
}

/** A menu. @param {string} label @param {[value: string, text: string][]} choices @param {Attributes} attributes */
export function menu(label, choices, attributes = {}) {
	return el("select", { "aria-label": label, ...attributes }, ...options(choices));
}

/** Choices of a menu. @param {[value: string, text: string][]} choices */
export function options(choices) {
	return choices.map(([value, text]) => el("option", { value }, text));
}

/** Let the browser save a file. @param {string} name @param {BlobPart} content */
export function offer(name, content) {
	const link = el("a", { download: name, href: URL.createObjectURL(new Blob([content])) });
	link.click();
	setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** @param {string} base64 */
export function bytes(base64) {
	return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

/**
 * A canvas with a pixel a value, blown up. With a label it is an image to a screen reader, else it is hidden from one.
 * @param {number} rows @param {number} columns @param {number} zoom CSS pixels a value @param {string} label
 */
export function pixelCanvas(rows, columns, zoom, label = "") {
	const name = label ? { role: "img", "aria-label": label } : { "aria-hidden": "true" };
	const style = `width: ${columns * zoom}px; height: ${rows * zoom}px`;
	return el("canvas", { class: "pixels", width: columns, height: rows, style, ...name });
}

/**
 * Give such a canvas another size, if it has another one: that would empty it.
 * @param {HTMLCanvasElement} canvas @param {number} rows @param {number} columns
 * @param {number} zoom CSS pixels a value
 */
export function resizePixels(canvas, rows, columns, zoom) {
	if (canvas.width === columns && canvas.height === rows) return;
	Object.assign(canvas, { width: columns, height: rows });
	Object.assign(canvas.style, { width: `${zoom * columns}px`, height: `${zoom * rows}px` });
}

/** @type {WeakMap<HTMLCanvasElement, ImageData>} what was painted last, to be painted over */ const images =
	new WeakMap();

/**
 * Paint a canvas pixel by pixel.
 * @param {HTMLCanvasElement} canvas @param {(index: number) => number} colour as colours.js has it
 */
export function paint(canvas, colour) {
	const { width, height } = canvas;
	let image = images.get(canvas);
	if (image?.width !== width || image.height !== height) image = new ImageData(width, height);
	images.set(canvas, image);
	const pixels = new Uint32Array(image.data.buffer);
	for (let index = 0; index < pixels.length; index++) pixels[index] = colour(index);
	context(canvas).putImageData(image, 0, 0);
}

/** @param {HTMLCanvasElement} canvas */
export function context(canvas) {
	return /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
}

/**
 * Hear an event of the document or window, as long as the element is on the page.
 * @param {Element} element @param {Document | Window} target @param {string} type @param {(event: any) => void} handler
 * @param {AddEventListenerOptions} options
 */
export function listenWhile(element, target, type, handler, options = {}) {
	/** @param {Event} event */
	function listener(event) {
		if (element.isConnected) handler(event);
		else target.removeEventListener(type, listener, options);
	}
	target.addEventListener(type, listener, options);
}

/** What each element waits for. @type {WeakMap<Element, number>} */ const works = new WeakMap();

/**
 * Mark an element as busy while any of its works is under way: it may have several.
 * @param {Element} element @param {boolean} working begins or ends one
 */
export function busy(element, working) {
	const count = (works.get(element) ?? 0) + (working ? 1 : -1);
	works.set(element, count);
	element.setAttribute("aria-busy", String(count > 0));
}

/**
 * Hear whether an element is in sight: opened with its tab, or gone. It is busy until that is known.
 * @param {Element} element @param {(visible: boolean) => void} handler
 */
export function onVisible(element, handler) {
	let visible = false;
	let known = false;
	busy(element, true);
	new IntersectionObserver((entries) => {
		const now = entries[entries.length - 1].isIntersecting;
		if (now !== visible) handler((visible = now));
		if (!known) busy(element, false);
		known = true;
	}).observe(element);
}
