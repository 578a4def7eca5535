// The page without a server, in place of Gradio: its tabs, its theme, and what holds its parts.
import { mount } from "../host.js";
import { server, site } from "./server.js";

/** @typedef {import("../types").Host} Host */

const THEMES = ["light", "dark"];

/** Mark the body as dark where the address or the system wants that. */
function showTheme() {
	const theme = new URLSearchParams(location.search).get("__theme") ?? "";
	const system = matchMedia("(prefers-color-scheme: dark)");
	const mark = () =>
		document.body.classList.toggle("dark", THEMES.includes(theme) ? theme === "dark" : system.matches);
	system.addEventListener("change", mark);
	mark();
}

/** Build the parts within an element, those that are not built yet. @param {Element} element */
function build(element) {
	const places = /** @type {NodeListOf<HTMLElement>} */ (element.querySelectorAll("[data-part]"));
	return Promise.all(
		[...places].map((place) => {
			const name = String(place.dataset.part);
			delete place.dataset.part;
			/** @type {Host} */
			const host = { props: site.parts[name] ?? {}, server, watch() {}, trigger() {} };
			return mount(name, place, host);
		}),
	);
}

/** Open a tab, and build what is on it. @param {Element} tab @param {Element[]} tabs all of them */
function open(tab, tabs) {
	for (const each of tabs) {
		const panel = /** @type {HTMLElement} */ (document.getElementById(String(each.getAttribute("aria-controls"))));
		each.classList.toggle("selected", each === tab);
		each.setAttribute("aria-selected", String(each === tab));
		panel.hidden = each !== tab;
		if (each === tab) build(panel);
	}
}

showTheme();
await build(/** @type {Element} */ (document.querySelector(".of-header"))); // the tabs stand beside it
const tabs = [...document.querySelectorAll('[role="tab"]')];
for (const tab of tabs) tab.addEventListener("click", () => open(tab, tabs));
open(tabs[0], tabs);
