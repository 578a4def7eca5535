// Menus of the saved runs, and of what else can be tested or compared.
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

/**
 * The same, and the models of the Hub that were opened here.
 * @param {(message: any) => Promise<any>} manage @returns {Promise<[id: string, name: string][] | null>}
 */
export async function modelChoices(manage) {
	const runs = await runChoices(manage);
	return runs && [...runs, ...get("hub")];
}
