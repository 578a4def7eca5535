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
	/** @type {Unit | null} */ let last = null;

	const number = (/** @type {number} */ value) => value.toFixed(2).replace("-", "−");

	/** @param {number[][]} values @param {number} scale */
	function picture(values, scale) {
		const canvas = grid(values.length, values[0].length, ZOOM, "");
		const flat = values.flat();
		paint(canvas, (place) => colour(flat[place] / scale));
		return canvas;
	}

	/**
	 * Round to hundredths so that the numbers shown still add up: those furthest from theirs give way.
	 * @param {number[]} values @param {number} sum in hundredths
	 */
	function rounded(values, sum) {
		const whole = values.map((value) => Math.round(100 * value));
		const off = values.map((value, i) => 100 * value - whole[i]);
		for (let left = sum - whole.reduce((a, b) => a + b, 0); left; left -= Math.sign(left)) {
			const i = off.indexOf(left > 0 ? Math.max(...off) : Math.min(...off));
			whole[i] += Math.sign(left);
			off[i] -= Math.sign(left);
		}
		return whole.map((hundredths) => hundredths / 100);
	}

	/** What a source is called. @param {Unit} unit @param {Source} source */
	function named({ fed_by, feeding }, { map }) {
		if (fed_by) return `${fed_by} ${map}`;
		return feeding === 1 ? "field" : ["red", "green", "blue"][map - 1];
	}

	/** @param {Unit} unit */
	function show(unit) {
		last = unit;
		const { layer, map, row, column, placed, value, total, squashed, how, bias, patch, fed_by, feeding, sources } =
			unit;
		const where = placed
			? `map ${map}, row ${row}, column ${column}`
			: layer === "output"
				? `for ${map - 1}`
				: `unit ${map}`;
		find(card, ".title").textContent = `${layer} ${where}: ${number(value)}`;
		const [, , height, width] = patch;
		const sight =
			height === 32 && width === 32 ? "sees all of the field" : `sees ${height}×${width} pixels of the field`;
		const some = sources.length < feeding; // fed by more than can be shown
		find(card, ".sight").textContent = some ? `${sight}; of all ${feeding} of ${fed_by}, these count most` : sight;

		const largest = (/** @type {number[][][]} */ lists) => Math.max(1e-9, ...lists.flat(2).map(Math.abs));
		const values = largest(sources.map((source) => source.values));
		const weights = largest(sources.map((source) => source.kernel ?? []));
		const [all, constant] = [Math.round(100 * total), Math.round(100 * (bias ?? 0))];
		const parts = sources.map((source) => source.share ?? 0);
		if (some) parts.push(total - (bias ?? 0) - parts.reduce((a, b) => a + b, 0));
		const shares = how === "largest" ? [] : rounded(parts, all - constant);
		const sign = how === "distance" ? "against" : "×";
		find(card, ".sources").replaceChildren(
			...sources.map((source, i) => {
				const box = make("div", { class: "source" });
				box.append(make("span", {}, named(unit, source)), picture(source.values, values));
				if (source.kernel)
					box.append(make("span", {}, sign), picture(source.kernel, weights), make("b", {}, number(shares[i])));
				return box;
			}),
		);
		if (some) {
			const rest = make("div", { class: "source rest" });
			rest.append(make("span", {}, "the rest"), make("b", {}, number(shares[sources.length])));
			find(card, ".sources").append(rest);
		}
		const outcome = squashed ? `, squashed ${number(value)}` : "";
		const added =
			bias === null
				? ""
				: ` ${constant < 0 ? "−" : "+"} bias ${number(Math.abs(constant / 100))} = ${number(all / 100)}`;
		find(card, ".sum").textContent =
			how === "largest"
				? `the largest of ${sources[0].values.flat().map(number).join(", ")}`
				: how === "distance"
					? `squared distances from the code of ${map - 1}, added up: ${number(all / 100)}`
					: `sum ${number((all - constant) / 100)}${added}${outcome}`;
		place();
	}

	function place() {
		card.hidden = false;
		const box = card.getBoundingClientRect();
		const above = anchor.top - box.height - 10;
		card.style.left = `${Math.max(8, Math.min(innerWidth - box.width - 8, anchor.left - box.width / 2))}px`;
		card.classList.toggle("high", anchor.bottom > innerHeight / 2); // on a phone: away from the finger
		card.style.top = `${above > 8 ? above : anchor.bottom + 10}px`;
	}

	onTheme(element, () => {
		colour = valueRamp(element);
		if (last && !card.hidden) show(last);
	});
	subscribe(element, "anchor", (at) => {
		anchor = at;
		if (!card.hidden) place();
	});
	subscribe(element, "wish", (/** @type {Wish} */ { unit }) => unit === null && (card.hidden = true));
	subscribe(element, "reading", (/** @type {Reading} */ { answer }) =>
		answer?.unit ? show(answer.unit) : (card.hidden = true),
	);
}

unit(element);
