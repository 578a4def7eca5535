// A prediction: what it asks, one tap or slide to answer it, and what came of it.
import { makeChart } from "../chart.js";
import { button, el, setText } from "../dom.js";
import { makeChoices } from "../mine/choices.js";
import { percent, sentences, t } from "../texts.js";
import { makePlace, placeStyle } from "./guess_place.js";
import { SURE } from "./truths.js";

/** @typedef {import("../types").Guess} Guess */
/** @typedef {import("../types").Guessed} Guessed */
/** @typedef {import("../types").Prediction} Prediction */
/** @typedef {import("../types").Since} Since */
/** @typedef {import("../types").Truth} Truth */
/**
 * Gives its prediction to `made` once it is complete.
 * @typedef {(guess: Guess, made: (one: Prediction) => void) => HTMLElement[]} Form
 */

const HIGH = 90; // CSS pixels of a curve

/** @type {Record<Guess["kind"], Form>} */
const FORMS = { digit: digitForm, choice: choiceForm, place: makePlace, amount: amountForm };

/**
 * @param {string} name of the step @param {Guess} guess
 * @param {Prediction | undefined} earlier one, to which the learner comes back
 * @param {(guessed: Guessed) => void} settled hears what came of it, and of every truth that is another one
 */
export function makeGuess(name, guess, earlier, settled) {
	/** @type {Prediction | null} */ let prediction = earlier ?? null;
	/** @type {Truth | null} */ let known = null; // which stays, when what it was seen by is gone
	let last = "";
	const form = el("div", { class: "form" }, ...FORMS[guess.kind](guess, make));
	const result = el("p", { class: "result", role: "status" });
	const why = el("p", { class: "why" });
	const asks = button(t("lesson.answer"), () => tell("asked"), { class: "button small answer" });
	const chart = makeChart(HIGH);
	const element = el(
		"div",
		{ class: "guess" },
		el("p", { class: "question" }, t(`lesson.${name}.guess`)),
		form,
		asks,
		result,
		why,
		chart.element,
	);

	/** @param {Prediction} one */
	function make(one) {
		prediction = one;
		tell("made");
	}

	/** @param {"made" | "asked"} what a prediction was, or the answer */
	function tell(what) {
		if (what === "asked") element.classList.add("shown");
		element.dispatchEvent(new Event(what));
	}

	/**
	 * Show what is known by now.
	 * @param {Since} since @param {boolean} revealed whether it is told without a prediction
	 */
	function update(since, revealed) {
		const ready = guess.ready?.(since) ?? true;
		for (const one of form.querySelectorAll("button, input")) one.toggleAttribute("disabled", !ready);
		known = (prediction || revealed ? guess.truth(since, guess) : null) ?? known;
		const truth = known;
		form.hidden = prediction !== null || (revealed && truth !== null);
		chart.element.hidden = !truth?.curve;
		if (!truth) {
			setText(result, prediction ? t("lesson.guessed", { guess: worded(name, prediction) }) : "");
			return setText(why, "");
		}
		const held = prediction !== null && truth.held(prediction);
		const key = truth.key ? `lesson.${name}.truth.${truth.key}` : `lesson.${name}.truth`;
		const told = [t(key, truth.values)];
		if (prediction) {
			told.unshift(t("lesson.guessed", { guess: worded(name, prediction) }));
			told.push(t(held ? "lesson.held" : "lesson.missed"));
			const beside = truth.beside?.(prediction);
			if (beside) told.push(t(`lesson.${name}.${beside}`));
		}
		setText(result, sentences(told));
		setText(why, t(truth.key ? `lesson.${name}.why.${truth.key}` : `lesson.${name}.why`, truth.values));
		if (truth.place) form.hidden = !showPlace(truth.place);
		if (truth.curve && last !== JSON.stringify(truth.curve)) showCurve(truth);
		last = JSON.stringify(truth.curve) ?? "";
		if (prediction) settled({ prediction, held });
	}

	/** Mark the truth beside the prediction. @param {[number, number]} place @returns whether there is a picture for it */
	function showPlace([row, column]) {
		const picture = form.querySelector(".place");
		if (!picture) return false;
		const mark = picture.querySelector(".truth") ?? picture.appendChild(el("div", { class: "mark truth" }));
		/** @type {HTMLElement} */ (mark).style.cssText = placeStyle(row, column);
		form.classList.add("over");
		return true;
	}

	/** @param {Truth} truth */
	function showCurve({ curve = [], values }) {
		/** @type {import("../chart.js").Rule[]} */
		const rules =
			prediction?.amount === undefined
				? []
				: [{ axis: "x", value: prediction.amount, tone: "text", name: t("lesson.curve.guess") }];
		chart.show({
			title: "",
			label: t("lesson.curve.y", values),
			x: { title: t("lesson.curve.x"), from: 0, to: curve.at(-1)?.[0] ?? 1 },
			y: {
				title: t("lesson.curve.y", values),
				from: 0,
				to: 1,
				format: (/** @type {number} */ share) => percent(share, 0),
			},
			series: [{ name: "", points: curve, tone: "accent" }],
			rules,
		});
	}

	return {
		element,
		update,
		isMade: () => prediction !== null,
		isShown: () => element.classList.contains("shown"),
	};
}

/** A prediction in words. @param {string} name of the step @param {Prediction} prediction */
function worded(name, { digit, sure, choice, place, amount }) {
	if (place) return t("lesson.place");
	if (choice) return t(`lesson.choice.${choice}`);
	if (amount !== undefined) return t(`lesson.${name}.amount`, { amount });
	return sure === undefined ? String(digit) : t("lesson.digit.sure", { digit: digit ?? 0, sure });
}

/** @type {Form} */
function digitForm({ sure }, made) {
	/** @type {Prediction} */ const one = {};
	const give = () => one.digit !== undefined && (!sure || one.sure !== undefined) && made({ ...one });
	const [digits, , press] = makeChoices(t("lesson.digits"), (digit) => {
		one.digit = digit;
		press(digit);
		give();
	});
	if (!sure) return [digits];
	const shares = SURE.map((share) =>
		button(
			percent(share, 0),
			() => {
				one.sure = share;
				shares.forEach((each, i) => each.setAttribute("aria-pressed", String(SURE[i] === share)));
				give();
			},
			{ class: "button small", "aria-pressed": "false" },
		),
	);
	const group = el("div", { class: "options", role: "group", "aria-label": t("lesson.sure") }, ...shares);
	return [digits, el("div", { class: "sure" }, el("span", { "aria-hidden": "true" }, t("lesson.sure")), group)];
}

/** @type {Form} */
function choiceForm({ choices = [] }, made) {
	const buttons = choices.map((choice) =>
		button(t(`lesson.choice.${choice}`), () => made({ choice }), { class: "button small" }),
	);
	return [el("div", { class: "options", role: "group", "aria-label": t("lesson.choices") }, ...buttons)];
}

/** @type {Form} */
function amountForm({ most = 100 }, made) {
	const value = el("output");
	const slider = el("input", { type: "range", min: 0, max: most, "aria-label": t("lesson.amount"), input: tell });
	slider.value = String(most / 2);
	function tell() {
		value.textContent = slider.value;
	}
	tell();
	return [
		slider,
		value,
		button(t("lesson.guess"), () => made({ amount: Number(slider.value) }), { class: "button small" }),
	];
}
