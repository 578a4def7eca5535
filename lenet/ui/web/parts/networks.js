/**
 * What each network is made of: its layers in a table, where their sizes come from, and the wires between its maps, to
 * be switched off.
 * @typedef {{name: string, kind: string, input: number[], output: number[], kernel: number | null, stride: number | null,
 *   padding: number | null, weights: number, connections: number, multiplications: number, sees: number}} LayerRow
 * @typedef {{name: string, title: string, year: number, source: string, squashing: string, accuracy: number | null,
 *   weights: number, connections: number, layers: LayerRow[], wired: string, before: string, wires: boolean[][],
 *   notes: string[], codes?: Layer}} Anatomy
 * @param {HTMLElement} element
 * @param {{value: string[]}} props the networks' names
 * @param {{inspect: (message: object) => Promise<any>}} server
 */
function networks(element, props, server) {
	const choice = /** @type {HTMLSelectElement} */ (find(element, ".choice"));
	const outcome = find(element, ".outcome");
	/** @type {Anatomy | null} */ let shown = null;
	/** @type {[number, number][]} */ let off = [];
	/** @type {object | null} */ let ink = null;
	let colour = valueRamp(element);
	let asking = false;
	let changed = false;

	const count = (/** @type {number} */ number) => number.toLocaleString("en");
	const size = (/** @type {number[]} */ shape) => shape.join("×");

	/** @param {object} message @returns {Promise<any>} */
	async function ask(message) {
		const answer = await server.inspect(message).catch(() => ({ error: "The server does not answer. Try again." }));
		find(element, ".notice").textContent = answer.error ?? "";
		return answer;
	}

	async function open() {
		const answer = await ask({ network: choice.value });
		if (answer.error || answer.name !== choice.value) return;
		shown = answer;
		off = [];
		show(answer);
		publish("ink?", null);
	}

	/** @param {Anatomy} anatomy */
	function show({
		name,
		year,
		source,
		squashing,
		accuracy,
		weights,
		connections,
		layers,
		wired,
		before,
		wires,
		notes,
		codes,
	}) {
		const facts = [`${count(weights)} weights`, `${count(connections)} connections`, squashing];
		if (accuracy !== null) facts.push(`${percent(accuracy, 2)} of MNIST's test digits, as shipped`);
		find(element, ".facts").textContent = facts.join(" · ");
		find(element, ".source").textContent = `${source} (${year}).`;
		find(element, "tbody").replaceChildren(...layers.map((layer, i) => row(layer, i)));
		const sum = make("tr");
		const total = layers.reduce((all, layer) => all + layer.multiplications, 0);
		sum.append(
			...["", "", "", "", "", "", "Together", count(weights), count(connections), count(total), ""].map((text) =>
				make("td", {}, text),
			),
		);
		find(element, "tfoot").replaceChildren(sum);
		explain(0);
		find(element, ".wired").textContent = `${before} to ${wired}: ${wires.flat().filter(Boolean).length} wires`;
		wireMatrix(find(element, ".wires"), wires, before, wired, (cut) => {
			off = cut;
			measure();
		});
		outcome.textContent =
			accuracy === null
				? "This network comes without weights. Train it on the Draw tab."
				: "Switch a wire off, or a whole row or column, and see what your drawing's answer and the test accuracy become.";
		find(element, ".notes").replaceChildren(...notes.map((note) => make("li", {}, note)));
		find(element, ".of-notes").hidden = !notes.length;
		find(element, ".codes").replaceChildren(...(codes ? pictures(codes) : []));
		choice.value = name;
	}

	/** @param {Layer} codes */
	function pictures({ shape: [count, rows, columns], values }) {
		const pixels = new Int8Array(decode(values).buffer);
		return [...Array(count).keys()].map((digit) => {
			const figure = make("figure");
			const canvas = grid(rows, columns, 4, `Code of ${digit}`);
			paint(canvas, (place) => colour((0.6 * pixels[digit * rows * columns + place]) / 127));
			figure.append(canvas, make("figcaption", {}, String(digit)));
			return figure;
		});
	}

	/** @param {LayerRow} layer @param {number} i */
	function row(layer, i) {
		const { name, kind, input, output, kernel, stride, padding, weights, connections, multiplications, sees } = layer;
		const made = make("tr");
		const first = make("td");
		first.append(make("button", { type: "button", "aria-label": `Where the size of ${name} comes from` }, name));
		const window = kernel === null ? ["", "", ""] : [size([kernel, kernel]), String(stride), String(padding)];
		const numbers = [...window, count(weights), count(connections), count(multiplications), size([sees, sees])];
		made.append(first, ...[kind, size(input), size(output), ...numbers].map((text) => make("td", {}, text)));
		made.addEventListener("click", () => explain(i));
		return made;
	}

	/** Work the formula through for a layer. @param {number} i */
	function explain(i) {
		if (!shown) return;
		const { name, kind, input, output, kernel, stride, padding, weights } = shown.layers[i];
		element.querySelectorAll("tbody tr").forEach((row, place) => row.classList.toggle("chosen", place === i));
		const made = `${count(weights)} weights`;
		find(element, ".formula").textContent =
			kernel === null
				? `${name}, ${kind}: ${size(output)} units, each fed by all ${input.reduce((a, b) => a * b, 1)} values before; ${made}.`
				: `${name}, ${kind}: (W − F + 2P) / S + 1 = (${input[1]} − ${kernel} + 2·${padding}) / ${stride} + 1 = ${output[1]}${(input[1] - kernel + 2 * Number(padding)) % Number(stride) ? ", rounded down" : ""}; ${output[0]} maps of ${output[1]}×${output[2]}; ${made}.`;
	}

	/** Have the network tested, and the drawing read, without the wires that are off. */
	async function measure() {
		changed = true;
		if (asking || !shown || shown.accuracy === null) return;
		asking = true;
		while (changed) {
			changed = false;
			const { name } = shown;
			const answer = await ask({ version: 1, network: name, off, ...ink });
			if (answer.error || name !== shown.name) continue;
			const { accuracy, was, total, digit, probabilities } = answer;
			const drawn = digit === null ? "" : ` Your drawing: ${digit}, ${percent(probabilities[digit])}.`;
			outcome.textContent = `${off.length} ${off.length === 1 ? "wire" : "wires"} off: ${percent(accuracy)} of ${count(total)} test digits read, ${percent(was)} with all.${drawn}`;
		}
		asking = false;
	}

	for (const name of props.value) choice.append(make("option", { value: name }, name));
	choice.addEventListener("change", open);
	subscribe(element, "ink", (now) => {
		ink = now;
		if (off.length) measure();
	});
	onTheme(element, () => {
		colour = valueRamp(element);
		if (shown?.codes) find(element, ".codes").replaceChildren(...pictures(shown.codes));
	});
	new IntersectionObserver(([{ isIntersecting }]) => isIntersecting && !shown && open()).observe(element);
}

networks(element, props, server);
