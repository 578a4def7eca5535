/**
 * Ten probabilities in fixed order, the answer in large, and who gave it.
 * @param {HTMLElement} element
 * @param {{value: {model: string}}} props the shipped network to go back to
 */
function bars(element, props) {
	const QUIET = 700; // milliseconds without a change before the answer is spoken, so that it does not chatter

	const rows = [...Array(10).keys()].map((digit) => {
		const row = make("div", { class: "bar", role: "meter", "aria-label": `Probability of ${digit}` });
		row.setAttribute("aria-valuemin", "0");
		row.setAttribute("aria-valuemax", "100");
		const track = make("div", { class: "track" });
		track.append(make("div", { class: "fill" }));
		row.append(make("span", { class: "name" }, String(digit)), track, make("span", { class: "value" }));
		find(element, ".bars").append(row);
		return row;
	});
	const NOTICE = 8000; // milliseconds that a word on something refused stays
	/** @type {ReturnType<typeof setTimeout> | undefined} */ let noticed;
	const live = find(element, ".answer");
	/** @type {ReturnType<typeof setTimeout> | undefined} */ let quiet;

	/** @param {number[] | null} probabilities */
	function fill(probabilities) {
		rows.forEach((row, digit) => {
			const share = probabilities ? probabilities[digit] : 0;
			row.style.setProperty("--share", String(share));
			row.setAttribute("aria-valuenow", (100 * share).toFixed(1));
			row.classList.toggle("top", probabilities !== null && share === Math.max(...probabilities));
			find(row, ".value").textContent = probabilities ? (100 * share).toFixed(1) : "";
		});
	}

	/** @param {string} digit @param {string} first @param {string} second */
	function say(digit, first, second) {
		live.setAttribute("aria-busy", "true"); // a screen reader waits until it is false
		clearTimeout(quiet);
		quiet = setTimeout(() => live.setAttribute("aria-busy", "false"), QUIET);
		find(element, ".digit").textContent = digit;
		find(element, ".first").textContent = first;
		find(element, ".second").textContent = second;
	}

	/** @param {Answer} answer */
	function answered({ digit, probabilities, model }) {
		const order = [...probabilities.keys()].sort((a, b) => probabilities[b] - probabilities[a]);
		say(String(digit), percent(probabilities[digit]), `then ${order[1]}, ${percent(probabilities[order[1]])}`);
		find(element, ".who").textContent = model.shipped ? `Read by ${model.name}, as shipped` : `Read by ${model.title}`;
		find(element, ".back").hidden = model.shipped;
	}

	subscribe(element, "reading", (/** @type {Reading} */ { answer, error }) => {
		element.classList.toggle("empty", !answer);
		fill(answer && answer.probabilities);
		find(element, ".model").hidden = !answer;
		if (answer) answered(answer);
		else if (error) say("?", "Not read", error);
		else say("?", "Nothing drawn yet", "The bars move with the pen.");
	});
	subscribe(element, "notice", (text) => {
		clearTimeout(noticed);
		find(element, ".notice").textContent = text;
		noticed = setTimeout(() => (find(element, ".notice").textContent = ""), NOTICE);
	});
	find(element, ".back").addEventListener("click", () => publish("model", props.value.model));
	fill(null);
	element.classList.add("empty");
}

bars(element, props);
