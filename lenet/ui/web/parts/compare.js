/**
 * One drawing, read by several networks side by side. It asks only while it is to be seen, one request at a time; what
 * was drawn meanwhile goes with the next.
 * @typedef {{model: Model, digit: number, probabilities: number[], sure: number, milliseconds: number, maps: Layer[]}} Column
 * @typedef {{key: string, title: string, recipe: string}} Addable
 * @param {HTMLElement} element
 * @param {{value: string[], most: number}} props the shipped networks, and how many columns there may be
 * @param {{compare: (message: object) => Promise<any>, manage: (message: object) => Promise<any>}} server
 */
function compare(element, props, server) {
	const ACROSS = /** @type {Record<number, number>} */ ({ 6: 3, 12: 4, 16: 4, 32: 8 });
	const canvas = /** @type {HTMLCanvasElement} */ (find(element, ".paper"));
	const add = /** @type {HTMLSelectElement} */ (find(element, ".add"));
	const image = new Image();
	/** @type {{strokes: Stroke[]} | {picture: string} | null} */ let ink = null;
	/** @type {Addable[]} */ let runs = [];
	/** @type {{name: string, title: string, box: HTMLElement, last: Column | null}[]} */ let columns = [];
	let colour = valueRamp(element);
	let visible = false;
	let asking = false;
	let changed = false;

	/** @param {string} name of the model @param {string} title */
	function put(name, title) {
		const box = make("section", { class: "column empty", "aria-label": title });
		const head = make("div", { class: "head" });
		head.append(make("h3", { title }, title));
		if (!props.value.includes(name)) {
			const remove = make("button", { type: "button", class: "remove", "aria-label": `Remove ${title}` }, "×");
			remove.addEventListener("click", () => {
				columns = columns.filter((column) => column.box !== box);
				box.remove();
				offer();
				judge();
			});
			head.append(remove);
		}
		const answer = make("div", { class: "answer" });
		answer.append(make("div", { class: "digit" }, "?"), make("div", { class: "words" }));
		const bars = make("div", { class: "bars" });
		for (let digit = 0; digit < 10; digit++) {
			const bar = make("div", {
				class: "bar",
				role: "meter",
				"aria-label": `${title}: probability of ${digit}`,
				"aria-valuemin": "0",
				"aria-valuemax": "100",
			});
			const track = make("div", { class: "track" });
			track.append(make("div", { class: "fill" }));
			bar.append(track, String(digit));
			bars.append(bar);
		}
		box.append(head, make("div", { class: "facts" }), answer, bars, make("div", { class: "pictures" }));
		columns.push({ name, title, box, last: null });
		find(element, ".columns").append(box);
	}

	/** @param {HTMLElement} box @param {Column | null} column */
	function show(box, column) {
		box.classList.toggle("empty", !column);
		find(box, ".bars").childNodes.forEach((node, digit) => {
			const bar = /** @type {HTMLElement} */ (node);
			const share = column ? column.probabilities[digit] : 0;
			bar.style.setProperty("--share", String(share));
			bar.setAttribute("aria-valuenow", (100 * share).toFixed(1));
			bar.classList.toggle("top", column !== null && digit === column.digit);
		});
		find(box, ".facts").textContent = column
			? `${column.model.weights.toLocaleString("en")} weights, ${column.milliseconds.toFixed(2)} ms a forward pass`
			: "";
		column?.maps.forEach((layer, i) => picture(find(box, ".pictures"), layer, i));
		if (!column) find(box, ".pictures").replaceChildren();
	}

	/** A layer's maps, in small, on a colour scale of their own. @param {HTMLElement} box @param {Layer} layer @param {number} i */
	function picture(box, { name, shape: [count, rows, columns], values, scale }, i) {
		if (box.querySelectorAll(".maps").length <= i) {
			const maps = make("div", { class: "maps", style: `grid-template-columns: repeat(${ACROSS[count] ?? 4}, 1fr)` });
			maps.append(
				...[...Array(count).keys()].map((map) => grid(rows, columns, 1, `${name} map ${map + 1} of ${count}`)),
			);
			box.append(make("h4"), maps);
		}
		const bytes = new Int8Array(decode(values).buffer);
		box.querySelectorAll("h4")[i].textContent = `${name}, up to ${scale.toFixed(1)}`;
		box
			.querySelectorAll(".maps")
			[i].childNodes.forEach((canvas, map) =>
				paint(/** @type {HTMLCanvasElement} */ (canvas), (place) => colour(bytes[map * rows * columns + place] / 127)),
			);
	}

	/** What a column says: a digit, or null where it is not sure enough. @param {Column} column */
	const said = ({ digit, sure, model }) => (sure < model.sure ? null : digit);

	/** Say what most say, and mark who says otherwise. */
	function judge() {
		const answered = columns.filter(({ last }) => last);
		const votes = answered.map(({ last }) => said(/** @type {Column} */ (last)));
		const count = (/** @type {number | null} */ vote) => votes.filter((other) => other === vote).length;
		const most = [...votes].sort((a, b) => count(b) - count(a))[0];
		const name = (/** @type {number | null} */ vote) => (vote === null ? "not a digit" : String(vote));
		for (const { box, last } of columns) {
			const vote = last && said(last);
			const differs = last !== null && vote !== most;
			box.classList.toggle("differs", differs);
			find(box, ".digit").textContent = last ? (vote === null ? "–" : String(vote)) : "?";
			find(box, ".words").replaceChildren(
				...(last
					? [
							make("b", {}, differs ? "differs" : vote === null ? "not a digit" : ""),
							percent(last.probabilities[last.digit]),
						]
					: []),
			);
		}
		const others = answered
			.filter((_, i) => votes[i] !== most)
			.map(({ title, last }) => `${title} says ${name(said(/** @type {Column} */ (last)))}`);
		find(element, ".verdict").textContent = !answered.length
			? "Nothing drawn yet."
			: others.length
				? `${count(most)} of ${answered.length} say ${name(most)}; ${others.join(", ")}.`
				: `All ${answered.length} say ${name(most)}.`;
	}

	async function ask() {
		if (asking) return;
		asking = true;
		while (changed && visible) {
			changed = false;
			const asked = [...columns];
			const answer = ink
				? await server
						.compare({ ...ink, models: asked.map(({ name }) => name) })
						.catch(() => ({ error: "The server does not answer." }))
				: { columns: [] };
			find(element, ".notice").textContent = answer.error ?? "";
			element.classList.toggle("stale", Boolean(answer.error));
			if (answer.error) continue;
			asked.forEach((column, i) => {
				const found = answer.columns[i];
				column.last = found && !found.error ? found : null;
				show(column.box, column.last);
				if (found?.error) find(column.box, ".facts").textContent = found.error;
			});
			judge();
		}
		asking = false;
	}

	function draw() {
		const strokes = ink && "strokes" in ink ? ink.strokes : [];
		if (ink && "picture" in ink) {
			const source = `data:image/png;base64,${ink.picture}`;
			if (image.src !== source) {
				image.src = source;
				image.decode().then(draw, () => {});
			}
			return paintSheet(canvas, [], image.complete ? image : undefined);
		}
		paintSheet(canvas, strokes);
	}

	/** The runs that may be added. */
	function offer() {
		const shown = columns.map(({ name }) => name);
		add.replaceChildren(make("option", { value: "" }, runs.length ? "Add a run …" : "No run to add yet"));
		add.append(
			...runs
				.filter(({ key }) => !shown.includes(key))
				.map(({ key, title, recipe }) => make("option", { value: key }, `${title} · ${recipe}`)),
		);
		add.disabled = columns.length >= props.most;
	}

	async function opened() {
		publish("ink?", null);
		const answer = await server.manage({ do: "list", keys: remembered() }).catch(() => ({ runs: [] }));
		runs = answer.runs ?? [];
		offer();
	}

	takePen(
		canvas,
		(point) => {
			publish("pen", { begin: point });
			return true;
		},
		(points) => publish("pen", { extend: points }),
		() => publish("pen", {}),
	);
	find(element, ".clear").addEventListener("click", () => publish("clear", null));
	add.addEventListener("change", () => {
		const run = runs.find(({ key }) => key === add.value);
		if (run) put(run.key, run.title);
		offer();
		changed = true;
		ask();
	});
	subscribe(element, "ink", (now) => {
		ink = now;
		if (visible) draw();
		changed = true;
		ask();
	});
	onTheme(element, () => {
		colour = valueRamp(element);
		for (const { box, last } of columns) show(box, last);
		if (visible) draw();
	});
	new IntersectionObserver(([{ isIntersecting }]) => {
		visible = isIntersecting;
		if (visible) opened();
	}).observe(element);
	for (const name of props.value) put(name, name);
	judge();
}

compare(element, props, server);
