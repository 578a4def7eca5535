/**
 * Inside the network: the values of every layer, each on a colour scale of its own on which zero is always the same
 * colour. Pointing at a unit, with mouse, finger or arrow keys, has it taken apart.
 * @param {HTMLElement} element
 * @param {{value: {name: string, shape: number[]}[]}} props the layers, so that the page stands before anything is drawn
 */
function maps(element, props) {
	const LINGER = 120; // milliseconds that a unit stays pointed at, for the way over the gap to the next map
	/** @type {Record<string, [number, number]>} */
	const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

	/** @typedef {{name: string, canvases: HTMLCanvasElement[], placed: boolean, count: number, across: number, ends: HTMLElement[]}} Stage */
	/** @typedef {{stage: Stage, canvas: HTMLCanvasElement, row: number, column: number}} Place */
	/** @type {Record<string, Stage>} */ let stages = {};
	let built = ""; // names and shapes of the layers that stand here
	/** @type {HTMLCanvasElement[]} */ let kernels = [];
	/** @type {Answer | null} */ let last = null;
	/** @type {Place | null} */ let pointed = null;
	/** @type {Place | null} */ let left = null; // where the keyboard was, to go on from
	/** @type {ReturnType<typeof setTimeout> | undefined} */ let leaving;
	let pinned = false; // by a click, a tap or the keyboard: it stays when the pointer leaves
	let colour = valueRamp(element);
	const cursor = find(element, ".cursor");

	/** Maps side by side, and screen pixels a unit. @param {number} count @param {number} side units, 1 for a layer without places */
	function layout(count, side) {
		if (side === 1) return count <= 10 ? [1, 16] : count <= 30 ? [5, 20] : count <= 84 ? [7, 13] : [8, 11]; // 84: as the paper's codes
		const across = count <= 6 ? 3 : count <= 16 ? 4 : 6;
		if (side >= 12) return [across, count <= 6 ? 3 : 2];
		return [across, count <= 12 ? 8 : count <= 16 ? 5 : 3];
	}

	/** Lay out a network's layers, unless they stand here already. @param {{name: string, shape: number[]}[]} layers */
	function lay(layers) {
		const wanted = JSON.stringify(layers.map(({ name, shape }) => [name, shape]));
		if (wanted === built) return;
		built = wanted;
		if (pointed) release();
		[stages, kernels, left] = [{}, [], null];
		find(element, ".stages").replaceChildren();
		for (const { name, shape } of layers) build(name, shape);
	}

	/** @param {string} name @param {number[]} shape */
	function build(name, shape) {
		const placed = shape.length === 3 && shape[1] * shape[2] > 1; // else units without a place: one picture of them all
		const count = shape[0];
		const [across, zoom] = layout(count, placed ? shape[1] : 1);
		const [rows, columns] = placed ? shape.slice(1) : [Math.ceil(count / across), across];
		const canvases = [...Array(placed ? count : 1).keys()].map((i) =>
			grid(rows, columns, zoom, placed ? `${name} map ${i + 1} of ${count}` : `${name}, ${count} units`),
		);
		const box = make("div", {
			class: "grid",
			style: `grid-template-columns: repeat(${placed ? across : 1}, max-content)`,
		});
		box.append(...canvases);
		const heading = make("h3", {}, name);
		heading.append(make("em", {}, placed ? `${count} × ${rows}×${columns}` : String(count)));
		const ends = [make("span"), make("span")];
		const legend = make("div", { class: "ends" });
		legend.append(...ends);
		const section = make("section", { class: "stage" });
		section.append(heading, box, make("div", { class: "scale" }), legend);
		find(element, ".stages").append(section);
		stages[name] = { name, canvases, placed, count, across, ends };
		canvases.forEach((canvas, i) => listen(stages[name], canvas, i === 0));
	}

	/** @param {Layer} layer */
	function show({ name, values, scale }) {
		const bytes = new Int8Array(decode(values).buffer);
		const { canvases, ends } = stages[name];
		const size = canvases[0].width * canvases[0].height;
		canvases.forEach((canvas, i) =>
			paint(canvas, (place) => (i * size + place < bytes.length ? colour(bytes[i * size + place] / 127) : 0)),
		);
		const signed = bytes.some((byte) => byte < 0);
		ends[0].textContent = signed ? (-scale).toFixed(1) : "0";
		ends[1].textContent = scale.toFixed(1);
		ends[0].closest(".stage")?.classList.toggle("signed", signed);
	}

	/** The kernels that the first layer's maps are made with, on a scale of their own. @param {Layer} kernels */
	function showKernels({ shape: [count, rows, columns], values }) {
		const bytes = new Int8Array(decode(values).buffer);
		const size = rows * columns;
		if (!kernels.length) {
			kernels = [...Array(count).keys()].map((i) =>
				grid(rows, columns, count > 6 ? 5 : 8, `${Object.keys(stages)[0]} kernel ${i + 1} of ${count}`),
			);
			const box = make("div", {
				class: "kernels",
				style: `grid-template-columns: repeat(${count > 12 ? 8 : 6}, max-content)`,
			});
			box.append(...kernels);
			find(element, ".stage").append(make("h3", { class: "of-kernels" }, `${rows}×${columns} kernels`), box);
		}
		kernels.forEach((canvas, i) => paint(canvas, (place) => colour(bytes[i * size + place] / 127)));
	}

	function repaint() {
		if (last) {
			const { kernels, layers, codes } = last;
			showKernels(kernels);
			layers.forEach(show);
			const box = stages.F6?.canvases[0].closest(".stage");
			if (box) showCodes(/** @type {HTMLElement} */ (box), codes, layers.at(-1), colour);
			return;
		}
		for (const { canvases, ends } of Object.values(stages)) {
			for (const canvas of canvases) paint(canvas, () => colour(0));
			for (const end of ends) end.textContent = "\u00a0";
		}
	}

	/** @param {Stage} stage @param {HTMLCanvasElement} canvas @param {boolean} first of its layer: the one that Tab reaches */
	function listen(stage, canvas, first) {
		canvas.tabIndex = first ? 0 : -1;
		const at = (/** @type {MouseEvent} */ event) => {
			const box = canvas.getBoundingClientRect();
			const cell = (/** @type {number} */ share, /** @type {number} */ count) =>
				Math.max(0, Math.min(count - 1, Math.floor(share * count)));
			return {
				stage,
				canvas,
				row: cell((event.clientY - box.top) / box.height, canvas.height),
				column: cell((event.clientX - box.left) / box.width, canvas.width),
			};
		};
		canvas.addEventListener("pointermove", (event) => !pinned && event.pointerType === "mouse" && point(at(event)));
		canvas.addEventListener("pointerleave", () => {
			leaving = setTimeout(() => !pinned && point(null), LINGER);
		});
		canvas.addEventListener("click", (event) => {
			const place = at(event);
			const same = pinned && pointed?.canvas === canvas && pointed.row === place.row && pointed.column === place.column;
			pinned = !same;
			point(same ? null : place);
		});
		canvas.addEventListener("focus", () => {
			if (!canvas.matches(":focus-visible") || pointed?.canvas === canvas) return;
			pinned = true;
			point({ stage, canvas, row: 0, column: 0 });
		});
		canvas.addEventListener("blur", (event) => {
			const next = /** @type {Element | null} */ (event.relatedTarget);
			if (!next?.matches(".paper")) release(); // one may draw on and watch the unit
		});
		canvas.addEventListener("keydown", (event) => {
			if (event.key === "Escape" && pointed) release();
			else if (MOVES[event.key]) pointed ? step(...MOVES[event.key]) : resume({ stage, canvas, row: 0, column: 0 });
			else return;
			event.preventDefault();
			event.stopPropagation(); // Escape is also the pad's
		});
	}

	/** To the next unit, over the border to the next map. @param {number} down @param {number} right */
	function step(down, right) {
		if (!pointed) return;
		const { stage, canvas } = pointed;
		let [row, column] = [pointed.row + down, pointed.column + right];
		const over = Math.floor(row / canvas.height) * stage.across + Math.floor(column / canvas.width);
		const next = stage.canvases[stage.canvases.indexOf(canvas) + over];
		if (!next) return;
		[row, column] = [(row + canvas.height) % canvas.height, (column + canvas.width) % canvas.width];
		if (next !== canvas) next.focus({ preventScroll: true });
		pinned = true;
		point({ stage, canvas: next, row, column });
	}

	/** Where the keyboard left, or at the first unit. @param {Place} first */
	function resume(first) {
		pinned = true;
		point(left?.canvas === first.canvas ? left : first);
	}

	function release() {
		left = pointed;
		pinned = false;
		point(null);
	}

	/** @param {Place | null} place */
	function point(place) {
		const number = place && place.row * place.canvas.width + place.column;
		if (place && !place.stage.placed && Number(number) >= place.stage.count) place = null; // C5 and F6 may not fill their grid
		if (
			place &&
			pointed &&
			place.canvas === pointed.canvas &&
			place.row === pointed.row &&
			place.column === pointed.column
		)
			return;
		pointed = place;
		clearTimeout(leaving);
		settle();
		if (place) {
			const { stage, canvas, row, column } = place;
			const map = stage.placed ? stage.canvases.indexOf(canvas) + 1 : Number(number) + 1;
			publish("wish", { unit: [stage.name, map, stage.placed ? row + 1 : 1, stage.placed ? column + 1 : 1] });
		} else publish("wish", { unit: null });
	}

	/** Put the cursor on the unit, and tell where the card may stand: above all maps, so that it hides none. */
	function settle() {
		cursor.hidden = !pointed;
		if (!pointed) return;
		const { canvas, row, column } = pointed;
		const [box, origin] = [canvas.getBoundingClientRect(), element.getBoundingClientRect()];
		const [width, height] = [box.width / canvas.width, box.height / canvas.height];
		const [x, y] = [box.left + column * width, box.top + row * height];
		cursor.style.cssText = `left: ${x - origin.left}px; top: ${y - origin.top}px; width: ${width}px; height: ${height}px`;
		publish("anchor", { left: x, top: origin.top, bottom: y + height });
	}

	/** Mark the maps that feed the unit. @param {Unit | undefined} unit */
	function mark(unit) {
		for (const { name, canvases, placed } of Object.values(stages)) {
			const feeding = unit && unit.fed_by === name && placed ? unit.sources.map((source) => source.map) : [];
			canvases.forEach((canvas, i) => canvas.classList.toggle("feeds", feeding.includes(i + 1)));
		}
	}

	lay(props.value);
	onTheme(element, () => {
		colour = valueRamp(element);
		repaint();
	});
	subscribe(element, "reading", (/** @type {Reading} */ { answer, error }) => {
		element.classList.toggle("stale", !answer && error !== "");
		if (!answer && error) return; // what was last read stays in sight, pale
		last = answer;
		if (answer) lay(answer.layers);
		repaint();
		mark(answer?.unit);
	});
	new ResizeObserver(settle).observe(element);
	document.addEventListener("scroll", () => pointed && settle(), { passive: true });
	document.addEventListener("pointerdown", function elsewhere(event) {
		if (!element.isConnected) document.removeEventListener("pointerdown", elsewhere);
		else if (pinned && !(/** @type {Element} */ (event.target).closest(".grid, .paper"))) release();
	});
}

maps(element, props);
