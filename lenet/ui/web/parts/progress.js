/**
 * How training goes: a bar, a line of words, the curves of loss and accuracy; and once it is over, the way back through
 * its epochs, each read by the weights of its end.
 * @typedef {{state: string, text: string, aside: string, share: number, epochs: number, training: Row[], validation: Row[],
 *   reads: string, before: string, token: string, key: string, kept: number}} View what they are tells lenet/ui/training.py
 * @param {HTMLElement} element
 * @param {{value: View, paper: number}} props the test accuracy of the paper's network
 * @param {(name: string, heed: () => void) => void} watch
 */
function progress(element, props, watch) {
	const scrub = find(element, ".scrub");
	const slider = /** @type {HTMLInputElement} */ (find(element, "input"));
	const use = find(element, ".use");
	let reads = ""; // the model that reads now
	let told = ""; // the one that training wanted to read last
	let token = ""; // of that training
	let chosen = false; // whether the visitor chose a model meanwhile, which then stays

	function show() {
		const view = props.value;
		element.classList.toggle("failed", view.state === "failed");
		element.dataset.state = view.state;
		const bar = find(element, ".track");
		bar.style.setProperty("--share", String(view.share));
		bar.setAttribute("aria-valuenow", (100 * view.share).toFixed(0));
		find(element, ".text").textContent = view.text;
		find(element, ".aside").textContent = view.aside;
		if (view.key) remember(view.key);

		const offered = view.key !== "";
		const [key, epoch] = reads.split("@");
		const mark = offered && key === view.key && epoch ? Number(epoch) : null;
		scrub.hidden = !offered;
		find(element, "label").hidden = view.kept < 1;
		slider.max = String(view.kept);
		slider.value = String(mark ?? view.kept);
		find(element, ".caption").replaceChildren(
			mark === null ? `Look back, epochs 0 to ${view.kept}` : "Your drawing after epoch ",
			make("b", {}, mark === null ? "" : String(mark)),
		);
		use.hidden = reads === view.key;
		use.textContent = view.state === "stopped" ? "Use what was learned" : "Use the run";
		paintCharts(find(element, ".charts"), [view], view.epochs, props.paper, mark);
	}

	/** Read with the run from now on, and compare it with what read before. */
	function take() {
		const { before, key } = props.value;
		if (key !== before) publish("compare", { before, after: key });
		publish("model", key);
	}

	slider.addEventListener("input", () => publish("model", `${props.value.key}@${slider.value}`));
	use.addEventListener("click", take);
	subscribe(element, "model", (/** @type {string} */ model) => {
		chosen = model !== told;
	});
	subscribe(element, "reads", (/** @type {string} */ model) => {
		reads = model;
		show();
	});
	watch("value", () => {
		const { reads: next, before, state } = props.value;
		if (props.value.token !== token) [token, chosen] = [props.value.token, false];
		show();
		if (chosen || (next || before) === told) return;
		told = next || before;
		if (state === "done") take();
		else publish("model", told);
	});
	show();
}

progress(element, props, watch);
