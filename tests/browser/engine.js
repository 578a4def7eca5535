// What the tests of the engine call in the page.
const get = (path) => import(`/engine/${path}.js`);
const toBytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const toText = (values) => {
	const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
	let text = "";
	for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
	return btoa(text);
};

const tests = {
	/** Each drawing's placement and the names of its stages, and the bytes of all inputs and stages with their sides. */
	async draw(json, raw) {
		const { parseDrawing } = await get("drawing");
		const { preprocessDrawing } = await get("preprocessing");
		const bytes = [];
		const told = JSON.parse(json).map((drawing) => {
			const { strokes, width } = parseDrawing(drawing);
			const { image, placement, stages } = preprocessDrawing(strokes, raw, width);
			bytes.push(image);
			for (const { rows, columns, values } of stages()) bytes.push([rows, columns], values);
			return [Object.values(placement), stages().map(({ name }) => name)];
		});
		return [toText(new Uint8Array(await new Blob(bytes.map((part) => Uint8Array.from(part))).arrayBuffer())), told];
	},
	/** Why each message is refused, or null. */
	async refuse(messages) {
		const { parseDrawing } = await get("drawing");
		return messages.map((message) => {
			try {
				parseDrawing(message);
				return null;
			} catch (error) {
				return error.reason;
			}
		});
	},
	/** Everything that a network computes of each image. */
	async run(file, images) {
		const { readWeights } = await get("safetensors");
		const { run } = await get("network");
		const network = readWeights(toBytes(file).buffer);
		return images.map((image) => {
			const { layers, probabilities, confidence } = run(network, toBytes(image));
			const values = [...layers].map(([name, { raw, values }]) => [name, [toText(raw), toText(values)]]);
			return { probabilities, confidence, layers: Object.fromEntries(values) };
		});
	},
	/** Units, explained, of a network that sees an image. */
	async explain(file, image, places) {
		const { readWeights } = await get("safetensors");
		const { run } = await get("network");
		const { explainUnit } = await get("unit");
		const network = readWeights(toBytes(file).buffer);
		const activations = run(network, toBytes(image));
		return places.map((place) => explainUnit(network, activations, place));
	},
	/** The saliency of each digit. */
	async saliency(file, image) {
		const { readWeights } = await get("safetensors");
		const { run } = await get("network");
		const { saliency } = await get("saliency");
		const network = readWeights(toBytes(file).buffer);
		const activations = run(network, toBytes(image));
		return [...Array(10).keys()].map((digit) => toText(saliency(network, activations, digit)));
	},
	/** The loss of an image, its gradients, and what a step of gradient descent makes of the weights and probabilities. */
	async learn(file, image, label, rate) {
		const { readWeights } = await get("safetensors");
		const { run } = await get("network");
		const { descend, gradientsOf } = await get("learning");
		const network = readWeights(toBytes(file).buffer);
		const gradients = gradientsOf(network, run(network, toBytes(image)), label);
		const after = descend(network, gradients, rate);
		const texts = (map) => Object.fromEntries([...map].map(([name, values]) => [name, toText(values)]));
		const { loss, layers, weights } = gradients;
		const { probabilities } = run(after, toBytes(image));
		return { loss, layers: texts(layers), weights: texts(weights), after: texts(after.tensors), probabilities };
	},
	/** The pictures of the first kernels, and what is computed without some connections. */
	async kernels(file, image, layer, connections) {
		const { readWeights } = await get("safetensors");
		const { run } = await get("network");
		const { firstKernels, prune } = await get("kernels");
		const network = readWeights(toBytes(file).buffer);
		const { probabilities } = run(prune(network, layer, connections), toBytes(image));
		return { kernels: toText(firstKernels(network).values), probabilities };
	},
	/** Why a file of weights is refused; null if it is not. */
	async read(file) {
		const { readWeights } = await get("safetensors");
		try {
			readWeights(toBytes(file).buffer);
			return null;
		} catch (error) {
			return error.reason ?? String(error);
		}
	},
};
