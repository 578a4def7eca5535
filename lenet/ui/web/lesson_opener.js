// The lesson is fetched once it is wanted: by its button, by a link, or by a reload in the middle of it.
import { listen, set } from "./store.js";

/** @typedef {import("./types").Message} Message */

export const PARAMETER = "lesson"; // of the address
export const RESUME = 0; // in the place of a step: where this browser left it

/**
 * @param {{label: number, image: string}[]} hard test digits @param {boolean} server whether there is one
 * @param {(reason: Message) => void} tell hears why there is no lesson
 */
export function awaitLesson(hard, server, tell) {
	const end = listen("lesson", async () => {
		end();
		try {
			const { beginLesson } = await import("./lesson/lesson.js");
			beginLesson(hard, server);
		} catch (error) {
			console.error(error);
			set("lesson", null);
			tell({ key: "part.missing" });
		}
	});
	const linked = Number(new URLSearchParams(location.search).get(PARAMETER));
	if (linked >= 1) set("lesson", Math.floor(linked));
}
