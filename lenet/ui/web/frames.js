// Work that keeps step with the screen.

const BUDGET = 6; // milliseconds of a frame, which has 16, that work may have taken when it is begun once more

/**
 * Do something at once when it is called for, as long as the frame has time; else once, in the next one.
 * @param {() => void} work @param {(busy: boolean) => void} mark hears while something is still to be done
 */
export function inStep(work, mark = () => {}) {
	let spent = 0; // milliseconds of this frame
	let begun = false; // in this frame
	let working = false; // what work itself calls for waits too
	let wanted = false;
	function go() {
		if (working || spent > BUDGET) {
			if (!wanted) mark(true);
			wanted = true;
			return;
		}
		if (!begun) requestAnimationFrame(next);
		[begun, working] = [true, true];
		const start = performance.now();
		try {
			work();
		} finally {
			working = false;
			spent += performance.now() - start;
		}
	}

	function next() {
		[spent, begun] = [0, false];
		if (!wanted) return;
		wanted = false;
		mark(false);
		go();
	}

	return go;
}
