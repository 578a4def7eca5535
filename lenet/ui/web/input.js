// What ink becomes before networks see it: strokes here and now; a photo at the server, once.
import { ask, wait } from "./ask.js";
import { bytes } from "./dom.js";
import { preprocessDrawing, preprocessImage } from "./engine/preprocessing.js";

/** @typedef {import("./types").Host} Host */
/** @typedef {import("./types").Ink} Ink */
/** @typedef {import("./types").Message} Message */
/** @typedef {import("./types").Preprocessed} Preprocessed */
/** @typedef {{input: Preprocessed | null, error: Message | null, retry?: boolean}} Found */

const RETRY = 500; // milliseconds, when the server did not answer
const MOST = 8; // photos kept

/** @type {Map<string, Found>} */ const photos = new Map();
/** @type {Map<string, Promise<void>>} under way */ const asking = new Map();

/**
 * The input that ink becomes, or why there is none; undefined while a photo is under way: `again` hears when it is
 * there, or when the server could not be reached and is asked once more.
 * @param {Host} host whose server function `photo` preprocesses one @param {Ink} ink @param {boolean} raw
 * @param {() => void} again @returns {Found | undefined}
 */
export function inputOf(host, { strokes, picture, image }, raw, again) {
	if (image) return { input: preprocessImage(bytes(image), raw), error: null };
	if (!picture) return { input: preprocessDrawing(strokes, raw), error: null };
	const key = `${raw}:${picture}`;
	const found = photos.get(key);
	if (!found) {
		const promise = asking.get(key) ?? preprocessPhoto(host, key, picture, raw).finally(() => asking.delete(key));
		asking.set(key, promise);
		promise.then(again);
	} else if (found.retry) {
		found.retry = false;
		wait(RETRY).then(() => {
			photos.delete(key);
			again();
		});
	}
	return found;
}

/** @param {Host} host @param {string} key @param {string} picture a data URL @param {boolean} raw */
async function preprocessPhoto(host, key, picture, raw) {
	const answer = await ask(host.server.photo, { picture: picture.split(",")[1], raw });
	const { error = null, again: retry = false } = answer;
	photos.set(key, { input: error ? null : decode(answer), error, retry });
	const [oldest] = photos.keys();
	if (photos.size > MOST) photos.delete(oldest);
}

/** @param {any} answer of the server @returns {Preprocessed | null} */
function decode({ image, colours, placement, stages }) {
	if (image === null) return null;
	const [scale, left, top] = placement;
	const looks = stages.map((/** @type {any} */ stage) => ({ ...stage, values: bytes(stage.values) }));
	return {
		image: bytes(image),
		colours: colours && bytes(colours),
		placement: { scale, left, top },
		stages: () => looks,
	};
}

/**
 * The image that a network sees: in colour, if it can and there is one.
 * @param {import("./engine/network.js").Network} network @param {Preprocessed} input
 */
export function imageFor({ plan }, { image, colours }) {
	return colours && plan.input.channels === 3 ? colours : image;
}
