// The last view of a training, kept for a reload: Gradio reloads the page when the connection was lost.
import { isBusy } from "../runs.js";

/** @typedef {import("../types").Training} Training */

const KEPT = "lenet.training"; // in sessionStorage

/** @param {Training} view */
export function keep(view) {
	try {
		sessionStorage.setItem(KEPT, JSON.stringify(view));
	} catch {} // a forbidden storage only means that a reload forgets
}

/**
 * What was kept, in the form of the view that is shown at first. A run that was there is; a training that was under way
 * ended with the connection, because the server stops it when nobody listens.
 * @param {Training} first @param {boolean} isPublic @returns {Training}
 */
export function recall(first, isPublic) {
	try {
		const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
		if (
			!kept ||
			Object.keys(first).some((name) => typeof kept[name] !== typeof first[/** @type {keyof Training} */ (name)])
		)
			return first;
		const view = { ...first, .../** @type {Training} */ (kept), model: "", token: "" };
		if (isBusy(view)) return lost(view, isPublic);
		return view.key || view.unsaved ? view : first;
	} catch {
		return first;
	}
}

/**
 * A training whose connection was lost. What it had learned is stored; on a page that strangers share, a run is seen by
 * whom it was told to, which this one was not.
 * @param {Training} view @param {boolean} isPublic @returns {Training}
 */
export function lost(view, isPublic) {
	return {
		...view,
		state: "stopped",
		message: { key: isPublic ? "training.connection_lost.public" : "training.connection_lost" },
		detail: null,
		model: "",
		key: "",
		unsaved: "",
	};
}
