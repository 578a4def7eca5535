// The wires between two layers of maps, as a matrix of switches: a row a source, a column a map.

/**
 * Build the matrix anew.
 * @param {HTMLElement} box @param {boolean[][]} wires maps by sources @param {string} before the sources' layer
 * @param {string} layer of the maps @param {(off: [number, number][]) => void} changed called with the wires switched off
 */
function wireMatrix(box, wires, before, layer, changed) {
	const [maps, sources] = [wires.length, wires[0].length];
	/** @type {HTMLButtonElement[][]} */ const cells = [];
	const off = (/** @type {HTMLButtonElement} */ cell) => cell.getAttribute("aria-pressed") === "false";

	/** @param {HTMLButtonElement[]} some */
	function turn(some) {
		const there = some.filter(({ disabled }) => !disabled);
		const on = there.every(off);
		for (const cell of there) cell.setAttribute("aria-pressed", String(on));
		changed(
			cells.flatMap((column, map) =>
				column.flatMap((cell, source) =>
					!cell.disabled && off(cell) ? [/** @type {[number, number]} */ ([map, source])] : [],
				),
			),
		);
	}

	/** @param {string} text @param {string} label @param {() => HTMLButtonElement[]} some */
	function header(text, label, some) {
		const made = make("button", { type: "button", "aria-label": label }, text);
		made.addEventListener("click", () => turn(some()));
		const cell = make("th");
		cell.append(made);
		return cell;
	}

	const table = make("table", { class: "matrix" });
	const top = make("tr");
	top.append(make("td", { class: "corner" }, `${before} ↓ ${layer} →`));
	for (let map = 0; map < maps; map++)
		top.append(header(String(map + 1), `All wires to ${layer} ${map + 1}`, () => cells[map]));
	table.append(top);
	for (let map = 0; map < maps; map++) cells.push([]);
	for (let source = 0; source < sources; source++) {
		const row = make("tr");
		row.append(
			header(String(source + 1), `All wires from ${before} ${source + 1}`, () => cells.map((column) => column[source])),
		);
		for (let map = 0; map < maps; map++) {
			const cell = /** @type {HTMLButtonElement} */ (
				make("button", {
					type: "button",
					class: "wire",
					"aria-label": `Wire from ${before} ${source + 1} to ${layer} ${map + 1}`,
					"aria-pressed": String(wires[map][source]),
				})
			);
			cell.disabled = !wires[map][source];
			cell.addEventListener("click", () => turn([cell]));
			cells[map].push(cell);
			const place = make("td");
			place.append(cell);
			row.append(place);
		}
		table.append(row);
	}
	box.replaceChildren(table);
}
