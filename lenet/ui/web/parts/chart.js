/**
 * Loss and accuracy by epoch, side by side.
 * @typedef {[number, number, number]} Row epochs since the start, loss, accuracy
 * @typedef {{training: Row[], validation: Row[]}} Curve
 */

/**
 * Draw both charts anew.
 * @param {HTMLElement} box @param {Curve[]} curves the first in the accent's colour @param {number} epochs of the axis
 * @param {number} paper the test accuracy of the paper's network, 0 to 1 @param {number | null} mark an epoch to point out
 */
function paintCharts(box, curves, epochs, paper, mark = null) {
	const [WIDTH, HEIGHT, LEFT, TOP, BOTTOM] = [270, 172, 38, 24, 20];
	/** Where the axis of accuracy may begin, and the step of its ticks, in per cent. @type {[number, number][]} */
	const AXES = [
		[0, 25],
		[50, 10],
		[80, 5],
		[90, 2],
		[95, 1],
		[98, 0.5],
	];

	/** @param {string} tag @param {Record<string, string | number>} attributes @param {string} text */
	function draw(tag, attributes, text = "") {
		const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
		for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
		made.textContent = text;
		return made;
	}

	/**
	 * @param {string} title @param {1 | 2} column of a row @param {[number, string][]} ticks values and their labels, lowest first
	 * @param {number} most the axis' upper end @param {(value: number) => number} scale
	 */
	function chart(title, column, ticks, most, scale) {
		const svg = draw("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": `${title} by epoch` });
		const [low, high] = [scale(ticks[0][0]), scale(most)];
		const x = (/** @type {number} */ epoch) => LEFT + (epoch / epochs) * (WIDTH - LEFT - 6);
		const y = (/** @type {number} */ value) =>
			HEIGHT - BOTTOM - ((scale(value) - low) / (high - low)) * (HEIGHT - TOP - BOTTOM);
		svg.append(draw("text", { x: 0, y: 10, class: "title" }, title));
		for (const [value, label] of ticks) {
			svg.append(draw("line", { x1: LEFT, x2: WIDTH - 6, y1: y(value), y2: y(value), class: "rule" }));
			svg.append(draw("text", { x: LEFT - 6, y: y(value) + 4, "text-anchor": "end" }, label));
		}
		if (column === 2) svg.append(draw("line", { x1: LEFT, x2: WIDTH - 6, y1: y(paper), y2: y(paper), class: "paper" }));
		const step = Math.ceil(epochs / 5);
		for (let epoch = 0; epoch <= epochs; epoch += step) {
			svg.append(draw("text", { x: x(epoch), y: HEIGHT - 4, "text-anchor": "middle" }, String(epoch)));
		}
		if (mark !== null)
			svg.append(draw("line", { x1: x(mark), x2: x(mark), y1: TOP - 6, y2: HEIGHT - BOTTOM, class: "mark" }));
		curves.forEach((curve, number) => {
			for (const kind of /** @type {("training" | "validation")[]} */ (["training", "validation"])) {
				const within = curve[kind].filter((row) => row[column] >= ticks[0][0] && row[column] <= most);
				const points = within.map((row) => `${x(row[0]).toFixed(1)},${y(row[column]).toFixed(1)}`);
				svg.append(
					draw("polyline", { points: points.join(" "), class: `${kind} curve-${curves.length > 1 ? number : "only"}` }),
				);
				if (kind === "training") continue;
				for (const [cx, cy] of points.map((point) => point.split(","))) {
					svg.append(draw("circle", { cx, cy, r: 2.5, class: `dot curve-${number}` }));
				}
			}
		});
		if (column === 2) {
			svg.append(
				draw(
					"text",
					{ x: WIDTH - 6, y: y(paper) + 11, "text-anchor": "end", class: "paper" },
					`1998, test: ${percent(paper, 2)}`,
				),
			);
		}
		svg.append(
			draw("text", { x: WIDTH - 66, y: 10, "text-anchor": "end", class: curves.length > 1 ? "" : "key" }, "validation"),
		);
		svg.append(draw("text", { x: WIDTH - 6, y: 10, "text-anchor": "end" }, "- - training"));
		return svg;
	}

	const rows = curves.flatMap((curve) => [...curve.training, ...curve.validation]);
	const losses = rows.map((row) => row[1]).filter((loss) => loss > 0);
	const most = Math.max(3, ...losses);
	const lowest = Math.floor(Math.log10(Math.min(0.1, ...losses)));
	/** @type {[number, string][]} */ const decades = [];
	for (let power = lowest; 10 ** power <= most; power++)
		decades.push([10 ** power, String(+(10 ** power).toPrecision(1))]);

	const accuracies = curves.flatMap((curve) => curve.validation.map((row) => row[2]));
	const worst = accuracies.length ? 100 * Math.min(...accuracies) : 0;
	const [floor, step] = /** @type {[number, number]} */ (AXES.filter(([start]) => start <= worst).pop());
	/** @type {[number, string][]} */ const shares = [];
	for (let share = floor; share <= 100; share += step) shares.push([share / 100, `${share} %`]);
	box.replaceChildren(
		chart("Loss", 1, decades, most, Math.log10),
		chart("Accuracy", 2, shares, 1, (value) => value),
	);
}
