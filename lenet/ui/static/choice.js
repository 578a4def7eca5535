/**
 * One of a few: the browser's own menu, which every phone and screen reader knows.
 * @param {HTMLElement} element
 * @param {{value: string, caption: string, choices: [string, string][]}} props what is shown, and the value that it stands for
 */
function choice(element, props) {
	const select = /** @type {HTMLSelectElement} */ (find(element, "select"));
	find(element, ".caption").textContent = props.caption;
	for (const [shown, value] of props.choices) select.append(make("option", { value }, shown));
	select.value = props.value;
	select.addEventListener("change", () => (props.value = select.value));
}

choice(element, props);
