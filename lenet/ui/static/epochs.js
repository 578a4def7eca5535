/**
 * How many epochs to train: a slider that says its value.
 * @param {HTMLElement} element
 * @param {{value: number, most: number}} props
 */
function epochs(element, props) {
	const slider = /** @type {HTMLInputElement} */ (find(element, "input"));
	slider.max = String(props.most);
	slider.value = String(props.value);
	function show() {
		props.value = Number(slider.value);
		find(element, ".count").textContent = slider.value;
	}
	slider.addEventListener("input", show);
	show();
}

epochs(element, props);
