// The lesson's steps, one after the other. A step's texts are lesson.NAME.title, .text, .more and .task; those of its
// prediction lesson.NAME.guess, .truth, .why and .idea.
import * as act from "./actions.js";
import { HALF_TURN } from "./measure.js";
import * as truth from "./truths.js";
import * as since from "./since.js";

/** @typedef {import("../types").LessonStep} LessonStep */

/** @type {LessonStep[]} */
export const STEPS = [
	{
		name: "digit",
		lit: ["pad", "bars"],
		covers: ["prediction"],
		keeps: true,
		done: since.drew,
		show: act.drawAgain,
		guess: { kind: "digit", sure: true, ready: since.drew, truth: truth.answer },
	},
	{
		name: "input",
		lit: ["pad", "input", "bars"],
		done: since.skipped,
		show: act.drawInCorner,
		guess: { kind: "choice", choices: ["yes", "no"], truth: truth.stillRead },
	},
	{
		name: "kernel",
		lit: ["sliding", "input", "kernels", "C1"],
		covers: ["sharpest"],
		prepare: act.beginSliding,
		done: since.slid,
		show: act.play,
		guess: { kind: "place", truth: truth.largest },
	},
	{ name: "maps", lit: ["input", "kernels", "C1", "unit"], done: since.pinnedTwo, show: act.pinTwo },
	{
		name: "pooling",
		lit: ["input", "C1", "S2", "F6"],
		done: since.moved,
		show: act.moveInput,
		widget: "arrows",
		guess: { kind: "choice", choices: truth.LAYERS, truth: truth.steadiest },
	},
	{
		name: "combinations",
		lit: ["S2", "C3", "unit"],
		done: since.takenApart,
		show: act.takeApart,
		widget: "switches",
	},
	{
		name: "codes",
		lit: ["model", "F6", "output", "unit", "bars"],
		done: since.cameBack,
		show: act.visit1998,
		guess: { kind: "digit", truth: truth.secondCode },
	},
	{ name: "answers", lit: ["threshold", "output", "bars"], done: since.rejected, show: act.moveThreshold },
	{
		name: "failure",
		lit: ["pad", "bars"],
		done: since.fooled,
		show: act.turnUntilFooled,
		widget: "turn",
		guess: { kind: "amount", most: HALF_TURN, near: 15, truth: truth.turn },
	},
	{
		name: "training",
		lit: ["training", "bars"],
		blocked: since.stillTrains,
		done: since.trained,
		show: act.trainOnce,
		server: true,
		guess: { kind: "amount", most: 100, near: 10, truth: truth.readOf100 },
	},
	{ name: "step", lit: ["training", "bars", "pad"], done: since.steppedBack, show: act.stepAndBack },
	{ name: "game", lit: ["pad"], done: since.played, show: () => {}, widget: "game" },
];
