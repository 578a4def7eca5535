// What Gradio's js_on_load imports: it puts a part of parts/ into the element of a gr.HTML component.
import { busy, button, el } from "./dom.js";
import { watchTabs } from "./tabs.js";
import { t, tag } from "./texts.js";
import { isShown } from "./view.js";

/** @typedef {import("./types").Host} Host */

/**
 * Build a part within Gradio's element, whose own class and id Gradio may change. Gradio leaves what is within alone,
 * because the component's template is empty and stays so.
 * @param {string} name of the part: parts/NAME.js @param {HTMLElement} element @param {Host} host
 */
export async function mount(name, element, host) {
	if (!isShown(name)) return;
	const own = el("div", { class: `part ${name}` });
	element.append(own);
	busy(own, true);
	const [part] = await Promise.all([import(`./parts/${name}.js`).catch(console.error), styles()]);
	if (part) part.mount(own, host);
	else own.append(...missing());
	busy(own, false);
	settle();
}

/** What stands in a part whose script did not come: browsers ask for a module no second time before a reload. */
const missing = () => [el("p", {}, t("part.missing")), button(t("part.reload"), () => location.reload())];

/** Link the styles, unless the page came with them, and wait for them. @returns {Promise<void>} */
function styles() {
	const href = new URL("styles.css", import.meta.url).href;
	const linked = /** @type {NodeListOf<HTMLLinkElement>} */ (document.querySelectorAll("link[rel=stylesheet]"));
	if ([...linked].some((link) => link.href === href)) return Promise.resolve();
	return new Promise((resolve) => {
		const done = () => resolve();
		document.head.append(el("link", { rel: "stylesheet", href, load: done, error: done }));
	});
}

/** Once: take away what stood there before Gradio, and keep the language that the texts are in. */
let settled = false;
function settle() {
	if (settled) return;
	settled = true;
	const root = document.documentElement;
	document.getElementById("first-paint")?.remove();
	root.classList.remove("dark"); // Gradio has marked the body by now
	const keep = () => root.lang !== tag && (root.lang = tag); // Gradio sets the browser's
	new MutationObserver(keep).observe(root, { attributeFilter: ["lang"] });
	keep();
	watchTabs();
}
