// Where the lesson stands: in the corner of the window where it hides least of what it speaks of. On a phone it is a
// sheet at the bottom, see styles/lesson.css, and what it speaks of comes above it.

const EDGE = 12; // CSS pixels to the edge of the window
export const NARROW = "(max-width: 760px)";

/** @param {HTMLElement} lesson @param {HTMLElement[]} lit */
export function place(lesson, lit) {
	lesson.style.inset = "";
	if (matchMedia(NARROW).matches) return;
	const { offsetWidth: width, offsetHeight: height } = lesson;
	const boxes = lit.map((one) => one.getBoundingClientRect()); // what is spoken of first weighs most
	const [right, bottom] = [innerWidth - width - EDGE, innerHeight - height - EDGE];
	const corners = [right, EDGE, (innerWidth - width) / 2].flatMap((left) => [
		{ left, top: bottom, low: true },
		{ left, top: EDGE, low: false },
	]);
	const hidden = corners.map(({ left, top }) =>
		boxes.reduce((sum, box, i) => {
			const across = Math.min(box.right, left + width) - Math.max(box.left, left);
			const down = Math.min(box.bottom, top + height) - Math.max(box.top, top);
			return sum + (Math.max(0, across) * Math.max(0, down)) / (i + 1);
		}, 0),
	);
	const { left, low } = corners[hidden.indexOf(Math.min(...hidden))];
	lesson.style.inset = low ? `auto auto ${EDGE}px ${left}px` : `${EDGE}px auto auto ${left}px`; // it may grow
}

/** Bring into sight what is spoken of. @param {HTMLElement[]} lit */
export function scrollTo(lit) {
	const [first] = lit;
	if (!first) return;
	const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
	const block = matchMedia(NARROW).matches ? "start" : "nearest";
	first.scrollIntoView({ block, inline: "nearest", behavior: still ? "instant" : "smooth" });
}
