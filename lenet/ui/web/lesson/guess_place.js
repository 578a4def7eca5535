// A place on the digit, as a prediction: marked by a click or the arrow keys, given by the button or Enter.
import { greyColours } from "../colours.js";
import { button, el, paint, pixelCanvas } from "../dom.js";
import { INPUT_SIDE } from "../engine/geometry.js";
import { ARROWS } from "../keys.js";
import { get, subscribe } from "../store.js";
import { t } from "../texts.js";

const ZOOM = 5; // CSS pixels a pixel

/**
 * @param {import("../types").Guess} guess @param {(one: import("../types").Prediction) => void} made
 * @returns {HTMLElement[]}
 */
export function makePlace(guess, made) {
	let [row, column] = [INPUT_SIDE / 2, INPUT_SIDE / 2];
	const canvas = pixelCanvas(INPUT_SIDE, INPUT_SIDE, ZOOM, t("lesson.place.label"));
	const mark = el("div", { class: "mark" });
	canvas.tabIndex = 0;

	/** @param {number} down @param {number} right */
	function go(down, right) {
		[row, column] = [down, right].map((place) => Math.max(0, Math.min(INPUT_SIDE - 1, place)));
		mark.style.cssText = placeStyle(row, column);
	}
	const isOver = () => canvas.closest(".over") !== null;
	const give = () => made({ place: [row, column] });

	canvas.addEventListener("click", (event) => {
		if (isOver()) return;
		const box = canvas.getBoundingClientRect();
		const at = (/** @type {number} */ share) => Math.floor(share * INPUT_SIDE);
		go(at((event.clientY - box.top) / box.height), at((event.clientX - box.left) / box.width));
	});
	canvas.addEventListener("keydown", (event) => {
		const by = isOver() ? undefined : ARROWS[event.key];
		if (by) go(row + by[0], column + by[1]);
		else if (event.key === "Enter" && !isOver()) give();
		else return;
		event.preventDefault();
	});
	go(row, column);
	queueMicrotask(() =>
		subscribe(canvas, "reading", ({ answer }) => {
			if (!answer || get("drawing")) return;
			const greys = greyColours(canvas);
			paint(canvas, (at) => greys(answer.preprocessed.image[at]));
		}),
	);
	return [el("div", { class: "place" }, canvas, mark), button(t("lesson.guess"), give, { class: "button small" })];
}

/** Where a mark stands over the picture. @param {number} row @param {number} column of the input */
export function placeStyle(row, column) {
	const [top, left] = [row, column].map((place) => ((place + 0.5) * 100) / INPUT_SIDE);
	return `top: ${top}%; left: ${left}%`;
}
