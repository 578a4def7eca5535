// The lesson by itself: each step is shown, given time to be read, and followed by the next. It begins by a button, or
// when nobody has done anything since it was opened, and ends as soon as somebody does.
import { button, listenWhile, setText } from "../dom.js";
import { t } from "../texts.js";

const IDLE = 45_000; // milliseconds after it was opened until it begins by itself, if nobody does anything
const READING = 11_000; // milliseconds that a step stands after it was shown

/**
 * @param {{show: () => void | Promise<void>, next: () => void, isOver: () => boolean,
 *   isPresenting: () => boolean}} ways
 */
export function makePlayer({ show, next, isOver, isPresenting }) {
	/** @type {ReturnType<typeof setTimeout> | undefined} */ let timer;
	/** @type {ReturnType<typeof setTimeout> | undefined} */ let idle;
	let playing = false;
	const toggle = button(t("lesson.play"), () => (playing ? pause() : play()), { class: "button small" });

	async function play() {
		playing = true;
		setText(toggle, t("lesson.pause"));
		while (playing && !isOver()) {
			await rest(READING / 3);
			if (playing) await show();
			await rest(READING);
			if (playing) next();
		}
		pause();
	}

	/** @param {number} time milliseconds */
	const rest = (time) =>
		new Promise((resolve) => {
			clearTimeout(timer);
			if (!playing) return resolve(null);
			timer = setTimeout(resolve, time);
		});

	function pause() {
		playing = false;
		setText(toggle, t("lesson.play"));
	}

	/** Somebody does something. @param {Event} event */
	function stir(event) {
		clearTimeout(idle);
		if (playing && event.isTrusted && !presses(event)) pause();
	}

	/** Whether an event presses the button itself. @param {Event} event */
	function presses(event) {
		const key = event instanceof KeyboardEvent ? event.key : "Enter";
		return event.target === toggle && event.type !== "wheel" && ["Enter", " "].includes(key);
	}

	/** Begin, unless somebody did something. */
	function beginAlone() {
		if (!playing && !isPresenting() && !isOver() && toggle.isConnected) play();
	}

	/** As long as the lesson is on the page. @param {HTMLElement} element */
	function listen(element) {
		for (const type of ["pointerdown", "keydown", "wheel", "touchmove"])
			listenWhile(element, document, type, stir, { passive: true });
		clearTimeout(idle);
		if (!matchMedia("(prefers-reduced-motion: reduce)").matches) idle = setTimeout(beginAlone, IDLE);
	}

	return { element: toggle, listen, isPlaying: () => playing };
}
