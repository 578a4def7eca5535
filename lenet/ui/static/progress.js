/**
 * How training goes: a bar, a line of words, and the curves of loss and accuracy.
 * @typedef {[number, number, number]} Row epochs since the start, loss, accuracy
 * @typedef {{state: string, text: string, aside: string, share: number, epochs: number, training: Row[], validation: Row[]}} View
 * @param {HTMLElement} element
 * @param {{value: View}} props
 * @param {(name: string, heed: () => void) => void} watch
 */
function progress(element, props, watch) {
	const [WIDTH, HEIGHT, LEFT, TOP, BOTTOM] = [270, 172, 38, 24, 20];
	/** Where the axis of accuracy may begin, and the step of its ticks, in per cent. @type {[number, number][]} */
	const AXES = [[0, 25], [50, 10], [80, 5], [90, 2], [95, 1], [98, 0.5]];

	/** @param {string} tag @param {Record<string, string | number>} attributes @param {string} text */
	function draw(tag, attributes, text = "") {
		const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
		for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
		made.textContent = text;
		return made;
	}

	/**
	 * @param {string} title @param {1 | 2} column of a row @param {View} view
	 * @param {[number, string][]} ticks values and their labels, lowest first @param {number} most the axis' upper end
	 * @param {(value: number) => number} scale
	 */
	function chart(title, column, view, ticks, most, scale) {
		const svg = draw("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": `${title} by epoch` });
		const [low, high] = [scale(ticks[0][0]), scale(most)];
		const x = (/** @type {number} */ epoch) => LEFT + (epoch / view.epochs) * (WIDTH - LEFT - 6);
		const y = (/** @type {number} */ value) => {
			return HEIGHT - BOTTOM - ((scale(value) - low) / (high - low)) * (HEIGHT - TOP - BOTTOM);
		};
		svg.append(draw("text", { x: 0, y: 10, class: "title" }, title));
		for (const [value, label] of ticks) {
			svg.append(draw("line", { x1: LEFT, x2: WIDTH - 6, y1: y(value), y2: y(value), class: "rule" }));
			svg.append(draw("text", { x: LEFT - 6, y: y(value) + 4, "text-anchor": "end" }, label));
		}
		const step = Math.ceil(view.epochs / 5);
		for (let epoch = 0; epoch <= view.epochs; epoch += step) {
			svg.append(draw("text", { x: x(epoch), y: HEIGHT - 4, "text-anchor": "middle" }, String(epoch)));
		}
		for (const kind of /** @type {("training" | "validation")[]} */ (["training", "validation"])) {
			const within = view[kind].filter((row) => row[column] >= ticks[0][0] && row[column] <= most);
			const points = within.map((row) => `${x(row[0]).toFixed(1)},${y(row[column]).toFixed(1)}`);
			svg.append(draw("polyline", { points: points.join(" "), class: kind }));
			if (kind === "validation") {
				for (const point of points) {
					const [cx, cy] = point.split(",");
					svg.append(draw("circle", { cx, cy, r: 2.5, class: kind }));
				}
			}
		}
		svg.append(draw("text", { x: WIDTH - 66, y: 10, "text-anchor": "end", class: "validation" }, "validation"));
		svg.append(draw("text", { x: WIDTH - 6, y: 10, "text-anchor": "end", class: "training" }, "- - training"));
		return svg;
	}

	function show() {
		const view = props.value;
		element.classList.toggle("failed", view.state === "failed");
		element.dataset.state = view.state;
		const bar = find(element, ".track");
		bar.style.setProperty("--share", String(view.share));
		bar.setAttribute("aria-valuenow", (100 * view.share).toFixed(0));
		find(element, ".text").textContent = view.text;
		find(element, ".aside").textContent = view.aside;

		const losses = [...view.training, ...view.validation].map((row) => row[1]).filter((loss) => loss > 0);
		const most = Math.max(3, ...losses);
		const lowest = Math.floor(Math.log10(Math.min(0.1, ...losses)));
		/** @type {[number, string][]} */ const decades = [];
		for (let power = lowest; 10 ** power <= most; power++) decades.push([10 ** power, String(+(10 ** power).toPrecision(1))]);

		const worst = view.validation.length ? 100 * Math.min(...view.validation.map((row) => row[2])) : 0;
		const [floor, step] = /** @type {[number, number]} */ (AXES.filter(([start]) => start <= worst).pop());
		/** @type {[number, string][]} */ const shares = [];
		for (let share = floor; share <= 100; share += step) shares.push([share / 100, `${share} %`]);
		find(element, ".charts").replaceChildren(
			chart("Loss", 1, view, decades, most, Math.log10),
			chart("Accuracy", 2, view, shares, 1, (value) => value),
		);
	}

	watch("value", show);
	show();
}

progress(element, props, watch);
