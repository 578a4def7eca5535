// What the pad asks for while digits are collected: it lies over the sheet and lets the pen through; its buttons stand
// in the place of the pad's own.
import { button, el } from "../dom.js";
import { subscribe } from "../store.js";
import { t } from "../texts.js";
import { endCollecting, takeBack } from "./collect.js";

/**
 * The prompt, its buttons, and what to call once they are on the page.
 * @returns {[prompt: HTMLElement, buttons: HTMLElement, begin: () => void]}
 */
export function makePrompt() {
	const wanted = el("b", { role: "status" });
	const progress = el("progress", { "aria-label": t("collect.progress"), value: 0, max: 1 });
	const back = button(t("collect.back"), takeBack);
	const end = button(t("collect.end"), endCollecting);
	const element = el("div", { class: "prompt", hidden: true }, wanted, progress);
	const buttons = el("div", { class: "tools collect", hidden: true }, back, end);

	function begin() {
		subscribe(element, "collecting", (now) => {
			element.hidden = buttons.hidden = !now;
			if (!now) return;
			wanted.textContent = t("collect.wanted", { digit: now.wanted, number: now.done + 1, total: now.total });
			progress.value = now.done;
			progress.max = now.total;
			back.disabled = now.done === 0;
		});
	}
	return [element, buttons, begin];
}
