// What to train: network, data and epochs always in sight, the rest under "Advanced settings"; and how long it will
// take.
import { ask, latest } from "../ask.js";
import { button, el, options } from "../dom.js";
import { help } from "../help.js";
import { render, t } from "../texts.js";

/** @typedef {import("../types").Message} Message */
/** @typedef {Record<string, string | number | null>} Values */
/**
 * @typedef {{name: string, basic: boolean, choices: string[], bounds?: [low: number, high: number,
 *   step: number | "any"]}} Field
 */
/**
 * What Python offers.
 * @typedef {{fields: Field[], presets: {name: string, values: Values}[], usual: Record<string, Values>,
 *   defaults: Values}} Form `usual` are the values that go well with each optimizer
 */
/** @typedef {HTMLInputElement | HTMLSelectElement} Input */

const PAUSE = 400; // milliseconds without a change before the time is estimated
const KEPT = "lenet.form"; // in sessionStorage: a reload keeps what was filled in
const CUSTOM = ""; // of the presets: none

/**
 * @param {Form} form @param {(message: any) => Promise<any>} estimate a server function
 * @param {(open: boolean) => void} toggled hears when the advanced settings open and close
 */
export function makeForm(form, estimate, toggled) {
	/** @type {Record<string, Input>} */ const inputs = {};
	/** @type {Record<string, HTMLElement>} */ const errors = {};
	/** @type {ReturnType<typeof setTimeout> | undefined} */ let pause;
	/** @type {Values} */ let values = { ...form.defaults, ...recall(form.fields) };
	/** @type {{own: Values, shown: Values} | null} */ let borrowed = null;
	const basic = el("div", { class: "basic" });
	const advanced = el("div", { class: "advanced", id: "advanced-settings", hidden: true });
	const time = el("span", { class: "estimate", role: "status" });
	const opener = button(t("form.advanced"), () => toggle(Boolean(advanced.hidden)), {
		class: "button small opener",
		"aria-expanded": "false",
		"aria-controls": advanced.id,
	});
	const count = el("b");
	const preset = el(
		"select",
		{ "aria-label": t("form.preset"), change: choosePreset },
		...options([
			[CUSTOM, t("form.preset.custom")],
			...form.presets.map(({ name }) => pair(name, t(`preset.${name}`))),
		]),
	);

	/** @param {Field} field */
	function build({ name, basic: isBasic, choices, bounds }) {
		const label = t(`form.${name}`);
		const shared = {
			"aria-label": label,
			"aria-describedby": `error-${name}`,
			title: t(`form.${name}.help`),
			input: name === "optimizer" ? chooseOptimizer : read,
		};
		if (bounds) {
			const [min, max, step] = bounds;
			inputs[name] = el("input", {
				type: isBasic ? "range" : "number",
				min,
				max,
				step,
				required: true,
				...shared,
			});
		} else {
			inputs[name] = el(
				"select",
				shared,
				...options(choices.map((choice) => pair(choice, choiceText(name, choice)))),
			);
		}
		errors[name] = el("span", { class: "error", id: `error-${name}` });
		const caption = el("span", { class: "caption" }, label, name === "epochs" && count);
		(isBasic ? basic : advanced).append(el("label", { class: name }, caption, inputs[name], errors[name]));
	}

	/** Show values in the form. @param {Values} some */
	function fill(some) {
		for (const [name, input] of Object.entries(inputs)) input.value = String(some[name] ?? "");
		read();
	}

	/** Show other values than the visitor's until `giveBack`. @param {Partial<Values>} some @returns all of them */
	function borrow(some) {
		const own = values;
		fill(/** @type {Values} */ ({ ...own, ...some }));
		borrowed = { own, shown: values };
		return values;
	}

	/** Show the visitor's values again, unless others were chosen meanwhile. */
	function giveBack() {
		if (borrowed && borrowed.shown === values) fill(borrowed.own);
		borrowed = null;
	}

	/** Take the values over from the form; the server says what is wrong with one that is none. */
	function read() {
		for (const { name, bounds } of form.fields) {
			const { value } = inputs[name];
			values = { ...values, [name]: !bounds ? value : value === "" ? null : Number(value) };
		}
		count.textContent = String(values.epochs);
		const same = form.presets.find((one) =>
			Object.entries(one.values).every(([name, value]) => values[name] === value),
		);
		preset.value = same?.name ?? CUSTOM;
		keep(values);
		clearTimeout(pause);
		pause = setTimeout(refresh, PAUSE);
	}

	function choosePreset() {
		fill({ ...values, ...form.presets.find(({ name }) => name === preset.value)?.values });
	}

	/** Another optimizer brings what goes well with it. */
	function chooseOptimizer() {
		const optimizer = inputs.optimizer.value;
		fill({ ...values, optimizer, ...form.usual[optimizer] });
	}

	const refresh = latest(async () => {
		const asked = values;
		const answer = await ask(estimate, asked);
		if (asked !== values || answer.again) return;
		const atField = showError(answer.error ?? null);
		time.textContent = atField && !advanced.hidden ? "" : render(answer.error ?? answer.message);
		time.classList.toggle("wrong", Boolean(answer.error));
	});

	/** Say at a field what is wrong with it. @param {Message | null} error @returns whether it is about a field */
	function showError(error) {
		const about = /** @type {Message | undefined} */ (error?.values?.field);
		const name = about?.key?.split(".")[1] ?? "";
		for (const { name: one } of form.fields) {
			errors[one].textContent = one === name ? render(error) : "";
			inputs[one].setAttribute("aria-invalid", String(one === name));
		}
		return name in inputs;
	}

	/** Open the settings at the field that an error is about, if it is about one. @param {Message} error */
	function refuse(error) {
		if (!showError(error)) return;
		toggle(true);
		Object.values(inputs)
			.find((input) => input.getAttribute("aria-invalid") === "true")
			?.focus();
	}

	/** @param {boolean} open */
	function toggle(open) {
		advanced.hidden = !open;
		opener.setAttribute("aria-expanded", String(open));
		toggled(open);
	}

	/** @param {KeyboardEvent} event */
	function closeOnEscape(event) {
		if (event.key !== "Escape" || advanced.hidden) return;
		toggle(false);
		opener.focus();
		event.preventDefault(); // else it would be the pad's
	}

	for (const box of /** @type {HTMLElement[]} */ ([advanced, opener])) box.addEventListener("keydown", closeOnEscape);
	const caption = el("span", { class: "caption" }, t("form.preset"), help("preset", t("form.preset")));
	advanced.append(el("div", { class: "preset" }, caption, preset));
	form.fields.forEach(build);
	fill(values);
	const close = () => toggle(false);
	return { basic, advanced, opener, time, values: () => values, borrow, giveBack, refresh, refuse, close };
}

/** @param {string} value @param {string} text @returns {[string, string]} */
const pair = (value, text) => [value, text];

/** @param {string} field @param {string} choice */
function choiceText(field, choice) {
	if (field === "network") return t("form.network.choice", { network: choice, title: t(`network.${choice}.title`) });
	if (field === "optimizer") return t(`optimizer.${choice}`);
	if (field === "schedule") return t(`schedule.${choice}`);
	return t(`form.${field}.${choice}`);
}

/** @param {Values} values */
function keep(values) {
	try {
		sessionStorage.setItem(KEPT, JSON.stringify(values));
	} catch {} // a forbidden storage only means that a reload forgets
}

/** What was kept, as far as the form has such fields and choices. @param {Field[]} fields @returns {Values} */
function recall(fields) {
	try {
		const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "{}");
		const fits = fields.filter(({ name, choices, bounds }) =>
			bounds ? typeof kept?.[name] === "number" : choices.includes(kept?.[name]),
		);
		return Object.fromEntries(fits.map(({ name }) => [name, kept[name]]));
	} catch {
		return {};
	}
}
