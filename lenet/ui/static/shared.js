// What the page's parts share. Gradio runs each part's script in a function of its own, with this file before it.

/**
 * @typedef {{name: string, shape: number[], scale: number, values: string}} Layer
 *   A layer's values: signed bytes in base64, 127 standing for `scale`.
 * @typedef {{name: string, title: string, weights: number, accuracy: number, shipped: boolean}} Model
 * @typedef {{digit: number, probabilities: number[], field: string, layers: Layer[], model: Model, device: string}} Answer
 *   What the server makes of a drawing; `field` is 32x32 unsigned bytes in base64, 0 paper to 255 ink.
 * @typedef {{answer: Answer | null, milliseconds: number, error: string}} Reading
 *   What the pad tells everyone: an answer, or null where nothing is drawn, and what went wrong, if anything did.
 */

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

/** A share as per cent, as the whole page writes it. @param {number} share @param {number} digits */
function percent(share, digits = 1) {
	return `${(100 * share).toFixed(digits)} %`;
}

/** Call now and whenever light turns to dark or back. @param {HTMLElement} element @param {() => void} repaint */
function onTheme(element, repaint) {
	const observer = new MutationObserver(() => (element.isConnected ? repaint() : observer.disconnect()));
	observer.observe(document.body, { attributeFilter: ["class"] });
	repaint();
}
