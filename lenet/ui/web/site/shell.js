// The page without a server, in place of Gradio: its tabs, its theme, and what holds its parts.
import { el } from "../dom.js";
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

/** Build parts in their places, which they take. @param {NodeListOf<HTMLElement>} places */
function build(places) {
	return Promise.all(
		[...places].map((place) => {
			const name = String(place.dataset.part);
			/** @type {Host} */
			const host = { props: site.parts[name] ?? {}, server, watch() {}, trigger() {} };
			const own = el("div");
			place.replaceWith(el("div", { class: `block of-${name}` }, el("div", { class: "html-container" }, own)));
			return mount(name, own, host); // within the boxes that Gradio makes, which the style sheets know
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
		if (each === tab) build(panel.querySelectorAll("[data-part]"));
	}
}

showTheme();
await build(document.querySelectorAll('[data-part="header"]')); // the tabs stand beside it
const tabs = [...document.querySelectorAll('[role="tab"]')];
for (const tab of tabs) tab.addEventListener("click", () => open(tab, tabs));
open(tabs[0], tabs);
