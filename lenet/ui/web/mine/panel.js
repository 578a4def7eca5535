// My digits in the training card: the shelf, what can be done with it, and what came of it.
import { button, el, offer } from "../dom.js";
import { get, set, subscribe } from "../store.js";
import { render, t } from "../texts.js";
import { collect } from "./collect.js";
import { importFiles, writeFile } from "./files.js";
import { canUndoShelf, clearShelf, hands, undoShelf } from "./shelf.js";
import { changesTable, collectedTable } from "./tables.js";
import { colourOf, makeThumbnails } from "./thumbnails.js";

/** @typedef {import("../types").Change} Change */
/** @typedef {import("../types").Message} Message */

const NAMED = "lenet.name"; // in localStorage
const FILE = "my-digits.jsonl";
const SMALL = { class: "button plain" };

/** Buttons, and what stands below them; `begin` once they are on the page. */
export function makePanel() {
	const input = el("input", { type: "file", accept: ".jsonl", multiple: true, hidden: true, change: take });
	input.setAttribute("aria-label", t("mine.import.label"));
	const name = el("input", {
		type: "text",
		maxlength: 40,
		class: "name",
		"aria-label": t("mine.name"),
		input: keepName,
	});
	name.placeholder = t("mine.name");
	name.value = recallName();
	const collecting = button(t("collect.start"), start, SMALL);
	const exporting = button(t("mine.export"), () => offer(FILE, writeFile(name.value)), SMALL);
	const importing = button(t("mine.import"), () => input.click(), SMALL);
	const undoing = button(t("mine.undo"), undoShelf, SMALL);
	const clearing = button(t("mine.clear"), clearShelf, SMALL);
	const told = el("div", { class: "told", role: "status" });
	const trouble = el("p", { class: "trouble", role: "status" });
	const found = el("div", { class: "found" });
	const whose = el("p", { class: "whose" });
	const empty = el("p", { class: "empty" }, t("mine.empty"));
	const thumbnails = makeThumbnails();
	const notice = el("p", { class: "notice" }, t("mine.notice"), " ", name);
	const inner = el("div", { class: "inner" }, found, told, trouble, empty, whose, thumbnails.element, notice);
	const element = el("div", { class: "mine-panel", id: "my-digits" }, inner, input);

	function start() {
		found.replaceChildren();
		collect((collected) => {
			set("panel", "mine");
			found.replaceChildren(collected.length ? collectedTable(collected) : "");
			element.scrollIntoView({ block: "nearest" });
		});
		document.querySelector(".part.pad")?.scrollIntoView({ block: "nearest" });
	}

	async function take() {
		const messages = await importFiles([...(input.files ?? [])]);
		input.value = ""; // the same file may come again
		told.replaceChildren(...messages.map((message) => el("p", {}, render(message))));
	}

	function keepName() {
		try {
			localStorage.setItem(NAMED, name.value);
		} catch {} // a forbidden storage only means that it is to be typed again
	}

	function showShelf() {
		const count = get("mine").length;
		const names = hands();
		empty.hidden = count > 0;
		exporting.disabled = clearing.disabled = count === 0;
		undoing.disabled = !canUndoShelf();
		whose.hidden = names.length < 2;
		whose.replaceChildren(...names.map(chip));
		thumbnails.show();
	}

	/** @param {Change[]} changes what a teaching changed */
	function showChanges(changes) {
		found.replaceChildren(...(changes.length ? [changesTable(changes)] : []));
	}

	function begin() {
		subscribe(element, "mine", showShelf);
		subscribe(element, "collecting", (now) => (collecting.disabled = now !== null));
		subscribe(
			element,
			"shelf",
			(state) => (trouble.textContent = state === "kept" ? "" : t(`mine.shelf.${state}`)),
		);
	}

	return { element, buttons: [collecting, importing, exporting, undoing, clearing], begin, showChanges };
}

/** A hand's colour, name and number of digits. @param {string} name */
function chip(name) {
	const count = get("mine").filter((digit) => digit.name === name).length;
	if (!count) return "";
	const style = `--hand: var(--hand-${colourOf(name)})`;
	return el("span", { class: "hand", style }, t(name ? "mine.hand" : "mine.hand.own", { name, count }));
}

/** @returns {string} */
function recallName() {
	try {
		return localStorage.getItem(NAMED) ?? "";
	} catch {
		return "";
	}
}
