/**
 * The pad. It keeps the strokes, in thousandths of its side, or a picture, and has the server read them while the pen
 * moves: one request in flight, and whatever was drawn meanwhile goes with the next, so a slow server means fewer
 * readings, never a backlog.
 * @typedef {{strokes: Stroke[], picture?: string}} Ink what is on the sheet; a picture is a data URL
 * @param {HTMLElement} element
 * @param {{value: {model: string}, examples: Stroke[][], hard: string[], shipped: string}} props
 * @param {{read: (message: object) => Promise<any>}} server
 */
function pad(element, props, server) {
	const STEP = 4; // points closer than this to the last one are left out
	const MOST_POINTS = 9000; // the server takes 10,000
	const MOST_STROKES = 200;
	const RETRY = 500; // milliseconds, when the server did not answer
	const KEPT = "lenet.pad";

	const sheet = find(element, ".sheet");
	const canvas = /** @type {HTMLCanvasElement} */ (find(element, ".paper"));
	const buttons = ["undo", "redo", "clear"].map((name) => /** @type {HTMLButtonElement} */ (find(element, `.${name}`)));
	const patch = find(element, ".patch");
	/** @type {Ink} */ let ink = { strokes: [] };
	/** @type {Ink[]} */ let past = [];
	/** @type {Ink[]} */ let future = [];
	/** @type {Wish} */ const wishes = {};
	const image = new Image(); // of the picture on the sheet
	let drawing = false; // whether a pen is down, here or on another sheet
	let model = props.value.model;
	let home = model; // the last one that was no weights in training
	let asking = false;
	let changed = false;

	const drawn = () => ink.strokes.length > 0 || ink.picture !== undefined;

	function show() {
		sheet.classList.toggle("drawn", drawn());
		[past.length, future.length, Number(drawn())].forEach((count, i) => (buttons[i].disabled = count === 0));
		if (ink.picture && image.src !== ink.picture) {
			image.src = ink.picture;
			image.decode().then(show, () => {});
		}
		paintSheet(canvas, ink.strokes, ink.picture && image.complete ? image : undefined);
	}

	/** What is drawn, as the server takes it. */
	const sent = () => (ink.picture ? { picture: ink.picture.split(",")[1] } : { strokes: ink.strokes });

	function update() {
		show();
		publish("ink", drawn() ? sent() : null);
		try {
			sessionStorage.setItem(KEPT, JSON.stringify({ ink, model: home }));
		} catch {} // a full or forbidden storage only means that a reload forgets
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
		if (!drawn()) return tell(null, 0);
		const start = performance.now();
		const asked = model;
		try {
			const answer = await server.read({ version: 1, model, ...sent(), ...wishes });
			if (answer.gone && asked === model) choose(asked === home ? props.shipped : home); // it is no longer there
			if (answer.error) tell(null, 0, answer.error);
			if (answer.again) await again();
			else if (answer.error) return;
			else if (answer.digit === null) tell(null, 0, "There is no digit to be seen on this picture.");
			else if (!drawn())
				changed = true; // cleared meanwhile
			else tell(answer, performance.now() - start);
		} catch {
			tell(null, 0, "The server does not answer. Trying again.");
			await again();
		}
	}

	async function again() {
		await new Promise((resolve) => setTimeout(resolve, RETRY));
		changed = element.isConnected;
	}

	/** @param {Answer | null} answer @param {number} milliseconds @param {string} error */
	function tell(answer, milliseconds, error = "") {
		publish("reading", { answer, milliseconds, error });
		patch.hidden = !answer?.unit;
		if (!answer?.unit) return;
		const [scale, left, top] = answer.way.place; // field pixel = scale * thousandth of the sheet + left or top
		const [y, x, height, width] = answer.unit.patch;
		const within = (/** @type {number} */ place) => Math.min(SIDE, Math.max(0, place));
		const [x1, x2] = [x - left, x + width - left].map((pixels) => within(pixels / scale));
		const [y1, y2] = [y - top, y + height - top].map((pixels) => within(pixels / scale));
		const box = { left: x1, top: y1, width: x2 - x1, height: y2 - y1 };
		for (const [side, value] of Object.entries(box)) patch.style.setProperty(side, `${(100 * value) / SIDE}%`);
	}

	/** Replace what is on the sheet, so that it can be undone. @param {Ink} next */
	function become(next) {
		past.push(ink);
		future = [];
		ink = next;
		update();
	}

	/** @param {Ink[]} from @param {Ink[]} to */
	function travel(from, to) {
		const next = from.pop();
		if (!next) return;
		to.push(ink);
		ink = next;
		update();
	}

	/** Put a photo on the sheet, no larger than needed. @param {File} file */
	async function take(file) {
		try {
			become({ strokes: [], picture: await shrunken(file) });
		} catch {
			publish(
				"notice",
				`${file.name || "This"} is not a picture that can be opened here. JPEG and PNG up to 30 MB are.`,
			);
		}
	}

	/** @param {string} name */
	function choose(name) {
		if (name === model) return;
		model = name;
		if (!name.startsWith("live:")) [home] = name.split("@");
		publish("reads", model);
		props.value = { model }; // for who trains from here on
		update();
	}

	/** What was kept for a reload, if it is what this pad keeps. */
	function recall() {
		try {
			const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
			const isStroke = (/** @type {any} */ stroke) =>
				stroke.length && stroke.every((/** @type {any} */ [x, y]) => Number.isFinite(x + y));
			if (!kept.ink.strokes.every(isStroke) || typeof kept.model !== "string") return;
			ink = { strokes: kept.ink.strokes };
			if (String(kept.ink.picture).startsWith("data:image/")) ink.picture = kept.ink.picture;
			choose(kept.model);
		} catch {} // nothing was kept, or it is no ink, or storage is forbidden: the pad is empty
	}

	/** A stroke begins, on a picture with a new drawing. @param {Point} point */
	function begin(point) {
		if (ink.strokes.length >= MOST_STROKES) return false;
		drawing = true;
		become({ strokes: [...ink.strokes, [point]] });
		return true;
	}

	/** @param {Point[]} points */
	function extend(points) {
		const stroke = ink.strokes[ink.strokes.length - 1];
		let count = ink.strokes.reduce((sum, one) => sum + one.length, 0);
		for (const [x, y] of points) {
			const [lastX, lastY] = stroke[stroke.length - 1];
			if (Math.hypot(x - lastX, y - lastY) >= STEP && count++ < MOST_POINTS) stroke.push([x, y]);
		}
		update();
	}

	const end = () => (drawing = false);
	takePen(canvas, begin, extend, end);
	subscribe(element, "pen", (/** @type {{begin?: Point, extend?: Point[]}} */ pen) => {
		if (pen.begin) begin(pen.begin);
		else if (pen.extend) drawing && extend(pen.extend);
		else end();
	});

	const undo = () => travel(past, future);
	const redo = () => travel(future, past);
	const clear = () => drawn() && become({ strokes: [] });
	[undo, redo, clear].forEach((act, i) => buttons[i].addEventListener("click", act));

	document.addEventListener("keydown", function keys(event) {
		if (!element.isConnected) return document.removeEventListener("keydown", keys);
		const target = /** @type {HTMLElement} */ (event.target);
		if (
			target.closest("input:not([type=checkbox], [type=range]), textarea, select, [contenteditable]") ||
			event.altKey ||
			!canvas.offsetParent
		)
			return;
		if (drawing) return; // first the stroke, then the keys
		const command = event.ctrlKey || event.metaKey;
		if (command && event.key.toLowerCase() === "z") event.shiftKey ? redo() : undo();
		else if (command) return;
		else if (event.key === "Escape") clear();
		else if (/^[0-9]$/.test(event.key)) become({ strokes: props.examples[Number(event.key)] });
		else return;
		event.preventDefault();
	});

	takePictures(element, take);

	/** @param {string} row @param {string} label @param {HTMLElement} picture @param {Ink} example */
	function offer(row, label, picture, example) {
		const button = make("button", { type: "button", "aria-label": label });
		button.append(picture);
		button.addEventListener("click", () => become(example));
		find(element, row).append(button);
	}
	const pictures = props.examples.map(() => document.createElement("canvas"));
	props.examples.forEach((strokes, digit) => offer(".examples", `Example ${digit}`, pictures[digit], { strokes }));
	props.hard.forEach((picture, i) =>
		offer(".hard", `Hard digit ${i + 1}`, make("img", { src: picture, alt: "" }), { strokes: [], picture }),
	);

	new ResizeObserver(() => {
		show();
		pictures.forEach((picture, digit) => paintSheet(picture, props.examples[digit]));
	}).observe(canvas);
	subscribe(element, "wish", (/** @type {Wish} */ wish) => {
		Object.assign(wishes, wish);
		changed = drawn();
		ask();
	});
	subscribe(element, "model", choose);
	subscribe(element, "ink?", () => publish("ink", drawn() ? sent() : null));
	subscribe(element, "clear", clear);
	subscribe(element, "picture", (/** @type {string} */ picture) => become({ strokes: [], picture }));

	recall();
	update();
}

pad(element, props, server);
