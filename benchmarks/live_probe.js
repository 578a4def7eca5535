// What the page does while the pen moves, in milliseconds of the page's own clock. Runs before the page's own scripts.
{
	const frame = window.requestAnimationFrame.bind(window);
	const fetched = window.fetch.bind(window);
	let frameTime = null; // of the frame whose callbacks run: what they change is painted with it
	const asked = []; // readings that the server was asked for and whose answer is not in the store yet, in order
	const lists = { pens: [], moves: [], readings: [], rows: [] };

	window.requestAnimationFrame = (callback) =>
		frame((time) => {
			frameTime = time;
			try {
				callback(time);
			} finally {
				queueMicrotask(() => (frameTime = null)); // after the observers have heard of what it changed
			}
		});

	window.fetch = async (...request) => {
		const url = String(request[0]?.url ?? request[0]);
		const reads = url.includes("component_server") && String(request[1]?.body).includes('"read"');
		if (!reads) return fetched(...request);
		const question = { time: performance.now(), answered: false };
		asked.push(question);
		try {
			return await fetched(...request);
		} finally {
			question.answered = true;
		}
	};

	/** Collect what a frame shows, and hand it on once that frame is painted. */
	function perFrame(hear) {
		let waiting = []; // for a frame
		let batch = { time: null, items: waiting }; // of the last frame that showed any
		function show(time) {
			if (!waiting.length) return;
			if (batch.time === time) batch.items.push(...waiting);
			else {
				const { port1, port2 } = new MessageChannel();
				const shown = (batch = { time, items: waiting });
				port1.onmessage = () => hear(shown.items, performance.now());
				port2.postMessage(null);
			}
			waiting = [];
		}
		return (item) => {
			waiting.push(item);
			if (frameTime !== null) show(frameTime);
			else if (waiting.length === 1) frame(show);
		};
	}

	const paintMove = perFrame((moves, time) => moves.forEach((move) => (move.painted = time)));
	const paintReading = perFrame((readings, time) => readings.forEach((reading) => (reading.painted = time)));
	const paintRow = perFrame((rows, time) => lists.rows.push({ painted: time, rows: [...new Set(rows)] }));

	/** A reading knows of all moves before it; one that the server gave, of those before the question. */
	function heard({ answer }) {
		const now = performance.now();
		const known = asked[0]?.answered ? asked.shift().time : now;
		if (!answer) return;
		const reading = { known, set: now, painted: null };
		lists.readings.push(reading);
		paintReading(reading);
	}

	const on = (kind, handle) => addEventListener(kind, handle, true);
	on("pointerdown", () => lists.pens.push([performance.now(), null]));
	on("pointermove", ({ buttons, timeStamp }) => {
		if (!buttons) return;
		const move = { arrived: performance.now(), stamp: timeStamp, painted: null }; // by the next frame, whatever it shows
		lists.moves.push(move);
		paintMove(move);
	});
	on("pointerup", () => lists.pens.length && (lists.pens.at(-1)[1] = performance.now()));

	const isSeen = (element) => element?.getBoundingClientRect().width > 0;
	const pad = () => document.querySelector('canvas[role="img"][aria-label^="Draw a digit"]');
	const isRead = () =>
		[...document.querySelectorAll('[role="meter"][aria-label^="Probability of"]')].some(
			(meter) => Number(meter.getAttribute("aria-valuenow")) > 0,
		);
	const first = { pad: null, reading: null };
	const paintFirst = perFrame((names, time) => names.forEach((name) => (first[name] ??= time)));
	(function look() {
		frame((time) => {
			frameTime = time; // what is there now is painted with this frame
			if (first.pad === null && isSeen(pad())) paintFirst("pad");
			if (first.reading === null && isRead()) paintFirst("reading");
			frameTime = null;
			if (first.pad === null || first.reading === null) look();
		});
	})();

	window.probe = {
		first, // when the pad was first painted, and the first reading
		/** Hear every reading. */
		async listen() {
			const link = document.querySelector('link[rel="modulepreload"][href$="store.js"]');
			(await import(link.href)).listen("reading", heard);
		},
		/** Hear every change of the bars of each model of the Compare tab; how many models there are. */
		watch() {
			const rows = [...document.querySelectorAll("section.model")];
			const observer = new MutationObserver((records) =>
				records.forEach(({ target }) => paintRow(rows.indexOf(target.closest("section.model")))),
			);
			const attributes = ["aria-valuenow", "style"];
			rows.forEach((row) => observer.observe(row, { subtree: true, attributeFilter: attributes }));
			return rows.length;
		},
		/** Whether the last move, if there is one, is painted, and no question is under way. */
		settled() {
			const last = lists.moves.at(-1)?.stamp;
			const knows = lists.readings.some(({ known, painted }) => painted && known >= last);
			return pad().getAttribute("aria-busy") !== "true" && (last === undefined || knows);
		},
		/** All that was collected since the last time. */
		take() {
			const taken = Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, [...list]]));
			for (const list of Object.values(lists)) list.length = 0;
			return taken;
		},
	};
}
