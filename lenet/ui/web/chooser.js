// The menu of models that can read: the pretrained networks, and this browser's own runs or those of the page,
// and those of the Hub that were opened.
import { el, menu, options } from "./dom.js";
import { modelName, runName } from "./model.js";
import { get, subscribe } from "./store.js";
import { t } from "./texts.js";

const ASK = "hf:"; // value of the choice that asks for a name

/**
 * A labelled menu that shows the model that reads, and hears which other one is chosen. Subscribes once it is on the
 * page: call what it returns second then.
 * @param {string[]} networks with pretrained weights
 * @param {[key: string, name: string][] | undefined} bundled runs that came with the page, in place of one's own
 * @param {(id: string) => void} choose
 * @param {((menu: HTMLElement) => void) | undefined} fromHub asks for a model of the Hub, where there is a server
 * @returns {[label: HTMLElement, begin: () => void]}
 */
export function makeChooser(networks, bundled, choose, fromHub) {
	const pretrained = networks.map((network) => /** @type {[string, string]} */ ([network, network]));
	const runs = el("optgroup", { label: t(bundled ? "bars.model.bundled" : "bars.model.runs") });
	const hub = el("optgroup", { label: t("bars.model.hub") });
	const other = el("option", { hidden: true }); // in no group: it is an epoch of a run, or in training
	const ask = el("option", { value: ASK, hidden: !fromHub }, t("hub.open"));
	const select = menu(t("bars.model"), [], { change: chosen });
	select.append(el("optgroup", { label: t("bars.model.pretrained") }, ...options(pretrained)), runs, hub, other, ask);
	/** @type {Map<string, string>} */ const names = new Map(); // of runs, by key

	function chosen() {
		if (select.value !== ASK) return choose(select.value);
		showModel(); // it reads on
		fromHub?.(select);
	}

	/** @returns {[key: string, name: string][]} */
	const known = () => bundled ?? get("runs").map((key) => [key, names.get(key) ?? runName(key)]);

	function showRuns() {
		runs.replaceChildren(...options(known()));
		runs.hidden = known().length === 0;
		hub.replaceChildren(...options(get("hub")));
		hub.hidden = get("hub").length === 0;
		showModel();
	}

	function showModel() {
		const id = get("model");
		other.value = networks.includes(id) || [...known(), ...get("hub")].some(([key]) => key === id) ? "" : id;
		other.disabled = !other.value;
		const about = get("about");
		if (other.value && about?.id === id) other.textContent = modelName(about);
		else if (other.value) other.textContent = t(id.startsWith("live:") ? "model.training" : "model.loading");
		select.value = id;
	}

	function begin() {
		for (const key of /** @type {const} */ (["runs", "hub"])) subscribe(select, key, showRuns);
		subscribe(select, "model", showModel);
		subscribe(select, "about", (about) => {
			if (!about) return;
			const isRun = about.run !== "" && about.epoch === null;
			if (isRun) names.set(about.id, modelName(about));
			isRun ? showRuns() : showModel();
		});
	}
	return [el("label", { class: "chooser" }, el("span", {}, t("bars.model")), select), begin];
}
