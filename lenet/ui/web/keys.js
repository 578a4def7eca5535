// When keys belong to the page: while the pad has the focus, or nothing else has.
import { listenWhile } from "./dom.js";

/** Where each arrow key leads. @type {Record<string, [down: number, right: number]>} */
export const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

const GUESTS = ".labels"; // parts where the pad's keys count too

/**
 * Hear keys that nobody else is listening for: the focus is within `owner`, or nowhere, or where it is a guest.
 * `handler` returns whether it took the key.
 * @param {Element} owner @param {(event: KeyboardEvent) => boolean} handler
 */
export function onKey(owner, handler) {
	listenWhile(owner, document, "keydown", (/** @type {KeyboardEvent} */ event) => {
		const { activeElement, body } = document;
		const free =
			!activeElement || activeElement === body || owner.contains(activeElement) || activeElement.closest(GUESTS);
		const helping = document.querySelector(":popover-open"); // Escape closes it
		if (!free || helping || event.altKey || event.defaultPrevented || !inSight(owner)) return;
		if (handler(event)) event.preventDefault();
	});
}

/** @param {Element} element */
function inSight(element) {
	return element.getClientRects().length > 0;
}
