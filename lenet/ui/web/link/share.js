// The group "Share": a link to what the page shows, a frame for other pages, a picture, and the whole screen.
import { button, el, listenWhile, offer } from "../dom.js";
import { standAt } from "../popover.js";
import { get, subscribe } from "../store.js";
import { render, t } from "../texts.js";
import { embedCode } from "./embed.js";
import { toLink } from "./link.js";
import { picture } from "./picture.js";
import { present } from "./present.js";

/** @typedef {import("../types").Message} Message */

/**
 * The button that opens it, the group, and what to call once both are on the page.
 * @returns {[opener: HTMLElement, group: HTMLElement, begin: () => void]}
 */
export function makeShare() {
	const opener = el("button", { type: "button", class: "link share", popovertarget: "share" }, t("share.open"));
	const notes = el("div", { class: "notes" });
	const status = el("p", { role: "status" });
	const field = el("input", { type: "text", readonly: true, hidden: true });
	const link = () => toLink(present().state, location.href);
	const copies = button(t("share.link"), () => copy(link(), "link"), { class: "button primary" });
	const embeds = button(t("share.embed"), () => copy(embedCode(), "embed"));
	const saves = button(t("share.picture"), save);
	const fills = button(t("share.full_screen"), fill, { hidden: !document.fullscreenEnabled });
	const group = el(
		"div",
		{
			id: "share",
			class: "share",
			popover: "auto",
			role: "group",
			"aria-label": t("share.heading"),
			toggle: toggled,
		},
		el("div", { class: "actions" }, copies, embeds, saves, fills),
		status,
		field,
		notes,
	);

	/** Say what the link will not tell, whenever the group is opened. @param {ToggleEvent} event */
	function toggled({ newState }) {
		if (newState === "closed") return;
		copies.focus();
		status.textContent = "";
		field.hidden = true;
		notes.replaceChildren(...present().notes.map((note) => el("p", {}, render(note))));
	}

	/**
	 * Copy a text; where the clipboard is forbidden, it stands there to be copied by hand.
	 * @param {string} text @param {"link" | "embed"} what
	 */
	async function copy(text, what) {
		field.hidden = true;
		try {
			await navigator.clipboard.writeText(text);
			status.textContent = t(`share.${what}.copied`);
		} catch {
			status.textContent = t("share.by_hand");
			field.setAttribute("aria-label", t(`share.${what}.text`));
			field.value = text;
			field.hidden = false;
			field.focus();
			field.select();
		}
	}

	async function save() {
		const { answer } = get("reading");
		if (!answer) return;
		offer(`lenet-${answer.digit}.png`, await picture(group, answer));
		status.textContent = t("share.picture.saved");
	}

	async function fill() {
		try {
			await (document.fullscreenElement
				? document.exitFullscreen()
				: document.documentElement.requestFullscreen());
		} catch {
			status.textContent = t("share.full_screen.refused");
		}
	}

	function showFill() {
		fills.setAttribute("aria-pressed", String(document.fullscreenElement !== null));
	}

	function begin() {
		subscribe(group, "reading", ({ answer }) => (saves.disabled = !answer));
		listenWhile(group, document, "fullscreenchange", showFill);
		showFill();
	}

	standAt(group, opener);
	return [opener, group, begin];
}
