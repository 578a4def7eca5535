// Where training can be had, on a page without a server: it stands in the place of the training.
import { el } from "../dom.js";
import { heading } from "../help.js";
import { makeLearning } from "../learning/panel.js";
import { makePanel } from "../mine/panel.js";
import { pieces, t } from "../texts.js";

/**
 * @param {HTMLElement} element @param {import("../types").Host} host its value: the `command` that starts the page
 * with a server, and the address of its `source`
 */
export function mount(element, host) {
	const { source, command } = host.props.value;
	const link = el("a", { href: source, target: "_blank", rel: "noopener" }, t("elsewhere.source"));
	const panel = makePanel(null);
	const learning = makeLearning();
	element.append(
		el("h2", {}, t("training.heading")),
		el("p", {}, t("elsewhere.why")),
		el("pre", {}, el("code", {}, command)),
		el("p", {}, ...pieces("common.sentences", { first: t("elsewhere.where"), second: link })),
		el("p", { class: "soft" }, t("elsewhere.more")),
		heading("h2", t("mine.heading"), "mine.elsewhere"),
		el("div", { class: "actions" }, ...panel.buttons),
		panel.element,
		learning.title[0],
		learning.element,
	);
	panel.mounted(element);
	learning.mounted(element);
}
