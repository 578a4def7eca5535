// Photos: the ways of one onto the sheet, and making it no larger than needed.
import { listenWhile } from "./dom.js";

/** @typedef {import("./types").Message} Message */

const MOST_BYTES = 30e6; // of a photo's file; what is sent is made smaller here
const SIDE = 512; // pixels of what is sent

/** A photo as a data URL, upright and no larger than needed. Fails if it cannot be opened. @param {File} file */
export async function shrink(file) {
	if (file.size > MOST_BYTES) throw new Error("too large");
	const photo = await createImageBitmap(file);
	const scale = Math.min(1, SIDE / Math.max(photo.width, photo.height));
	const small = document.createElement("canvas");
	[small.width, small.height] = [photo.width, photo.height].map((side) => Math.max(1, Math.round(side * scale)));
	/** @type {CanvasRenderingContext2D} */ (small.getContext("2d")).drawImage(photo, 0, 0, small.width, small.height);
	return small.toDataURL("image/png");
}

/** Whether a message is about a photo: it stands at the pad, and nowhere else. @param {Message} message */
export function isOfPhoto(message) {
	return /^(pad|photo)\./.test(message.key);
}

/**
 * Hear of files that are dropped on the sheet, chosen, or pasted while the sheet is in sight. While one is dragged
 * over the page, the sheet has the class `target`, and `over` when it is above it.
 * @param {HTMLElement} sheet @param {HTMLInputElement} input @param {(file: File) => void} handler
 */
export function onPhoto(sheet, input, handler) {
	const mark = (/** @type {boolean} */ target, over = false) => {
		sheet.classList.toggle("target", target);
		sheet.classList.toggle("over", over);
	};
	const isFile = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files") ?? false;
	input.addEventListener("change", () => {
		if (input.files?.length) handler(input.files[0]);
		input.value = ""; // so that the same file can be chosen again
	});
	listenWhile(sheet, document, "dragover", (/** @type {DragEvent} */ event) => {
		if (!isFile(event)) return;
		mark(true, sheet.contains(/** @type {Node} */ (event.target)));
		event.preventDefault(); // also beside the sheet: else the browser leaves the page for the photo
	});
	listenWhile(sheet, document, "dragleave", (/** @type {DragEvent} */ event) => {
		if (!event.relatedTarget) mark(false); // it left the page
	});
	listenWhile(sheet, document, "drop", (/** @type {DragEvent} */ event) => {
		mark(false);
		event.preventDefault();
		const dropped = event.dataTransfer?.files[0];
		if (dropped && sheet.contains(/** @type {Node} */ (event.target))) handler(dropped);
	});
	listenWhile(sheet, document, "paste", (/** @type {ClipboardEvent} */ event) => {
		const pasted = event.clipboardData?.files[0];
		if (pasted && sheet.offsetParent) handler(pasted);
	});
}
