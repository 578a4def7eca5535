/**
 * What the network sees: the field, how the drawing became it, and what in it matters.
 * @param {HTMLElement} element
 */
function seen(element) {
	const THUMB = 36; // screen pixels
	const STAGES = ["drawn", "box", "20 px", "centred"];
	const field = grid(32, 32, 5, "What the network sees");
	const frame = find(element, ".frame");
	const patch = find(element, ".patch");
	const matter = /** @type {HTMLSelectElement} */ (find(element, ".matter"));
	const drawn = /** @type {HTMLInputElement} */ (find(element, ".drawn"));
	/** @type {Answer | null} */ let last = null;
	let greys = greyRamp(element);
	let colour = valueRamp(element);
	frame.prepend(field);

	/** @param {Grey} stage */
	function thumbnail({ name, shape, values }) {
		const [rows, columns] = shape;
		const canvas = grid(rows, columns, THUMB / Math.max(rows, columns), `The digit, ${name}`);
		const bytes = decode(values);
		paint(canvas, (place) => greys[bytes[place]]);
		const figure = make("figure");
		figure.append(canvas, make("figcaption", {}, name));
		return figure;
	}

	/** Ink in its colours, on white. @param {Uint8Array} ink red, then green, then blue */
	function inColours(ink) {
		const size = ink.length / 3;
		const channel = (/** @type {number} */ place, /** @type {number} */ i) => 255 - ink[i * size + place];
		paint(
			field,
			(place) => ((255 << 24) | (channel(place, 2) << 16) | (channel(place, 1) << 8) | channel(place, 0)) >>> 0,
		);
	}

	/** Ink and what matters on one picture: each colour, darkened where ink is. @param {Uint8Array} ink @param {Int8Array} values */
	function overlay(ink, values) {
		paint(field, (place) => colour(values[place] / 127));
		const context = /** @type {CanvasRenderingContext2D} */ (field.getContext("2d"));
		const over = grid(32, 32, 1, "");
		paint(over, (place) => greys[255]);
		const image = /** @type {CanvasRenderingContext2D} */ (over.getContext("2d")).getImageData(0, 0, 32, 32);
		ink.forEach((byte, place) => (image.data[4 * place + 3] = 0.45 * byte));
		/** @type {CanvasRenderingContext2D} */ (over.getContext("2d")).putImageData(image, 0, 0);
		context.drawImage(over, 0, 0);
	}

	function repaint() {
		patch.hidden = !last?.unit;
		find(element, ".size").hidden = Boolean(last?.matter);
		find(element, ".legend").hidden = !last?.matter;
		if (!last) {
			paint(field, () => greys[0]);
			const empty = { shape: [28, 28], values: btoa("\0".repeat(28 * 28)) };
			return find(element, ".strip").replaceChildren(...STAGES.map((name) => thumbnail({ name, ...empty })));
		}
		const ink = decode(last.way.field.values);
		if (last.matter) overlay(ink, new Int8Array(decode(last.matter.values).buffer));
		else if (last.way.colours) inColours(decode(last.way.colours.values));
		else paint(field, (place) => greys[ink[place]]);
		find(element, ".strip").replaceChildren(...last.way.stages.map(thumbnail));
		if (last.unit) {
			const [top, left, height, width] = last.unit.patch.map((pixels) => `${(100 * pixels) / 32}%`);
			Object.assign(patch.style, { top, left, height, width });
		}
	}

	function wish() {
		const chosen =
			matter.value === "answer" ? (last?.digit ?? null) : matter.value === "" ? null : Number(matter.value);
		publish("wish", { drawn: drawn.checked, matter: chosen });
	}

	matter.addEventListener("change", wish);
	drawn.addEventListener("change", wish);
	onTheme(element, () => {
		[greys, colour] = [greyRamp(element), valueRamp(element)];
		repaint();
	});
	subscribe(element, "reading", (/** @type {Reading} */ { answer, error }) => {
		element.classList.toggle("stale", !answer && error !== "");
		patch.hidden = !answer?.unit;
		if (!answer && error) return;
		const turned = matter.value === "answer" && answer && answer.digit !== last?.digit;
		last = answer;
		repaint();
		if (turned) wish();
	});
}

seen(element);
