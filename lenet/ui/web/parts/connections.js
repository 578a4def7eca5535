// Which maps of one layer feed which maps of the next: a grid of switches, a row a source, a column a map.
import { el } from "../dom.js";
import { scroller } from "../scroller.js";
import { t } from "../texts.js";

/** @typedef {[map: number, source: number]} Connection */
/**
 * What is connected: `table` maps by sources, from one layer to the next; `fixed` if nothing can be removed.
 * @typedef {{table: boolean[][], source: string, layer: string, fixed: boolean}} Connections
 */

/**
 * Build the grid. It is one tab stop, within which the arrow keys move; its heads switch a row or a column.
 * @param {Connections} connections @param {(pruned: Connection[]) => void} changed hears what is removed by now
 */
export function connectionGrid({ table, source, layer, fixed }, changed) {
	const [maps, sources] = [table.length, table[0].length];
	/** @type {Set<string>} */ const pruned = new Set(); // "map,source"

	/** @param {string} text @param {string} label @param {() => Connection[]} some that it switches */
	function head(text, label, some) {
		return el(
			"button",
			{
				type: "button",
				class: "head",
				tabindex: -1,
				"aria-label": label,
				"aria-disabled": fixed,
				click: () => flip(some()),
			},
			text,
		);
	}

	/** @param {number} map @param {number} from */
	function cell(map, from) {
		const there = table[map][from];
		const key = there ? "networks.table.cell" : "networks.table.absent";
		return el("button", {
			type: "button",
			class: there ? "cell" : "cell absent",
			tabindex: -1,
			"aria-label": t(key, { source, row: from + 1, layer, map: map + 1 }),
			"aria-pressed": String(there),
			"aria-disabled": String(fixed || !there),
			click: () => flip([[map, from]]),
		});
	}

	const columns = [...table.keys()];
	const rows = [...table[0].keys()];
	/** @type {(HTMLButtonElement | null)[][]} */
	const buttons = [
		[
			null,
			...columns.map((map) =>
				head(String(map + 1), t("networks.table.column", { layer, map: map + 1 }), () =>
					rows.map((from) => [map, from]),
				),
			),
		],
		...rows.map((from) => [
			head(String(from + 1), t("networks.table.row", { source, map: from + 1 }), () =>
				columns.map((map) => [map, from]),
			),
			...columns.map((map) => cell(map, from)),
		]),
	];

	/** Remove some connections, or bring them back if all are removed. @param {Connection[]} some */
	function flip(some) {
		const there = some.filter(([map, from]) => table[map][from]).map(String);
		if (fixed || there.length === 0) return;
		const back = there.every((one) => pruned.has(one));
		for (const one of there) back ? pruned.delete(one) : pruned.add(one);
		show();
	}

	function show() {
		for (const map of columns)
			for (const from of rows) {
				const on = table[map][from] && !pruned.has(String([map, from]));
				buttons[from + 1][map + 1]?.setAttribute("aria-pressed", String(on));
			}
		changed([...pruned].map((one) => /** @type {Connection} */ (one.split(",").map(Number))));
	}

	function restore() {
		pruned.clear();
		show();
	}

	/** @param {KeyboardEvent} event */
	function move(event) {
		const row = buttons.findIndex((line) => line.includes(/** @type {HTMLButtonElement} */ (event.target)));
		if (row < 0 || event.altKey || event.metaKey) return;
		const column = buttons[row].indexOf(/** @type {HTMLButtonElement} */ (event.target));
		const [first, last] = event.ctrlKey ? [0, sources] : [row, row];
		/** @type {Record<string, [number, number]>} */
		const ways = {
			ArrowUp: [Math.max(column ? 0 : 1, row - 1), column],
			ArrowDown: [Math.min(sources, row + 1), column],
			ArrowLeft: [row, Math.max(row ? 0 : 1, column - 1)],
			ArrowRight: [row, Math.min(maps, column + 1)],
			Home: [first, first ? 0 : 1],
			End: [last, maps],
		};
		const to = ways[event.key];
		if (!to) return;
		event.preventDefault();
		const next = buttons[to[0]][to[1]];
		next?.focus();
	}

	/** Make the focused button the grid's one tab stop. @param {FocusEvent} event */
	function stop(event) {
		for (const button of buttons.flat()) if (button?.tabIndex === 0) button.tabIndex = -1;
		/** @type {HTMLElement} */ (event.target).tabIndex = 0;
	}

	const corner = el("td", { class: "corner" }, t("networks.table.corner", { source, layer }));
	const lines = buttons.map((line, row) =>
		el(
			"tr",
			{},
			row === 0 && corner,
			...line.map((button, column) => {
				if (!button) return null;
				const isHead = row === 0 || column === 0;
				return isHead ? el("th", { scope: row ? "row" : "col" }, button) : el("td", {}, button);
			}),
		),
	);
	const name = t("networks.table.name", { source, layer });
	const grid = el("table", { class: "connections", role: "grid", "aria-label": name }, ...lines);
	grid.addEventListener("keydown", move);
	grid.addEventListener("focusin", stop);
	/** @type {HTMLButtonElement} */ (buttons[1][1]).tabIndex = 0;
	return { element: scroller(name, grid, { keys: true }), restore };
}
