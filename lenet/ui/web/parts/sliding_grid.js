// Numbers in rows and columns, each on a ground of its colour.
import { el, setText } from "../dom.js";
import { fixed } from "../texts.js";

/** A grid with a caption. */
export function makeGrid() {
	const caption = el("figcaption");
	const body = el("div", { class: "numbers" });
	const element = el("figure", {}, caption, body);
	/** @type {HTMLElement[]} */ let cells = [];

	/** @param {number[][]} lines @param {string} title @param {number | null} marked a value that is pointed out */
	function show(lines, title, marked) {
		const values = lines.flat();
		if (cells.length !== values.length) {
			cells = values.map(() => el("span"));
			body.replaceChildren(...cells);
		}
		body.style.setProperty("--columns", String(lines[0].length));
		const most = Math.max(1e-9, ...values.map(Math.abs));
		setText(caption, title);
		cells.forEach((cell, i) => {
			const value = values[i];
			setText(cell, value === 0 ? "0" : fixed(value));
			cell.className = value < 0 ? "below" : "above";
			cell.classList.toggle("marked", value === marked);
			cell.style.setProperty("--share", (Math.abs(value) / most).toFixed(2));
		});
	}
	return { element, show };
}
