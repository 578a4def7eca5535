/**
 * The page's title, and what reads here: network, weights, accuracy, milliseconds a reading, device.
 * @param {HTMLElement} element
 * @param {{value: {model: Model, device: string}}} props
 */
function header(element, props) {
	/** @param {Model} model @param {string} device @param {number | null} milliseconds */
	function show({ name, shipped, weights, accuracy }, device, milliseconds) {
		const facts = [shipped ? name : `${name}, your run`, `${weights.toLocaleString("en")} weights`];
		if (accuracy !== null) facts.push(percent(accuracy, 2));
		if (milliseconds !== null) facts.push(`${Math.round(milliseconds)} ms`);
		find(element, ".facts").textContent = [...facts, device].join(" · ");
	}
	show(props.value.model, props.value.device, null);
	subscribe(element, "reading", (/** @type {Reading} */ { answer, milliseconds }) => {
		if (answer) show(answer.model, answer.device, milliseconds);
	});
}

header(element, props);
