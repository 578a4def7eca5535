// What a step of the lesson lights, quiets and covers on the page, by the names that steps give it.
import { get } from "../store.js";
import { sharpest } from "./measure.js";

const BLOCKS = ".part:is(.pad, .bars, .training, .elsewhere, .stages, .sliding), .part.maps :is(.stage, .panel)";
/** @type {Record<string, string>} names that are no layer's */
const SELECTORS = {
	pad: ".part.pad",
	bars: ".part.bars",
	prediction: ".part.bars .read",
	model: ".part.bars .head",
	threshold: ".part.bars .threshold",
	training: ".part:is(.training, .elsewhere)",
	input: ".part.stages",
	kernels: ".stage.kernels",
	unit: ".part.maps .panel",
	sliding: ".part.sliding",
};

/** @param {string} name @returns {HTMLElement[]} */
function find(name) {
	if (name === "sharpest") return sharpestMap();
	return all(SELECTORS[name] ?? `.part.maps .stage[data-layer="${name}"]`);
}

/** @param {string} css @returns {HTMLElement[]} */
const all = (css) => [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(css))];

/** The map of the kernel with the clearest direction, also where it is worked out. */
function sharpestMap() {
	const { answer } = get("reading");
	if (!answer) return [];
	const [{ name }] = answer.network.plan.steps;
	const maps = all(`.part.maps .stage[data-layer="${name}"] canvas`);
	return [maps[sharpest(answer.network)], ...all(".part.sliding figure.target canvas")].filter(Boolean);
}

/** Light what these names mean, and quiet the rest. @param {string[]} names @returns {HTMLElement[]} what is lit */
export function light(names) {
	const lit = names.flatMap(find);
	for (const block of all(BLOCKS)) {
		const shines = lit.some((one) => block === one || block.contains(one) || one.contains(block));
		block.toggleAttribute("data-quiet", !shines);
	}
	return lit;
}

/** How many blocks stand on the page by now: more come as it is built. */
export const countBlocks = () => all(BLOCKS).length;

/** Cover what these names mean, and nothing else. @param {string[]} names */
export function cover(names) {
	const covered = names.flatMap(find);
	for (const one of all("[data-covered]")) if (!covered.includes(one)) one.removeAttribute("data-covered");
	for (const one of covered) one.setAttribute("data-covered", "");
}

/** Neither light nor cover anything. */
export function restore() {
	for (const block of all("[data-quiet]")) block.removeAttribute("data-quiet");
	cover([]);
}
