// The runs that this browser trained: their keys, kept for the next visit.
import { get, set } from "./store.js";

const KEPT = "lenet.runs"; // in localStorage
const MOST = 100;

/** Whether a training is under way. @param {import("./types").Training} view */
export const isBusy = ({ state }) => state === "waiting" || state === "training";

/** Note a run as this browser's own. @param {string} key */
export function remember(key) {
	if (!get("runs").includes(key)) keep([...get("runs"), key].slice(-MOST));
}

/** Take a run off this browser's own. @param {string} key */
export function forget(key) {
	keep(get("runs").filter((one) => one !== key));
}

/** @param {string[]} keys */
function keep(keys) {
	set("runs", keys);
	try {
		localStorage.setItem(KEPT, JSON.stringify(keys));
	} catch {} // a forbidden storage only means that the list of runs forgets
}

/** What was kept, if it is what this file keeps. @returns {string[]} */
function kept() {
	try {
		const keys = JSON.parse(localStorage.getItem(KEPT) ?? "[]");
		return Array.isArray(keys) ? keys.filter((key) => typeof key === "string") : [];
	} catch {
		return [];
	}
}

set("runs", kept());
