// Models of the Hugging Face Hub: a small form that opens one, and those that were opened here.
import { ask } from "./ask.js";
import { el } from "./dom.js";
import { know } from "./models.js";
import { standAt } from "./popover.js";
import { get, listen, set } from "./store.js";
import { render, t } from "./texts.js";

/** @typedef {import("./types").Host} Host */
/** @typedef {import("./types").Model} Model */

const PREFIX = "hf:"; // of their titles, and of the name to ask with
const PAGE = /^(https:\/\/huggingface\.co\/|hf:)/; // of what may be pasted before USER/NAME

/**
 * A form that asks for USER/NAME, out of sight until it is opened.
 * @param {Host} host whose server function `load` fetches a model @param {HTMLElement} opener where it stands then
 * @param {(id: string) => void} choose
 */
export function hubForm(host, opener, choose) {
	const input = el("input", {
		...{ type: "text", id: "hub-name", maxlength: 200, required: true, autofocus: true },
		...{ placeholder: t("hub.open.example"), autocomplete: "off", autocapitalize: "none", spellcheck: "false" },
	});
	const open = el("button", { type: "submit", class: "button primary" }, t("hub.open.go"));
	const status = el("p", { role: "status" });
	const form = el(
		"form",
		{ popover: "auto", class: "hub-form", submit: submitted },
		el("label", { for: input.id }, t("hub.open.label")),
		el("div", {}, input, open),
		status,
	);

	/** @param {Event} event */
	async function submitted(event) {
		event.preventDefault();
		if (open.disabled) return;
		open.disabled = true;
		status.textContent = t("hub.open.wait");
		const answer = await ask(host.server.load, { model: PREFIX + input.value.trim().replace(PAGE, "") });
		open.disabled = false;
		status.textContent = render(answer.error);
		if (answer.error || !form.matches(":popover-open")) return; // whoever closed it wants no other model
		know([answer.about]);
		form.hidePopover();
		choose(answer.about.id);
	}

	standAt(form, opener);
	return form;
}

/** Note what reads, if it is of the Hub. @param {Model | null} about */
function note(about) {
	if (!about?.title.startsWith(PREFIX) || get("runs").includes(about.id)) return;
	if (!get("hub").some(([id]) => id === about.id)) set("hub", [...get("hub"), [about.id, about.title]]);
}

listen("about", note);
