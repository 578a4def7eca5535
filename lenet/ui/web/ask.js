// Asking the server: a call that fails is an answer too, and one question is in flight at a time.
import { set } from "./store.js";

/** @typedef {import("./types").Failure} Failure */

/**
 * Ask a server function. Gradio answers undefined where a call fails: that becomes `server.unreachable`, to be asked
 * again.
 * @param {(message: any) => Promise<any>} fn @param {object} message
 * @returns {Promise<any>} what it answers, or a Failure
 */
export async function ask(fn, message) {
	const answer = await fn(message).catch(() => undefined);
	set("reachable", answer !== undefined);
	return answer ?? { error: { key: "server.unreachable" }, again: true };
}

/**
 * Do something over and over as it is called for, one at a time; what was called for meanwhile is done once,
 * afterwards. So a slow server means fewer answers, never a backlog. `busy` hears when it begins and ends.
 * @param {() => Promise<void>} work reads what it needs when it starts @param {(busy: boolean) => void} busy
 * @returns {() => void} call for it
 */
export function latest(work, busy = () => {}) {
	let running = false;
	let wanted = false;
	return async () => {
		wanted = true;
		if (running) return;
		running = true;
		busy(true);
		try {
			while (wanted) {
				wanted = false;
				await work();
			}
		} finally {
			running = false;
			busy(false);
		}
	};
}

/** Wait. @param {number} milliseconds */
export function wait(milliseconds) {
	return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
