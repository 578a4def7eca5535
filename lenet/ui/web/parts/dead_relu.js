// Two trainings side by side, with a ReLU on the output layer and without it: how well each digit is recognised.
import { button, el } from "../dom.js";
import { heading } from "../help.js";
import { set } from "../store.js";
import { percent, render, t } from "../texts.js";

/** @typedef {import("../types").Host} Host */
/** @typedef {import("../types").Message} Message */
/**
 * A network after an epoch of its training, 0 before the first: recall by digit.
 * @typedef {{network: string, recall: number[], accuracy: number | null, epoch: number}} Row
 * @typedef {{message: Message, running: boolean, rows: Row[], token: string}} View
 */

const SILENCE = 15000; // milliseconds without a word, after which the server is taken to be gone

/** @param {HTMLElement} element @param {Host} host its value is a View; `time` says how long both take */
export function mount(element, host) {
	let asked = false; // something that the server has not answered yet
	let lost = false;
	/** @type {ReturnType<typeof setTimeout> | undefined} */ let silence;

	const train = button(t("dead_relu.train", { time: host.props.time }), () => raise("start", {}));
	const stop = button(t("dead_relu.stop"), () => raise("stop", { token: host.props.value.token }));
	const status = el("p", { class: "status", role: "status" });
	const rows = el("div", { class: "rows" });
	const actions = el("div", { class: "actions" }, train, stop);
	element.append(heading("h2", t("dead_relu.heading"), "dead_relu"), status, rows, actions);

	/** @param {string} event @param {object} data */
	function raise(event, data) {
		[asked, lost] = [true, false];
		host.trigger(event, data);
		show();
	}

	function show() {
		const { message, running, rows: networks } = /** @type {View} */ (host.props.value);
		const working = (running || asked) && !lost;
		status.textContent = lost ? t("dead_relu.lost") : asked && !running ? t("dead_relu.asked") : render(message);
		train.disabled = working;
		stop.disabled = !working || asked;
		set("pair", working);
		element.setAttribute("aria-busy", String(working));
		rows.replaceChildren(...networks.map(row));
		clearTimeout(silence);
		if (!working) return;
		silence = setTimeout(() => {
			[asked, lost] = [false, true];
			show();
		}, SILENCE);
	}

	host.watch("value", () => {
		[asked, lost] = [false, false];
		show();
	});
	show();
}

/** @param {Row} row */
function row({ network, recall, accuracy, epoch }) {
	const name = t(`dead_relu.network.${network}`);
	const dead = epoch > 0 ? recall.flatMap((share, digit) => (share === 0 ? [String(digit)] : [])) : [];
	const told = epoch === 0 ? t("dead_relu.row.untrained") : t("dead_relu.row", { epoch, accuracy: Number(accuracy) });
	const words = dead.length
		? t("dead_relu.dead", { count: dead.length, classes: dead })
		: epoch > 0
			? t("dead_relu.alive")
			: "";
	return el(
		"section",
		{},
		el("h3", {}, name),
		el("p", { class: "told" }, told),
		el("div", { class: "bars" }, ...recall.map((share, digit) => bar(name, digit, share, epoch > 0))),
		el("p", { class: dead.length ? "words dead" : "words" }, words),
	);
}

/** @param {string} network @param {number} digit @param {number} share @param {boolean} known */
function bar(network, digit, share, known) {
	const meter = {
		class: known && share === 0 ? "bar dead" : "bar",
		role: "meter",
		"aria-label": t("dead_relu.recall", { network, digit }),
		"aria-valuemin": 0,
		"aria-valuemax": 100,
		"aria-valuenow": (100 * share).toFixed(1),
		style: `--share: ${share}`,
	};
	const figure = el("span", { class: "figure" }, known ? percent(share, 0) : "");
	return el(
		"div",
		meter,
		figure,
		el("div", { class: "track" }, el("div", { class: "fill" })),
		el("b", {}, String(digit)),
	);
}
