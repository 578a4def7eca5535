/**
 * The unit that is pointed at, taken apart: its value, what it sees, the maps that feed it, the kernels between, and
 * how they add up.
 * @param {HTMLElement} element
 */
function unit(element) {
	const ZOOM = 7; // screen pixels a value
	const card = find(element, ".card-of-unit");
	let anchor = { left: 0, top: 0, bottom: 0 };
	let colour = valueRamp(element);

	const number = (/** @type {number} */ value) => value.toFixed(2).replace("-", "−");

	/** @param {number[][]} values @param {number} scale */
	function picture(values, scale) {
		const canvas = grid(values.length, values[0].length, ZOOM, "");
		const flat = values.flat();
		paint(canvas, (place) => colour(flat[place] / scale));
		return canvas;
	}

	/** @param {Unit} unit */
	function show(unit) {
		const { layer, map, row, column, value, total, bias, patch, fed_by, sources } = unit;
		const placed = !["C5", "F6", "output"].includes(layer);
		const where = placed ? `map ${map}, row ${row}, column ${column}` : layer === "output" ? `of ${map - 1}` : `unit ${map}`;
		find(card, ".title").textContent = `${layer} ${where}: ${number(value)}`;
		const [, , height, width] = patch;
		const sight = height === 32 && width === 32 ? "sees all of the field" : `sees ${height}×${width} pixels of the field`;
		find(card, ".sight").textContent = sources.length ? sight : `${sight}, fed by all of ${fed_by}`;

		const largest = (/** @type {number[][][]} */ lists) => Math.max(1e-9, ...lists.flat(2).map(Math.abs));
		const values = largest(sources.map((source) => source.values));
		const weights = largest(sources.map((source) => source.kernel ?? []));
		find(card, ".sources").replaceChildren(
			...sources.map((source) => {
				const box = make("div", { class: "source" });
				box.append(make("span", {}, fed_by ? `${fed_by} ${source.map}` : "field"), picture(source.values, values));
				if (source.kernel) box.append(make("span", {}, "×"), picture(source.kernel, weights), make("b", {}, number(source.share ?? 0)));
				return box;
			}),
		);
		const squashed = layer === "output" ? "" : `, squashed ${number(value)}`;
		const sum = find(card, ".sum");
		if (bias !== null) sum.textContent = `sum ${number(total - bias)} ${bias < 0 ? "−" : "+"} bias ${number(Math.abs(bias))} = ${number(total)}${squashed}`;
		else sum.textContent = "the largest of these";
		place();
	}

	function place() {
		card.hidden = false;
		const box = card.getBoundingClientRect();
		const above = anchor.top - box.height - 10;
		card.style.left = `${Math.max(8, Math.min(innerWidth - box.width - 8, anchor.left - box.width / 2))}px`;
		card.style.top = `${above > 8 ? above : anchor.bottom + 10}px`;
	}

	onTheme(element, () => (colour = valueRamp(element)));
	subscribe(element, "anchor", (at) => (anchor = at));
	subscribe(element, "wish", (/** @type {Wish} */ { unit }) => unit === null && (card.hidden = true));
	subscribe(element, "reading", (/** @type {Reading} */ { answer }) => (answer?.unit ? show(answer.unit) : (card.hidden = true)));
}

unit(element);
