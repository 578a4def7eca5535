// The last view of a training, kept for a reload: Gradio reloads the page when the connection was lost.

/** @typedef {import("../types").Training} Training */

const KEPT = "lenet.training"; // in sessionStorage

/** Whether a training is under way. @param {Training} view */
export const isBusy = ({ state }) => state === "waiting" || state === "training";

/** @param {Training} view */
export function keep(view) {
	try {
		sessionStorage.setItem(KEPT, JSON.stringify(view));
	} catch {} // a forbidden storage only means that a reload forgets
}

/**
 * What was kept, in the form of the view that is shown at first. A run that was there is; a training that was under way
 * ended with the connection, because the server stops it when nobody listens.
 * @param {Training} first @returns {Training}
 */
export function recall(first) {
	try {
		const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
		if (
			!kept ||
			Object.keys(first).some((name) => typeof kept[name] !== typeof first[/** @type {keyof Training} */ (name)])
		)
			return first;
		const view = { ...first, .../** @type {Training} */ (kept), model: "", token: "" };
		if (isBusy(view)) return lost(view);
		return view.key ? view : first;
	} catch {
		return first;
	}
}

/** @param {Training} view @returns {Training} */
export function lost(view) {
	return {
		...view,
		state: "stopped",
		message: { key: "training.connection_lost" },
		detail: null,
		model: "",
		key: "",
	};
}
