/**
 * How well a network reads the test digits: it has them read part by part, so that the bar is honest and drawing stays
 * live, then shows the figures, the digits behind each of them, and what changes cost.
 * @typedef {{place: number, label: number, digit: number, probabilities: number[], picture: Grey}} TestDigit
 * @typedef {{model: Model, notice: string, data: string, correct: number, total: number, accuracy: number, interval: number[],
 *   confusion: number[][], recall: number[], precision: (number | null)[], calibration: [number, number, number][],
 *   calibration_error: number, sure: number, unsure: number, rejection: [number, number][], mistakes: TestDigit[],
 *   pairs: {label: number, digit: number, ours: number, paper: number}[]}} Told what they are tells lenet/ui/testset.py
 * @param {HTMLElement} element
 * @param {{value: string[]}} props the shipped networks
 * @param {{answer: (message: object) => Promise<any>, manage: (message: object) => Promise<any>}} server
 */
function testset(element, props, server) {
	const ERROR = 0.005; // of what is kept: the paper's figure 10
	const CHANGES = {
		rotation: ["Turned, degrees", 30],
		scale: ["Scaled, times", 0.5],
		shift: ["Shifted down, pixels", 5],
		stroke: ["Pen wider, pixels", 1],
		noise: ["Pixels inverted", 0.05],
	};
	const choice = /** @type {HTMLSelectElement} */ (find(element, ".choice"));
	const bar = find(element, ".progress");
	/** @type {Told | null} */ let last = null;
	/** @type {object | null} */ let ink = null;
	let reads = props.value[0];
	let greys = greyRamp(element);
	let round = 0; // of readings: an older one gives way
	let visible = false;
	/** @type {Record<string, number | null>} */ const points = {}; // shares refused, by network

	/** @param {object} message @returns {Promise<any>} */
	async function ask(message) {
		const answer = await server.answer(message).catch(() => ({ error: "The server does not answer. Try again." }));
		find(element, ".notice").textContent = answer.error ?? "";
		return answer;
	}

	/** Have all digits read; whether that came to its end. @param {string} model @param {number} mine @param {(share: number) => void} tell */
	async function readAll(model, mine, tell) {
		for (let [done, total] = [0, 1]; done < total;) {
			const answer = await ask({ do: "read", model, from: done });
			if (answer.error || mine !== round) return false;
			({ done, total } = answer);
			tell(done / total);
		}
		return true;
	}

	async function test() {
		const mine = ++round;
		const model = choice.value;
		bar.classList.remove("over");
		find(element, ".figure").textContent = "Reading the test digits …";
		const whole = await readAll(model, mine, (share) => {
			bar.style.setProperty("--share", String(share));
			bar.setAttribute("aria-valuenow", (100 * share).toFixed(0));
		});
		bar.classList.add("over");
		if (!whole) return mine === round && (find(element, ".figure").textContent = "");
		const answer = await ask({ do: "report", model });
		if (answer.error || mine !== round) return;
		last = answer;
		show(answer);
		for (const change of Object.keys(CHANGES)) {
			if (mine !== round) return;
			await changed(model, change, mine);
		}
		for (const name of props.value) {
			if (name in points || mine !== round) continue;
			if (!(await readAll(name, mine, () => {}))) return;
			const { refused } = await ask({ do: "point", model: name });
			points[name] = refused ?? null;
			if (mine === round && last) charts(last);
		}
	}

	/** @param {Told} told */
	function show(told) {
		const { correct, total, accuracy, interval, notice, calibration_error, unsure, sure, pairs, mistakes } = told;
		find(element, ".found").hidden = false;
		find(element, ".figure").replaceChildren(
			make("b", {}, percent(accuracy, 2)),
			` ${correct.toLocaleString("en")} of ${total.toLocaleString("en")} read, 95 % interval ${percent(interval[0], 2)} to ${percent(interval[1], 2)}; calibration error ${percent(calibration_error, 2)}; ${percent(unsure)} refused where it must be ${sure.toFixed(2)} sure`,
		);
		find(element, ".data").textContent = notice;
		matrix(told);
		charts(told);
		gallery(`${mistakes.length} mistakes, the surest first`, mistakes);
		find(element, ".all").hidden = true;
		find(element, ".pairs").replaceChildren(
			...pairs.map(({ label, digit, ours, paper }) => {
				const row = make("div");
				row.append(make("b", {}, `${label} → ${digit}`), `${paper} · ${ours}`);
				return row;
			}),
		);
	}

	/** @param {Told} told */
	function matrix({ confusion, recall, precision }) {
		const most = Math.max(1, ...confusion.flatMap((row, label) => row.filter((_, digit) => digit !== label)));
		const table = find(element, ".confusion");
		const head = make("tr");
		head.append(
			make("th"),
			...confusion.map((_, digit) => make("th", { scope: "col" }, String(digit))),
			make("th", { class: "rate" }, "read"),
		);
		const rows = confusion.map((row, label) => {
			const line = make("tr");
			line.append(
				make("th", { scope: "row" }, String(label)),
				...row.map((count, digit) => cell(label, digit, count, most)),
				make("td", { class: "rate" }, percent(recall[label])),
			);
			return line;
		});
		const foot = make("tr");
		foot.append(
			make("th", { class: "rate" }, "right"),
			...precision.map((share) => make("td", { class: "rate" }, share === null ? "–" : percent(share))),
			make("td"),
		);
		table.replaceChildren(head, ...rows, foot);
	}

	/** @param {number} label @param {number} digit @param {number} count @param {number} most */
	function cell(label, digit, count, most) {
		const button = /** @type {HTMLButtonElement} */ (
			make(
				"button",
				{
					type: "button",
					"aria-label": `${label} read as ${digit}: ${count} digits`,
					"aria-pressed": "false",
					class: label === digit ? "right" : "",
				},
				String(count),
			)
		);
		button.disabled = count === 0;
		if (label !== digit) button.style.setProperty("--heat", String(0.85 * Math.sqrt(count / most)));
		button.addEventListener("click", async () => {
			const { digits, error, count: all } = await ask({ do: "cell", model: choice.value, label, digit });
			if (error) return;
			element
				.querySelectorAll(".confusion button")
				.forEach((other) => other.setAttribute("aria-pressed", String(other === button)));
			const some = digits.length < all ? `${digits.length} of ${all}` : String(all);
			gallery(
				`${some} ${label === digit ? `digits ${label} read, the least sure first` : `digits ${label} read as ${digit}`}`,
				digits,
			);
			find(element, ".all").hidden = false;
		});
		const place = make("td");
		place.append(button);
		return place;
	}

	/** @param {string} heading @param {TestDigit[]} digits */
	function gallery(heading, digits) {
		find(element, ".heading").textContent = heading;
		find(element, ".digits").replaceChildren(
			...digits.map(({ label, digit, probabilities, picture }) => {
				const canvas = grid(28, 28, 2, "");
				const bytes = decode(picture.values);
				paint(canvas, (place) => greys[bytes[place]]);
				const button = make("button", {
					type: "button",
					"aria-label": `A ${label}, read as ${digit}: put it on the pad`,
					title: probabilities.map((share, i) => `${i}: ${percent(share)}`).join("\n"),
				});
				button.append(canvas, make("b", {}, `${label} → ${digit}`), ` ${percent(probabilities[digit], 0)}`);
				button.addEventListener("click", () => take(bytes));
				return button;
			}),
		);
	}

	/** Put a digit on the pad, black on white, to be looked into. @param {Uint8Array} bytes */
	function take(bytes) {
		const canvas = grid(28, 28, 1, "");
		paint(canvas, (place) => 0xff000000 | (0x010101 * (255 - bytes[place])));
		publish("picture", canvas.toDataURL("image/png"));
		document.getElementById("draw-button")?.click(); // Gradio's button of that tab
	}

	/** @param {Told} told */
	function charts({ calibration, rejection, model }) {
		const shares = /** @type {[number, string][]} */ ([
			[0, "0"],
			[0.5, "50"],
			[1, "100 %"],
		]);
		const reliable = plotted({
			title: "Right, by how probable it said",
			x: [0, 1],
			y: [0, 1],
			xTicks: shares,
			yTicks: shares,
			lines: [
				{
					points: [
						[0, 0],
						[1, 1],
					],
					css: "ideal",
				},
				{ points: calibration.map(([a, b]) => [a, b]), css: "ours" },
			],
			marks: calibration.map(([a, b, count]) => ({
				x: a,
				y: b,
				css: "ours",
				label: `${count} digits: ${percent(a)} said, ${percent(b)} right`,
			})),
		});
		const most = Math.max(0.01, ...rejection.filter(([share]) => share === 0).map(([, error]) => error));
		const known = Object.entries(points).filter(([, refused]) => refused !== null);
		const wide = Math.min(1, Math.max(0.1, ...known.map(([, refused]) => 1.15 * Number(refused))));
		const rejecting = plotted({
			title: "Misread of the rest, by share refused",
			x: [0, wide],
			y: [0, most],
			xTicks: [
				[0, "0"],
				[wide / 2, percent(wide / 2, 0)],
				[wide, percent(wide, 0)],
			],
			yTicks: [
				[0, "0"],
				[ERROR, percent(ERROR)],
				[most, percent(most)],
			],
			lines: [{ points: rejection.filter(([share]) => share <= wide), css: "ours", label: model.name }],
			marks: known.map(([name, refused]) => ({
				x: Number(refused),
				y: ERROR,
				css: name === model.name && model.shipped ? "ours" : "",
				label: `${name}: ${percent(Number(refused))} refused for 0.5 % misread`,
			})),
		});
		find(element, ".first").replaceChildren(reliable, rejecting);
	}

	/** @param {string} model @param {string} change @param {number} mine */
	async function changed(model, change, mine) {
		const answer = await ask({ version: 1, do: "changed", model, change, ...ink });
		if (answer.error || mine !== round) return;
		const { amounts, accuracy, claims, drawing, total } = answer;
		const [title, step] = CHANGES[/** @type {keyof CHANGES} */ (change)];
		const [low, high] = [amounts[0], amounts.at(-1)];
		const along = (/** @type {number[]} */ values) =>
			values.map((value, i) => /** @type {[number, number]} */ ([amounts[i], value]));
		/** @type {[number, string][]} */ const ticks = [];
		for (let value = Math.ceil(low / Number(step)) * Number(step); value <= high + 1e-9; value += Number(step))
			ticks.push([value, change === "noise" ? percent(value, 0) : String(+value.toFixed(2))]);
		const svg = plotted({
			title: String(title),
			x: [low, high],
			y: [0, 1],
			xTicks: ticks,
			yTicks: [
				[0, "0"],
				[0.5, "50"],
				[1, "100 %"],
			],
			band: claims,
			bandLabel: change === "noise" ? "trained with, 1998" : "claimed in 1998",
			lines: [
				{ points: along(accuracy), css: "ours", label: `${total} test digits read` },
				...(drawing ? [{ points: along(drawing.probabilities), css: "own", label: `your ${drawing.digit}` }] : []),
			],
		});
		svg.dataset.change = change;
		find(element, ".about").textContent =
			`Blue: share read of ${total} test digits, the field itself changed and not put right again, as in the paper's figure 13.${drawing ? ` Orange: the probability of ${drawing.digit} for your drawing.` : " Draw a digit to see its own curve."}`;
		const box = find(element, ".second");
		const old = box.querySelector(`[data-change="${change}"]`);
		old ? old.replaceWith(svg) : box.append(svg);
	}

	async function opened() {
		publish("ink?", null);
		const answer = await server.manage({ do: "list", keys: remembered() }).catch(() => ({}));
		const before = last ? choice.value : reads;
		choice.replaceChildren(...props.value.map((name) => make("option", { value: name }, name)));
		for (const { key, title, recipe } of answer.runs ?? [])
			choice.append(make("option", { value: key }, `${title} · ${recipe}`));
		choice.value = before;
		if (!choice.value) choice.value = props.value[0];
		if (!last || last.model.name !== choice.value) test();
	}

	choice.addEventListener("change", test);
	find(element, ".all").addEventListener("click", () => last && show(last));
	subscribe(element, "ink", (now) => (ink = now));
	subscribe(element, "reads", (/** @type {string} */ model) => {
		if (model.startsWith("live:")) return;
		[reads] = model.split("@");
		last = null;
	});
	onTheme(element, () => {
		greys = greyRamp(element);
		if (last) show(last);
	});
	new IntersectionObserver(([{ isIntersecting }]) => {
		if (isIntersecting && !visible) opened();
		visible = isIntersecting;
	}).observe(element);
}

testset(element, props, server);
