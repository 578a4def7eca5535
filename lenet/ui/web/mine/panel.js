// My digits in the training card: the shelf, what can be done with it, and what came of it.
import { button, el, offer } from "../dom.js";
import { get, set, subscribe } from "../store.js";
import { heading } from "../help.js";
import { render, t } from "../texts.js";
import { collect } from "./collect.js";
import { importFiles, writeFile } from "./files.js";
import { canUndoShelf, clearShelf, hands, undoShelf } from "./shelf.js";
import { changesTable, collectedTable } from "./tables.js";
import { colourOf, makeThumbnails } from "./thumbnails.js";

/** @typedef {import("../types").Change} Change */
/** @typedef {import("../types").Message} Message */

const NAMED = "lenet.name"; // in localStorage
const LEAST = 2; // digits that can be taught: lenet/training/teach.py

/**
 * The parts of a card that shows my digits in the place of something else, whenever the store's "panel" says so.
 * @param {(() => void) | null} teaches where there is a server that can
 */
export function makePanel(teaches) {
	const emptyText = t(teaches ? "mine.empty" : "mine.empty.site");
	const noticeText = t(teaches ? "mine.notice" : "mine.notice.site");
	let busy = false; // with a training
	const turn = button("", () => set("panel", get("panel") === "mine" ? "train" : "mine"), {
		class: "button small turn",
	});
	const teach = button(t("mine.teach"), begin, { class: "button primary of-mine" });
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
	const collecting = button(t("collect.start"), start, { class: "button of-mine" });
	const exporting = button(t("mine.export"), () => offer(t("mine.file"), writeFile(name.value)), {
		class: "button of-mine",
	});
	const importing = button(t("mine.import"), () => input.click(), { class: "button of-mine" });
	const undoing = button(t("mine.undo"), undoShelf, { class: "button of-mine" });
	const clearing = button(t("mine.clear"), clearShelf, { class: "button of-mine" });
	const told = el("div", { class: "told", role: "status" });
	const trouble = el("p", { class: "trouble", role: "status" });
	const found = el("div", { class: "found" });
	const whose = el("p", { class: "whose" });
	const empty = el("p", { class: "empty" }, emptyText);
	const thumbnails = makeThumbnails();
	const inner = el("div", { class: "inner" }, found, told, trouble, empty, whose, thumbnails.element);
	const notice = el("div", { class: "notice" }, el("p", {}, noticeText), name);
	const element = el(
		"div",
		{ class: "mine-panel", id: "my-digits" },
		el("div", { class: "window" }, inner),
		notice,
		input,
	);

	function begin() {
		told.replaceChildren(); // what was told before is over
		teaches?.();
	}

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

	function showCount() {
		const count = get("mine").length;
		turn.textContent = get("panel") === "mine" ? t("mine.close") : t("mine.open", { count });
		teach.disabled = busy || count < LEAST;
		teach.title = busy ? t("mine.busy") : count < LEAST ? t("mine.few", { least: LEAST }) : "";
	}

	/** @param {boolean} training whether something is trained now */
	function showBusy(training) {
		busy = training;
		showCount();
	}

	/** @param {Change[]} changes what a teaching changed */
	function showChanges(changes) {
		found.replaceChildren(...(changes.length ? [changesTable(changes)] : []));
	}

	/** Once it is on the page. @param {HTMLElement} card */
	function mounted(card) {
		subscribe(element, "panel", (panel) => {
			card.classList.toggle("mine", panel === "mine");
			showCount();
		});
		subscribe(element, "mine", () => {
			told.replaceChildren(); // it was about the shelf of before
			showShelf();
			showCount();
		});
		subscribe(element, "collecting", (now) => (collecting.disabled = now !== null));
		subscribe(
			element,
			"shelf",
			(state) => (trouble.textContent = state === "kept" ? "" : t(`mine.shelf.${state}`)),
		);
	}

	return {
		element,
		title: [el("div", { class: "of-mine" }, heading("h2", t("mine.heading"), "mine")), turn],
		teach,
		buttons: [collecting, importing, exporting, undoing, clearing],
		mounted,
		showBusy,
		showChanges,
	};
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
