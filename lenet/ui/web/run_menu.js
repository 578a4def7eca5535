// A menu of the saved runs.
import { ask } from "./ask.js";
import { longNameOf } from "./parts/run_words.js";
import { get } from "./store.js";

/** @typedef {import("./parts/run_words.js").Run} Run */

/**
 * The saved runs as choices of a menu; null where the server did not say.
 * @param {(message: any) => Promise<any>} manage @returns {Promise<[key: string, name: string][] | null>}
 */
export async function runChoices(manage) {
	const answer = await ask(manage, { do: "list", keys: get("runs") });
	if (answer.error) return null;
	const runs = /** @type {Run[]} */ (answer.runs);
	return runs.map((run) => [run.key, longNameOf(run, runs)]);
}
