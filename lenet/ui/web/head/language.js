// Which language the page is in, decided before anything is painted: head.py writes this into the HTML, which is in
// English for everybody, behind #languages, which it fills. Only the table of that language is fetched.
(() => {
	const root = document.documentElement;
	const given = /** @type {HTMLElement} */ (document.getElementById("languages"));
	/** @type {Record<string, {tag: string, table: string, texts: Record<string, string>}>} by their files' names */
	const languages = JSON.parse(String(given.textContent));
	let chosen = ""; // at an earlier visit: parts/header.js keeps it
	try {
		chosen = localStorage.getItem("lenet.language") ?? "";
	} catch {} // a forbidden storage only means that the browser's languages count
	const wanted = [new URLSearchParams(location.search).get("lang"), chosen, ...navigator.languages, "en"];
	const part = (/** @type {string | null} */ name, end = 1) =>
		String(name).toLowerCase().split("-").slice(0, end).join();
	const find = (/** @type {string | null} */ name, end = 9) =>
		Object.keys(languages).find((one) => part(one, end) === part(name, end));
	const language = String(wanted.map((name) => find(name) ?? find(name, 1)).find(Boolean)); // zh-TW reads zh
	const { tag, table, texts } = languages[language];
	root.dataset.language = language;
	root.lang = tag;
	document.head.append(
		Object.assign(document.createElement("link"), { rel: "preload", as: "fetch", crossOrigin: "", href: table }),
	);
	Object.defineProperty(navigator, "language", { value: tag, configurable: true }); // for Gradio's own words

	/** Put right what stands in the HTML: elements that name their text, and the tabs that Gradio will make. */
	function translate() {
		for (const element of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-text]"))) {
			const text = texts[String(element.dataset.text)];
			if (element instanceof HTMLMetaElement) element.content = text;
			else if (element.textContent !== text) element.textContent = text;
		}
		for (const { type, props } of /** @type {any} */ (window).gradio_config?.components ?? [])
			if (type === "tabitem") props.label = texts[`page.${props.id}`] ?? props.label;
	}

	if (language === "en") return;
	const changes = new MutationObserver(translate); // it runs between the parser and the painter
	changes.observe(document, { childList: true, subtree: true });
	document.addEventListener("readystatechange", () => {
		translate(); // before Gradio's modules run
		changes.disconnect();
	});
	translate();
})();
