// Colours of values and of ink, made from the style sheet's variables, as 32-bit pixels of a canvas.
import { context, el } from "./dom.js";

/** Colours at even distances between CSS variables, as 256 pixels. @param {Element} element @param {string[]} stops */
function blend(element, stops) {
	const strip = el("canvas", { width: 256, height: 1 });
	const brush = context(strip);
	const gradient = brush.createLinearGradient(0, 0, 256, 0);
	const style = getComputedStyle(element);
	stops.forEach((name, i) => gradient.addColorStop(i / (stops.length - 1), style.getPropertyValue(name).trim()));
	brush.fillStyle = gradient;
	brush.fillRect(0, 0, 256, 1);
	return new Uint32Array(brush.getImageData(0, 0, 256, 1).data.buffer);
}

/** The colour of ink, by its byte. @param {Element} element @returns {(byte: number) => number} */
export function greyColours(element) {
	const ramp = blend(element, ["--zero", "--text"]);
	return (byte) => ramp[byte];
}

/**
 * The colour of a value between -1 and 1, zero always the same.
 * @param {Element} element @returns {(value: number) => number}
 */
export function valueColours(element) {
	const names = ["--below-3", "--below-2", "--below-1", "--zero", "--above-1", "--above-2", "--above-3"];
	const ramp = blend(element, names);
	return (value) => ramp[Math.round(128 + 127 * Math.max(-1, Math.min(1, value)))];
}

/**
 * Call now and whenever light turns to dark or back, or colours are forced.
 * @param {Element} element @param {() => void} repaint
 */
export function onTheme(element, repaint) {
	const forced = matchMedia("(forced-colors: active)");
	const changed = () => (element.isConnected ? repaint() : end());
	const observer = new MutationObserver(changed);
	const end = () => {
		observer.disconnect();
		forced.removeEventListener("change", changed);
	};
	observer.observe(document.body, { attributeFilter: ["class"] });
	forced.addEventListener("change", changed);
	repaint();
}
