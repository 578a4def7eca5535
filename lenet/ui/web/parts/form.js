/**
 * What to train: network, data and epochs, the rest under "More", and how long it will take.
 * @typedef {{name: string, label: string, plain: boolean, choices: [string, string][], bounds?: [number, number, number | "any"]}} Field
 * @typedef {{name: string, title: string, values: Record<string, string | number>}} Preset
 * @param {HTMLElement} element
 * @param {{value: Record<string, string | number | null>, offered: {fields: Field[], presets: Preset[]}}} props
 * @param {{estimate: (values: object) => Promise<{text: string}>}} server
 */
function form(element, props, server) {
	const PAUSE = 400; // milliseconds without a change before the time is estimated
	/** @type {Record<string, HTMLInputElement | HTMLSelectElement>} */ const inputs = {};
	/** @type {ReturnType<typeof setTimeout> | undefined} */ let pause;
	const more = find(element, ".more");
	const panel = find(element, ".panel");

	/** @param {string} label @param {[string, string][]} choices */
	function menu(label, choices) {
		const select = make("select", { "aria-label": label });
		for (const [value, shown] of choices) select.append(make("option", { value }, shown));
		return /** @type {HTMLSelectElement} */ (select);
	}

	/** @param {HTMLElement} box @param {string} label @param {HTMLElement} input */
	function put(box, label, input) {
		const around = make("label");
		around.append(make("span", { class: "caption" }, label), input);
		box.append(around);
	}

	/** @param {Field} field */
	function build({ name, label, plain, choices, bounds }) {
		if (bounds) {
			const [min, max, step] = bounds.map(String);
			inputs[name] = /** @type {HTMLInputElement} */ (
				make("input", { type: plain ? "range" : "number", min, max, step, required: "", "aria-label": label })
			);
		} else inputs[name] = menu(label, choices);
		inputs[name].addEventListener("input", read);
		put(plain ? find(element, ".plain") : panel, label, inputs[name]);
	}

	/** Show values in the form. @param {Record<string, string | number | null>} values */
	function fill(values) {
		for (const [name, input] of Object.entries(inputs)) input.value = String(values[name]);
		read();
	}

	/** Take the values over from the form; the server says what is wrong with one that is none. */
	function read() {
		/** @type {Record<string, string | number | null>} */ const values = {};
		for (const { name, bounds } of props.offered.fields) {
			const { value } = inputs[name];
			values[name] = !bounds ? value : value === "" ? null : Number(value);
		}
		props.value = values;
		const caption = find(/** @type {Element} */ (inputs.epochs.parentElement), ".caption");
		caption.replaceChildren("Epochs · ", make("b", {}, String(values.epochs)));
		clearTimeout(pause);
		pause = setTimeout(estimate, PAUSE);
	}

	async function estimate() {
		const asked = props.value;
		try {
			const { text } = await server.estimate(asked);
			if (asked === props.value) find(element, ".estimate").textContent = text;
		} catch {} // no estimate, then
	}

	const presets = menu(
		"Settings as in",
		props.offered.presets.map(({ name, title }) => [name, title]),
	);
	presets.addEventListener("input", () => {
		const chosen = props.offered.presets.find(({ name }) => name === presets.value);
		fill({ ...props.value, ...chosen?.values });
	});
	put(panel, "Settings as in", presets);
	props.offered.fields.forEach(build);
	/** @param {boolean} open */
	function toggle(open) {
		panel.hidden = !open;
		more.setAttribute("aria-expanded", String(open));
		more.textContent = open ? "Less" : "More";
	}
	more.addEventListener("click", () => toggle(Boolean(panel.hidden)));
	window.addEventListener(
		"keydown",
		function close(event) {
			if (!element.isConnected) return window.removeEventListener("keydown", close, true);
			if (event.key !== "Escape" || panel.hidden) return;
			toggle(false);
			more.focus();
			event.stopPropagation(); // else it clears the pad
		},
		true,
	);
	document.addEventListener("pointerdown", function away(event) {
		if (!element.isConnected) return document.removeEventListener("pointerdown", away);
		if (!element.contains(/** @type {Node} */ (event.target))) toggle(false);
	});
	subscribe(element, "trained", () => estimate());
	fill(props.value);
}

form(element, props, server);
