/**
 * The runs: a table to use, rename and delete them from, and the curves of up to two, with their files.
 * @typedef {{key: string, title: string, given: string, recipe: string, figure: string, interval: string, data: string, time: string,
 *   date: string, epochs: number, training: Row[], validation: Row[]}} RunRow
 * @param {HTMLElement} element
 * @param {{paper: number}} props the test accuracy of the paper's network
 * @param {{manage: (message: object) => Promise<any>}} server
 */
function shelf(element, props, server) {
	const SURE = 4000; // milliseconds that a question stays
	/** @type {Record<string, string>} */ const FILES = {
		weights: "Weights, safetensors",
		history: "History, CSV",
		curves: "Curves, SVG",
	};
	/** @type {RunRow[]} */ let rows = [];
	/** @type {string[]} */ let chosen = []; // keys, at most two, the oldest choice first
	let open = false; // to everybody, so that runs are only forgotten

	/** @param {object} message @returns {Promise<any>} */
	async function ask(message) {
		find(element, ".notice").textContent = "";
		const answer = await server.manage(message).catch(() => ({ error: "The server does not answer. Try again." }));
		if (answer.error) find(element, ".notice").textContent = answer.error;
		return answer;
	}

	async function refresh() {
		const answer = await ask({ do: "list", keys: remembered() });
		if (answer.error) return;
		({ runs: rows, public: open } = answer);
		chosen = chosen.filter((key) => rows.some((row) => row.key === key));
		show();
	}

	function show() {
		find(element, ".empty").hidden = rows.length > 0;
		find(element, "table").hidden = rows.length === 0;
		find(element, "tbody").replaceChildren(...rows.map(line));
		const curves = chosen.map((key) => /** @type {RunRow} */ (rows.find((row) => row.key === key)));
		find(element, ".compared").hidden = curves.length === 0;
		if (curves.length === 0) return;
		find(element, ".names").replaceChildren(
			...curves.map(({ title, validation }) =>
				make("span", {}, validation.length ? title : `${title}: no epoch of it was over`),
			),
		);
		paintCharts(find(element, ".charts"), curves, Math.max(...curves.map(({ epochs }) => epochs)), props.paper);
		find(element, ".files").replaceChildren(
			...curves.flatMap(({ title, key }, number) =>
				Object.entries(FILES).map(([form, name]) => {
					if (form === "curves" && number > 0) return "";
					const label = curves.length > 1 && form !== "curves" ? `${name} · ${title}` : name;
					return button(label, () => download(form, form === "curves" ? chosen : [key]));
				}),
			),
		);
	}

	/** @param {string} text @param {() => void} act @param {string} label */
	function button(text, act, label = text) {
		const made = make("button", { type: "button", class: "button small", "aria-label": label }, text);
		made.addEventListener("click", act);
		return made;
	}

	/** @param {RunRow} row */
	function line(row) {
		const { key, title, recipe, figure, interval, data, time, date } = row;
		const tick = /** @type {HTMLInputElement} */ (
			make("input", { type: "checkbox", "aria-label": `Curves of ${title}` })
		);
		tick.checked = chosen.includes(key);
		tick.addEventListener("change", () => {
			chosen = tick.checked ? [...chosen, key].slice(-2) : chosen.filter((one) => one !== key);
			show();
		});
		const name = make("td");
		name.append(make("b", {}, title), make("span", { class: "recipe" }, recipe));
		const acts = make("div", { class: "acts" });
		acts.append(button("Use", () => use(key), `Use ${title}`));
		if (!open) acts.append(button("Rename", () => rename(row, name), `Rename ${title}`));
		const remove = button(
			open ? "Forget" : "Delete",
			() => {
				if (remove.dataset.sure) return void erase(key);
				remove.dataset.sure = "asked";
				remove.textContent = open ? "Forget it?" : "Delete it?";
				setTimeout(() => {
					delete remove.dataset.sure;
					remove.textContent = open ? "Forget" : "Delete";
				}, SURE);
			},
			`${open ? "Forget" : "Delete"} ${title}`,
		);
		acts.append(remove);
		const made = make("tr");
		const [first, last] = [make("td"), make("td")];
		first.append(tick);
		last.append(acts);
		made.append(
			first,
			name,
			...[figure, interval, data, time, date].map((text) => make("td", { class: "number" }, text)),
			last,
		);
		return made;
	}

	/** Show the runs anew, and have the drawing read anew by what is there now. */
	function changed() {
		refresh();
		publish("wish", {});
	}

	/** @param {string} key */
	function use(key) {
		publish("model", key);
		document.getElementById("draw-button")?.click(); // Gradio's button of that tab
	}

	/** @param {RunRow} row @param {HTMLElement} cell */
	function rename({ key, given, title }, cell) {
		const input = /** @type {HTMLInputElement} */ (
			make("input", { type: "text", maxlength: "60", placeholder: title, "aria-label": "Title" })
		);
		input.value = given;
		let over = false;
		const end = async (/** @type {boolean} */ keep) => {
			if (over) return;
			over = true;
			if (keep && input.value !== given) await ask({ do: "rename", keys: [key], title: input.value });
			changed();
		};
		input.addEventListener("keydown", (event) =>
			event.key === "Enter" ? end(true) : event.key === "Escape" && end(false),
		);
		input.addEventListener("blur", () => end(true));
		cell.replaceChildren(input);
		input.focus();
	}

	/** @param {string} key */
	async function erase(key) {
		const answer = open ? {} : await ask({ do: "delete", keys: [key] });
		if (!answer.error) forget(key);
		changed();
	}

	/** @param {string} form @param {string[]} keys */
	async function download(form, keys) {
		const { name, content } = await ask({ do: form, keys });
		if (!content) return;
		const link = /** @type {HTMLAnchorElement} */ (make("a", { download: name }));
		link.href = URL.createObjectURL(new Blob([decode(content)]));
		link.click();
		URL.revokeObjectURL(link.href);
	}

	subscribe(element, "trained", refresh);
	new IntersectionObserver(([{ isIntersecting }]) => isIntersecting && refresh()).observe(element); // the tab was opened
}

shelf(element, props, server);
