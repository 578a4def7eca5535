// Work that keeps step with the screen.

/**
 * Do something at once when it is called for, but once a frame; what is called for meanwhile is done in the next one.
 * @param {() => void} work @param {(busy: boolean) => void} mark hears while something is still to be done
 */
export function oncePerFrame(work, mark = () => {}) {
	let done = false; // in this frame
	let wanted = false;
	return function go() {
		if (done) {
			if (!wanted) mark(true);
			wanted = true;
			return;
		}
		done = true;
		work();
		requestAnimationFrame(() => {
			done = false;
			if (!wanted) return;
			wanted = false;
			mark(false);
			go();
		});
	};
}
