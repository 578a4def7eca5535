/**
 * Inside the network: the field that it sees, and the values of every layer, each layer on a colour scale of its own
 * on which zero is always the same colour.
 * @param {HTMLElement} element
 * @param {{value: {name: string, shape: number[]}[]}} props the layers, so that the page stands before anything is drawn
 */
function maps(element, props) {
	/** Maps side by side, and screen pixels a unit. @type {Record<string, [number, number]>} */
	const LAYOUT = { Seen: [1, 5], C1: [3, 3], S2: [3, 3], C3: [4, 5], S4: [4, 5], C5: [8, 11], F6: [7, 13], output: [1, 16] };
	const ZERO = 128; // where it stands in `ramp`, which runs from -127 to 127

	/** @typedef {{canvases: HTMLCanvasElement[], rows: number, columns: number, ends: Element[]}} Stage */
	/** @type {Record<string, Stage>} */ const stages = {};
	/** @type {Answer | null} */ let last = null;
	let ramp = new Uint32Array(256);
	let greys = new Uint32Array(256);

	/** @param {string} name @param {number[]} shape */
	function build(name, shape) {
		const [across, zoom] = LAYOUT[name];
		const placed = shape.length === 3 && shape[1] * shape[2] > 1; // else units without a place: one picture of them all
		const count = placed ? shape[0] : 1;
		const [rows, columns] = placed ? shape.slice(1) : [Math.ceil(shape[0] / across), across];
		const size = placed ? `${rows}×${columns}` : `${shape[0]}`;
		const grid = make("div", { class: "grid", style: `grid-template-columns: repeat(${placed ? across : 1}, max-content)` });
		const canvases = [...Array(count).keys()].map((i) => {
			const which = placed ? `map ${i + 1} of ${count}` : `${shape[0]} units`;
			const label = name === "Seen" ? "What the network sees" : `${name} ${which}`;
			const canvas = /** @type {HTMLCanvasElement} */ (make("canvas", { role: "img", "aria-label": label }));
			[canvas.width, canvas.height] = [columns, rows];
			canvas.style.cssText = `width: ${columns * zoom}px; height: ${rows * zoom}px`;
			return canvas;
		});
		grid.append(...canvases);
		const heading = make("h3", {}, name);
		heading.append(make("em", {}, count > 1 ? `${count} × ${size}` : size));
		const stage = make("section", { class: "stage" });
		stage.append(heading, grid);
		const ends = name === "Seen" ? [] : [make("span"), make("span")];
		if (ends.length) {
			const legend = make("div", { class: "ends" });
			legend.append(...ends);
			stage.append(make("div", { class: "scale" }), legend);
		}
		find(element, ".stages").append(stage);
		stages[name] = { canvases, rows, columns, ends };
	}

	/** @param {Stage} stage @param {(place: number) => number} colour of the unit at that place in the layer */
	function paint({ canvases, rows, columns }, colour) {
		const size = rows * columns;
		canvases.forEach((canvas, i) => {
			const image = new ImageData(columns, rows);
			const pixels = new Uint32Array(image.data.buffer);
			for (let j = 0; j < size; j++) pixels[j] = colour(i * size + j);
			/** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d")).putImageData(image, 0, 0);
		});
	}

	/** @param {Layer} layer */
	function show({ name, values, scale }) {
		const bytes = decode(values);
		const signed = bytes.some((byte) => byte > 127); // two's complement
		paint(stages[name], (place) => (place < bytes.length ? ramp[(bytes[place] + ZERO) & 255] : 0));
		const [low, high] = stages[name].ends;
		low.textContent = signed ? (-scale).toFixed(1) : "0";
		high.textContent = scale.toFixed(1);
		low.parentElement?.parentElement?.classList.toggle("signed", signed);
	}

	function blank() {
		for (const stage of Object.values(stages)) {
			paint(stage, () => ramp[ZERO]);
			for (const end of stage.ends) end.textContent = "\u00a0";
		}
		paint(stages.Seen, () => greys[0]);
	}

	function repaint() {
		if (!last) return blank();
		const field = decode(last.field);
		paint(stages.Seen, (place) => greys[field[place]]);
		last.layers.forEach(show);
	}

	/** @param {string} base64 */
	function decode(base64) {
		return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
	}

	/** Colours at even distances, as 256 pixels. @param {string[]} stops names of CSS variables */
	function blend(stops) {
		const strip = document.createElement("canvas");
		[strip.width, strip.height] = [256, 1];
		const context = /** @type {CanvasRenderingContext2D} */ (strip.getContext("2d"));
		const gradient = context.createLinearGradient(0, 0, 256, 0);
		const style = getComputedStyle(element);
		stops.forEach((name, i) => gradient.addColorStop(i / (stops.length - 1), style.getPropertyValue(name).trim()));
		context.fillStyle = gradient;
		context.fillRect(0, 0, 256, 1);
		return new Uint32Array(context.getImageData(0, 0, 256, 1).data.buffer);
	}

	build("Seen", [1, 32, 32]);
	for (const { name, shape } of props.value) build(name, shape);
	onTheme(element, () => {
		ramp = blend(["--below-3", "--below-2", "--below-1", "--zero", "--above-1", "--above-2", "--above-3"]);
		greys = blend(["--zero", "--text"]);
		repaint();
	});
	subscribe(element, "reading", (/** @type {Reading} */ { answer, error }) => {
		if (!answer && error) return; // what was last read stays in sight
		last = answer;
		repaint();
	});
}

maps(element, props);
