// A box whose content may be wider than it is: it scrolls sideways within, and says so.
import { el } from "./dom.js";
import { t } from "./texts.js";

/**
 * Put something wide into such a box. The box is a tab stop of its own while it scrolls, so that arrow keys move it,
 * unless what is in it moves with the focus (`keys`).
 * @param {string} label of the box, for a screen reader @param {HTMLElement} content @param {{keys?: boolean}} options
 */
export function scroller(label, content, { keys = false } = {}) {
	const box = el("div", { class: "scroller-box" }, content);
	const cue = el("p", { class: "scroller-cue", "aria-hidden": "true" }, t("common.scroll"));
	const element = el("div", { class: "scroller", "data-more": "none" }, cue, box);

	function look() {
		const room = box.scrollWidth - box.clientWidth;
		const more = room <= 1 ? "none" : box.scrollLeft <= 1 ? "right" : box.scrollLeft >= room - 1 ? "left" : "both";
		element.dataset.more = more;
		if (keys) return;
		for (const [name, value] of [
			["tabindex", "0"],
			["role", "region"],
			["aria-label", label],
		]) {
			if (more === "none") box.removeAttribute(name);
			else box.setAttribute(name, value);
		}
	}
	box.addEventListener("scroll", look, { passive: true });
	const sizes = new ResizeObserver(look);
	sizes.observe(box);
	sizes.observe(content);
	return element;
}
