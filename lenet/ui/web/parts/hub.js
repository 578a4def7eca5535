// Saving a run on the Hugging Face Hub, for who is signed in there.
import { button, el, menu, onVisible, options } from "../dom.js";
import { heading } from "../help.js";
import { runChoices } from "../run_menu.js";
import { get, subscribe } from "../store.js";
import { pieces, render, t } from "../texts.js";

/** @typedef {import("../types").Host} Host */
/** @typedef {{user: string, message: import("../types").Message | null, failed: boolean, saving: boolean,
 *   address: string}} View */

/** @param {HTMLElement} element @param {Host} host raises "who" and "save", and hears a View as its value */
export function mount(element, host) {
	let visible = false;
	const user = el("b");
	const runs = menu(t("hub.run"), []);
	const name = el("input", {
		type: "text",
		maxlength: 200,
		required: true,
		autocomplete: "off",
		spellcheck: "false",
	});
	name.setAttribute("aria-label", t("hub.repository"));
	const secret = el("input", { type: "checkbox" });
	const go = el("button", { type: "submit", class: "button primary" }, t("hub.save"));
	const status = el("p", { class: "notice", role: "status" });
	const signIn = el("a", { class: "button", href: leadingBack("login/huggingface") }, t("hub.sign_in"));
	const out = el("a", { href: leadingBack("logout") }, t("hub.sign_out"));
	const signedIn = el("p", { class: "user" }, el("span", {}, ...pieces("hub.user", { user })), out);
	const form = el(
		"form",
		{ submit },
		el("label", {}, el("span", {}, t("hub.run")), runs),
		el("label", {}, el("span", {}, t("hub.repository")), name),
		el("label", { class: "private" }, secret, t("hub.private")),
		go,
	);
	const none = el("p", { class: "none" }, t("hub.no_runs"));
	element.append(heading("h2", t("hub.heading"), "hub"), signIn, signedIn, none, form, status);
	for (const part of [signIn, signedIn, none, form]) part.hidden = true;

	/** @param {Event} event */
	function submit(event) {
		event.preventDefault();
		if (go.disabled) return;
		go.disabled = true;
		host.trigger("save", { key: runs.value, repository: name.value.trim(), private: secret.checked });
	}

	function show() {
		/** @type {View | null} */ const view = host.props.value;
		if (!view) return;
		const empty = runs.options.length === 0;
		signIn.hidden = view.user !== "";
		signedIn.hidden = view.user === "";
		none.hidden = view.user === "" || !empty;
		form.hidden = view.user === "" || empty;
		user.textContent = view.user;
		if (!name.value && view.user) name.value = `${view.user}/lenet`;
		go.disabled = view.saving;
		status.classList.toggle("error", view.failed);
		const words = view.saving ? t("hub.saving") : render(view.message);
		status.replaceChildren(words);
		if (view.address) status.append(" ", el("a", { href: view.address, target: "_blank" }, view.address));
	}

	async function list() {
		const chosen = runs.value;
		runs.replaceChildren(...options((await runChoices(host.server.manage)) ?? []));
		if ([...runs.options].some(({ value }) => value === chosen)) runs.value = chosen;
		show();
	}

	host.watch("value", show);
	subscribe(element, "runs", () => visible && list());
	onVisible(element, (now) => {
		visible = now;
		if (!now) return;
		list();
		if (!host.props.value) host.trigger("who");
	});
}

/** An address of the server that leads back to this tab. @param {string} path */
function leadingBack(path) {
	return `${path}?${new URLSearchParams({ _target_url: `${location.pathname}${location.search}#runs` })}`;
}
