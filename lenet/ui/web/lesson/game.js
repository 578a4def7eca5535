// You against the network: hard test digits, each read by the learner first, then by the network, then by its label.
import { button, bytes, el } from "../dom.js";
import { predicted, run } from "../engine/network.js";
import { preprocessImage } from "../engine/preprocessing.js";
import { makeChoices } from "../mine/choices.js";
import { imageOf } from "../sheet.js";
import { show } from "../ink.js";
import { get } from "../store.js";
import { t } from "../texts.js";

/** @typedef {{label: number, image: string}} Hard */
/** @typedef {{label: number, mine: number, network: number}} Round */

const ROUNDS = 5;

/**
 * @param {import("../types").Since} since @param {() => void} changed hears when a game is over @param {Hard[]} hard
 * @returns {HTMLElement}
 */
export function makeGame(since, changed, hard) {
	const element = el("div", { class: "game" });
	const digits = hardest(hard);
	/** @type {Round[]} */ const rounds = [];

	/** @param {number} mine */
	function answer(mine) {
		const { label, image } = digits[rounds.length];
		rounds.push({ label, mine, network: readImage(image) });
		show({ strokes: [], image }); // to be looked into
		tell();
	}

	function ask() {
		const [choices] = makeChoices(t("lesson.digits"), answer);
		const picture = imageOf(digits[rounds.length].image);
		picture.setAttribute("role", "img");
		picture.ariaLabel = t("lesson.game.digit", { number: rounds.length + 1, total: digits.length });
		element.replaceChildren(picture, choices);
	}

	function tell() {
		const { label, mine, network } = rounds[rounds.length - 1];
		const over = rounds.length === digits.length;
		const row = el("p", { role: "status" }, t("lesson.game.round", { mine, network, label }));
		const next = over
			? el("p", {}, el("b", {}, t("lesson.game.score", score(rounds))))
			: button(t("lesson.game.next"), ask, { class: "button small" });
		element.replaceChildren(row, next);
		if (!over) return next.focus();
		since.played++;
		changed();
	}

	ask();
	return element;
}

/** The digits that the network which reads is least sure of. @param {Hard[]} hard */
function hardest(hard) {
	const network = get("reading").answer?.network;
	if (!network) return hard.slice(0, ROUNDS);
	const sure = (/** @type {Hard} */ { label, image }) =>
		run(network, preprocessImage(bytes(image)).image).probabilities[label];
	return [...hard].sort((one, other) => sure(one) - sure(other)).slice(0, ROUNDS);
}

/** @param {string} image in base64 */
function readImage(image) {
	const network = get("reading").answer?.network;
	return network ? predicted(run(network, preprocessImage(bytes(image)).image)) : NaN;
}

/** @param {Round[]} rounds */
function score(rounds) {
	return {
		mine: rounds.filter(({ label, mine }) => mine === label).length,
		network: rounds.filter(({ label, network }) => network === label).length,
		total: rounds.length,
	};
}
