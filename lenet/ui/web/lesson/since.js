// What the learner did since a step of the lesson began: by this the step knows that its task is done.
import { isBusy } from "../runs.js";
import { get, same } from "../store.js";
import { thresholdOf } from "../threshold.js";

/** @typedef {import("../types").Since} Since */

const SMALL = 500; // units of the sheet, which has 1,000

/** Begin to take note. @returns {Since} */
export function begin() {
	return {
		ink: get("ink"),
		answer: get("reading").answer,
		threshold: get("threshold"),
		training: get("training"),
		pins: [],
		networks: [],
		muted: false,
		stepped: false,
		played: 0,
	};
}

/** Note what is so now. @param {Since} since */
export function note(since) {
	const { unit, muted } = get("options");
	const network = get("reading").answer?.model.network;
	if (get("pinned") && unit && !since.pins.some((pin) => same(pin, unit))) since.pins.push(unit);
	if (network && since.networks.at(-1) !== network) since.networks.push(network);
	since.muted ||= muted !== null;
	since.stepped ||= get("steps").length > 0;
	since.answer ??= get("reading").answer;
}

/** Somebody drew something, to its end. */
export const drew = () => !get("ink").example && !get("drawing") && get("ink").strokes.length > 0;

/** Something small is drawn, without its preprocessing. */
export function skipped() {
	const some = get("ink").strokes.length > 0 && !get("drawing");
	return get("options").raw && some && Math.max(...spans()) <= SMALL;
}

/** How wide and high the drawing is. */
function spans() {
	const points = get("ink").strokes.flat();
	return [0, 1].map((axis) => {
		const places = points.map((point) => point[axis]);
		return Math.max(...places) - Math.min(...places);
	});
}

/** The window was moved. @param {Since} since */
export const slid = (since) => since.pins.length > 1;

/** Two units of one map. @param {Since} since */
export const pinnedTwo = ({ pins }) =>
	pins.some(([layer, map], i) => pins.slice(0, i).some((pin) => pin[0] === layer && pin[1] === map));

export const moved = () => get("options").shift !== null;

/** A C3 unit, and a map that was switched off. @param {Since} since */
export const takenApart = ({ pins, muted }) => muted && pins.some(([layer]) => layer === "C3");

/** To the network of 1998, and back. @param {Since} since */
export const cameBack = ({ networks }) => networks.slice(0, -1).includes("lenet5-1998");

/** Rejected, by a threshold that was moved. @param {Since} since */
export function rejected(since) {
	const { answer } = get("reading");
	return get("threshold") !== since.threshold && answer !== null && answer.confidence < thresholdOf(answer.model);
}

/** Read as something else than in the beginning, and accepted. @param {Since} since */
export const fooled = (since) => {
	const { answer } = get("reading");
	if (!answer || !since.answer || get("drawing")) return false;
	return answer.digit !== since.answer.digit && answer.confidence >= thresholdOf(answer.model);
};

/** A training that began since has ended. @param {Since} since */
export const trained = ({ training: before }) => {
	const training = get("training");
	return training?.state === "done" && training !== before && training.token !== (before?.token || null);
};

/** A training is under way that had begun before. @param {Since} since */
export const stillTrains = ({ training: before }) => {
	const training = get("training");
	return training !== null && isBusy(training) && training.token === before?.token;
};

/** A step was taken, and undone. @param {Since} since */
export const steppedBack = ({ stepped }) => stepped && get("steps").length === 0;

/** All digits of the game. @param {Since} since */
export const played = (since) => since.played > 0;
