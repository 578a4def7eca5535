/**
 * Ten probabilities in fixed order, the answer in large, and who gave it; after a training, beside those of before.
 * @param {HTMLElement} element
 * @param {{value: {model: string}, networks: string[]}} props the shipped network to go back to, and all that can read
 */
function bars(element, props) {
	const QUIET = 700; // milliseconds without a change before the answer is spoken, so that it does not chatter

	const rows = [...Array(10).keys()].map((digit) => {
		const row = make("div", { class: "bar", role: "meter", "aria-label": `Probability of ${digit}` });
		row.setAttribute("aria-valuemin", "0");
		row.setAttribute("aria-valuemax", "100");
		const track = make("div", { class: "track" });
		track.append(make("div", { class: "fill" }));
		const old = make("div", {
			class: "old",
			role: "meter",
			"aria-label": `Probability of ${digit} before`,
			"aria-valuemin": "0",
			"aria-valuemax": "100",
		});
		old.append(make("div", { class: "fill" }));
		row.append(old, make("span", { class: "name" }, String(digit)), track, make("span", { class: "value" }));
		find(element, ".bars").append(row);
		return row;
	});
	const NOTICE = 8000; // milliseconds that a word on something refused stays
	/** @type {ReturnType<typeof setTimeout> | undefined} */ let noticed;
	const live = find(element, ".answer");
	const sure = /** @type {HTMLInputElement} */ (find(element, ".sure input"));
	const networks = /** @type {HTMLSelectElement} */ (find(element, ".networks"));
	/** @type {Answer | null} */ let last = null;
	let chosen = false; // how sure it must be; else each network has a measure of its own
	let models = { before: "", after: "" }; // of a training, to compare
	/** @type {ReturnType<typeof setTimeout> | undefined} */ let quiet;

	/** @param {number[] | null} probabilities */
	function fill(probabilities) {
		rows.forEach((row, digit) => {
			const share = probabilities ? probabilities[digit] : 0;
			row.style.setProperty("--share", String(share));
			row.setAttribute("aria-valuenow", (100 * share).toFixed(1));
			row.classList.toggle("top", probabilities !== null && share === Math.max(...probabilities));
			find(row, ".value").textContent = probabilities ? (100 * share).toFixed(1) : "";
		});
	}

	/** @param {number[] | undefined} probabilities of the model of before, if there is one to compare with */
	function compare(probabilities) {
		element.classList.toggle("compared", probabilities !== undefined);
		find(element, ".was").hidden = find(element, ".verdict").hidden = !probabilities;
		if (!probabilities) return;
		rows.forEach((row, digit) => {
			row.style.setProperty("--old", String(probabilities[digit]));
			find(row, ".old").setAttribute("aria-valuenow", (100 * probabilities[digit]).toFixed(1));
		});
		const digit = probabilities.indexOf(Math.max(...probabilities));
		find(element, ".then").textContent = `${digit} · ${percent(probabilities[digit])}`;
	}

	/** End the comparison, with the model to read with from now on. @param {string} model */
	function decide(model) {
		models = { before: "", after: "" };
		publish("wish", { beside: null });
		publish("model", model);
	}

	/** @param {string} digit @param {string} first @param {string} second */
	function say(digit, first, second) {
		live.setAttribute("aria-busy", "true"); // a screen reader waits until it is false
		clearTimeout(quiet);
		quiet = setTimeout(() => live.setAttribute("aria-busy", "false"), QUIET);
		find(element, ".digit").textContent = digit;
		find(element, ".first").textContent = first;
		find(element, ".second").textContent = second;
	}

	/** @param {Answer} answer */
	function answered({ digit, probabilities, sure: reached, model, beside }) {
		const order = [...probabilities.keys()].sort((a, b) => probabilities[b] - probabilities[a]);
		const rubbish = 1 - probabilities.reduce((a, b) => a + b, 0);
		const rest = rubbish > 0.0005 ? ` · rubbish ${percent(rubbish)}` : "";
		if (!chosen) require(model.sure);
		if (reached < Number(sure.value))
			say("–", "Not a digit", `nearest ${digit}, ${percent(probabilities[digit])}; sure ${reached.toFixed(2)}`);
		else
			say(String(digit), percent(probabilities[digit]), `then ${order[1]}, ${percent(probabilities[order[1]])}${rest}`);
		find(element, ".who").textContent = model.shipped ? `Read by ${model.name}, as shipped` : `Read by ${model.title}`;
		find(element, ".back").hidden = model.shipped || model.live || beside !== undefined;
		networks.hidden = !find(element, ".back").hidden;
	}

	/** @param {number} share 0 to 1 */
	function require(share) {
		sure.value = String(share);
		find(element, ".sure b").textContent = share.toFixed(2);
	}

	subscribe(element, "reading", (/** @type {Reading} */ { answer, error }) => {
		element.classList.toggle("empty", !answer);
		fill(answer && answer.probabilities);
		compare(answer?.beside);
		find(element, ".model").hidden = !answer;
		last = answer;
		if (answer) answered(answer);
		else if (error) say("?", "Not read", error);
		else say("?", "Nothing drawn yet", "The bars move with the pen.");
	});
	subscribe(element, "notice", (text) => {
		clearTimeout(noticed);
		find(element, ".notice").textContent = text;
		noticed = setTimeout(() => (find(element, ".notice").textContent = ""), NOTICE);
	});
	find(element, ".keep").addEventListener("click", () => decide(models.after));
	find(element, ".undo").addEventListener("click", () => decide(models.before));
	for (const css of [".reset", ".back"]) find(element, css).addEventListener("click", () => decide(props.value.model));
	subscribe(element, "compare", (/** @type {{before: string, after: string}} */ trained) => (models = trained));
	subscribe(element, "reads", (/** @type {string} */ model) => {
		publish("wish", { beside: model.split("@")[0] === models.after ? models.before : null });
	});
	networks.append(make("option", { value: "" }, "other …"));
	networks.append(...props.networks.map((name) => make("option", { value: name }, name)));
	networks.addEventListener("change", () => {
		if (networks.value) decide(networks.value);
		networks.value = "";
	});
	sure.addEventListener("input", () => {
		chosen = true;
		require(Number(sure.value));
		if (last) answered(last);
	});
	require(0);
	fill(null);
	element.classList.add("empty");
}

bars(element, props);
