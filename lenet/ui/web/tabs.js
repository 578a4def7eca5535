// Gradio's tabs: which one is open, and the keys that Gradio leaves out.
import { set } from "./store.js";
import { t } from "./texts.js";

const BUTTONS = '#tabs > .tab-wrapper button[role="tab"]';

/** All tabs that can be pressed, in their order. @returns {HTMLButtonElement[]} */
function tabs() {
	return [...document.querySelectorAll(BUTTONS)].map((tab) => /** @type {HTMLButtonElement} */ (tab));
}

/** Open a tab by its id: draw, testset, compare, networks, runs. @param {string} id @returns whether there is one */
export function openTab(id) {
	const tab = document.getElementById(`${id}-button`); // Gradio's
	tab?.click();
	return tab !== null;
}

/** The tab that a key leads to. @param {KeyboardEvent} event */
function move(event) {
	const all = tabs();
	const here = all.indexOf(/** @type {HTMLButtonElement} */ (event.target));
	if (here < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
	const to = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: -1 }[event.key];
	if (to === undefined) return;
	event.preventDefault();
	const tab = /** @type {HTMLButtonElement} */ (all.at(to % all.length));
	tab.focus();
	tab.click();
}

/**
 * Tell the store which tab is open, leave one tab stop in the row, and name what each tab opens after it, and the
 * button that holds what finds no room.
 */
function note() {
	document.querySelector("#tabs .overflow-menu > button")?.setAttribute("aria-label", t("page.more"));
	for (const tab of tabs()) {
		const open = tab.getAttribute("aria-selected") === "true";
		tab.tabIndex = open ? 0 : -1;
		if (open) set("tab", tab.id.replace(/-button$/, ""));
		document.getElementById(tab.getAttribute("aria-controls") ?? "")?.setAttribute("aria-labelledby", tab.id);
	}
}

/** Begin, once Gradio's tabs are there. */
export function watchTabs() {
	document.addEventListener("keydown", move);
	const changes = new MutationObserver(note);
	changes.observe(document.body, { subtree: true, childList: true, attributeFilter: ["aria-selected"] });
	note();
	const named = `${location.hash.slice(1)}-button`; // as where signing in leads back to
	tabs()
		.find(({ id }) => id === named)
		?.click();
}
