/**
 * Two trainings side by side, with a ReLU on the outputs and without: the share of each digit that is read.
 * @typedef {{name: string, recall: number[], accuracy: number | null, epoch: number}} DyingRow
 * @param {HTMLElement} element
 * @param {{value: {text: string, rows: DyingRow[]}}} props what they are tells lenet/ui/dying.py
 * @param {(name: string, heed: () => void) => void} watch
 */
function dying(element, props, watch) {
	function show() {
		find(element, ".text").textContent = props.value.text;
		find(element, ".rows").replaceChildren(
			...props.value.rows.map(({ name, recall, accuracy, epoch }) => {
				const title = make("div", { class: "name" });
				title.append(make("b", {}, name), accuracy === null ? "" : ` · after epoch ${epoch}, ${percent(accuracy)}`);
				const bars = make("div", { class: "bars" });
				bars.append(
					...recall.map((share, digit) => {
						const dead = epoch > 0 && share === 0;
						const bar = make("div", {
							class: dead ? "bar dead" : "bar",
							role: "meter",
							"aria-label": `${name}: share of ${digit} read`,
							"aria-valuemin": "0",
							"aria-valuemax": "100",
							"aria-valuenow": (100 * share).toFixed(1),
							style: `--share: ${share}`,
						});
						const track = make("div", { class: "track" });
						track.append(make("div", { class: "fill" }));
						bar.append(track, String(digit));
						return bar;
					}),
				);
				const row = make("div");
				row.append(title, bars);
				return row;
			}),
		);
	}
	watch("value", show);
	show();
}

dying(element, props, watch);
