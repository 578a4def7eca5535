/**
 * The pad. It keeps the strokes, in thousandths of its side, and has the server read them while the pen moves: one
 * request in flight, and whatever was drawn meanwhile goes with the next, so a slow server means fewer readings, never
 * a backlog.
 * @typedef {[number, number]} Point
 * @typedef {Point[]} Stroke
 * @param {HTMLElement} element
 * @param {{value: {model: string}, examples: Stroke[][], shipped: string}} props
 * @param {{read: (message: object) => Promise<Answer & {error?: string}>}} server
 * @param {(name: string, heed: () => void) => void} watch
 */
function pad(element, props, server, watch) {
	const SIDE = 1000;
	const PEN = 60; // as wide as it looks; what the network sees is drawn again by the server
	const STEP = 4; // points closer than this to the last one are left out
	const MOST_POINTS = 9000; // the server takes 10,000
	const RETRY = 500; // milliseconds, when the server did not answer
	const KEPT = "lenet.pad";

	const sheet = find(element, ".sheet");
	const canvas = /** @type {HTMLCanvasElement} */ (find(element, ".paper"));
	const buttons = ["undo", "redo", "clear"].map((name) => /** @type {HTMLButtonElement} */ (find(element, `.${name}`)));
	/** @type {Stroke[]} */ let strokes = [];
	/** @type {Stroke[][]} */ let past = [];
	/** @type {Stroke[][]} */ let future = [];
	/** @type {number | null} */ let pen = null; // the pointer that draws
	let model = props.value.model;
	let asking = false;
	let changed = false;

	/** @param {HTMLCanvasElement} target @param {Stroke[]} ink */
	function paint(target, ink) {
		const side = Math.round(target.clientWidth * devicePixelRatio);
		if (target.width !== side) target.width = target.height = side;
		const context = /** @type {CanvasRenderingContext2D} */ (target.getContext("2d"));
		context.setTransform(side / SIDE, 0, 0, side / SIDE, 0, 0);
		context.clearRect(0, 0, SIDE, SIDE);
		context.lineWidth = PEN;
		context.lineCap = context.lineJoin = "round";
		context.strokeStyle = getComputedStyle(element).getPropertyValue("--ink-on-paper");
		for (const stroke of ink) {
			context.beginPath();
			context.moveTo(...stroke[0]);
			for (const point of stroke) context.lineTo(...point);
			context.stroke();
		}
	}

	function show() {
		sheet.classList.toggle("drawn", strokes.length > 0);
		[past.length, future.length, strokes.length].forEach((count, i) => (buttons[i].disabled = count === 0));
		paint(canvas, strokes);
	}

	function update() {
		show();
		sessionStorage.setItem(KEPT, JSON.stringify({ strokes, model }));
		changed = true;
		ask();
	}

	/** @param {boolean} now */
	function busy(now) {
		asking = now;
		canvas.setAttribute("aria-busy", String(now));
	}

	async function ask() {
		if (asking) return;
		busy(true);
		while (changed) {
			changed = false;
			await read();
		}
		busy(false);
	}

	async function read() {
		if (!strokes.length) return tell(null, 0);
		const start = performance.now();
		const asked = model;
		try {
			const answer = await server.read({ version: 1, model, strokes });
			if (answer.error && asked !== props.shipped) choose(props.shipped); // a run that is no longer there
			if (answer.error) tell(null, 0, answer.error);
			else if (!strokes.length) changed = true; // cleared meanwhile
			else tell(answer, performance.now() - start);
		} catch {
			tell(null, 0, "The server does not answer. Trying again.");
			await new Promise((resolve) => setTimeout(resolve, RETRY));
			changed = element.isConnected;
		}
	}

	/** @param {Answer | null} answer @param {number} milliseconds @param {string} error */
	function tell(answer, milliseconds, error = "") {
		publish("reading", { answer, milliseconds, error });
	}

	/** Replace the drawing, so that it can be undone. @param {Stroke[]} next */
	function become(next) {
		past.push(strokes);
		future = [];
		strokes = next;
		update();
	}

	/** @param {Stroke[][]} from @param {Stroke[][]} to */
	function travel(from, to) {
		const next = from.pop();
		if (!next) return;
		to.push(strokes);
		strokes = next;
		update();
	}

	/** @param {string} name */
	function choose(name) {
		if (name === model) return;
		model = name;
		update();
	}

	/** @param {PointerEvent} event @returns {Point} */
	function place(event) {
		const box = canvas.getBoundingClientRect();
		const inside = (/** @type {number} */ share) => Math.round(SIDE * Math.min(1, Math.max(0, share)));
		return [inside((event.clientX - box.left) / box.width), inside((event.clientY - box.top) / box.height)];
	}

	/** @param {PointerEvent} event */
	function draw(event) {
		const stroke = strokes[strokes.length - 1];
		let drawn = strokes.reduce((sum, one) => sum + one.length, 0);
		for (const each of event.getCoalescedEvents?.() ?? [event]) {
			const [x, y] = place(each);
			const [lastX, lastY] = stroke[stroke.length - 1];
			if (Math.hypot(x - lastX, y - lastY) >= STEP && drawn++ < MOST_POINTS) stroke.push([x, y]);
		}
		update();
	}

	canvas.addEventListener("pointerdown", (event) => {
		if (event.button !== 0 || pen !== null || !event.isPrimary) return;
		pen = event.pointerId;
		canvas.setPointerCapture(pen);
		become([...strokes, [place(event)]]);
	});
	canvas.addEventListener("pointermove", (event) => event.pointerId === pen && draw(event));
	for (const end of ["pointerup", "pointercancel"]) {
		canvas.addEventListener(end, (event) => {
			if (/** @type {PointerEvent} */ (event).pointerId === pen) pen = null;
		});
	}

	const undo = () => travel(past, future);
	const redo = () => travel(future, past);
	const clear = () => strokes.length && become([]);
	[undo, redo, clear].forEach((act, i) => buttons[i].addEventListener("click", act));

	document.addEventListener("keydown", function keys(event) {
		if (!element.isConnected) return document.removeEventListener("keydown", keys);
		const target = /** @type {HTMLElement} */ (event.target);
		if (target.closest("input, textarea, select, [contenteditable]") || event.altKey || !canvas.offsetParent) return;
		const command = event.ctrlKey || event.metaKey;
		if (command && event.key.toLowerCase() === "z") event.shiftKey ? redo() : undo();
		else if (command) return;
		else if (event.key === "Escape") clear();
		else if (/^[0-9]$/.test(event.key)) become(props.examples[Number(event.key)]);
		else return;
		event.preventDefault();
	});

	props.examples.forEach((ink, digit) => {
		const button = make("button", { type: "button", "aria-label": `Example ${digit}` });
		const picture = document.createElement("canvas");
		button.append(picture);
		find(element, ".examples").append(button);
		button.addEventListener("click", () => become(ink));
	});
	function paintAll() {
		paint(canvas, strokes);
		element.querySelectorAll(".examples canvas").forEach((picture, digit) => {
			paint(/** @type {HTMLCanvasElement} */ (picture), props.examples[digit]);
		});
	}
	new ResizeObserver(paintAll).observe(canvas);
	watch("value", () => choose(props.value.model));
	subscribe(element, "model", choose);

	const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
	if (kept) ({ strokes, model } = kept);
	update();
}

pad(element, props, server, watch);
