// Small line charts, as SVG.

/**
 * @typedef {{points: [number, number][], css: string, label?: string}} Line
 * @typedef {{x: number, y: number, css: string, label: string}} Mark
 * @typedef {{title: string, x: [number, number], y: [number, number], xTicks: [number, string][], yTicks: [number, string][],
 *   lines: Line[], marks?: Mark[], band?: [number, number] | null, bandLabel?: string}} Plot
 */

/** A chart of its own size, 280 by 180 units. @param {Plot} plot */
function plotted({ title, x, y, xTicks, yTicks, lines, marks = [], band, bandLabel }) {
	const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [280, 180, 40, 8, 24, 22];
	const across = (/** @type {number} */ value) => LEFT + ((value - x[0]) / (x[1] - x[0])) * (WIDTH - LEFT - RIGHT);
	const down = (/** @type {number} */ value) =>
		HEIGHT - BOTTOM - ((Math.min(y[1], Math.max(y[0], value)) - y[0]) / (y[1] - y[0])) * (HEIGHT - TOP - BOTTOM);

	/** @param {string} tag @param {Record<string, string | number>} attributes @param {string} text */
	function draw(tag, attributes, text = "") {
		const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
		for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
		made.textContent = text;
		return made;
	}

	const svg = draw("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": title });
	svg.append(draw("text", { x: 0, y: 12, class: "title" }, title));
	if (band) {
		const [from, to] = band.map((value) => across(Math.min(x[1], Math.max(x[0], value))));
		svg.append(draw("rect", { x: from, y: TOP, width: to - from, height: HEIGHT - TOP - BOTTOM, class: "band" }));
		svg.append(
			draw(
				"text",
				{ x: (from + to) / 2, y: HEIGHT - BOTTOM - 6, "text-anchor": "middle", class: "of-band" },
				bandLabel,
			),
		);
	}
	for (const [value, text] of yTicks) {
		svg.append(draw("line", { x1: LEFT, x2: WIDTH - RIGHT, y1: down(value), y2: down(value), class: "rule" }));
		svg.append(draw("text", { x: LEFT - 6, y: down(value) + 4, "text-anchor": "end" }, text));
	}
	for (const [value, text] of xTicks)
		svg.append(draw("text", { x: across(value), y: HEIGHT - 6, "text-anchor": "middle" }, text));
	for (const { points, css, label } of lines) {
		const line = draw("polyline", { points: points.map(([a, b]) => `${across(a)},${down(b)}`).join(" "), class: css });
		if (label) line.append(draw("title", {}, label));
		svg.append(line);
	}
	for (const { x: a, y: b, css, label } of marks) {
		const mark = draw("circle", { cx: across(a), cy: down(b), r: 3.5, class: css });
		mark.append(draw("title", {}, label));
		svg.append(mark);
	}
	return svg;
}
