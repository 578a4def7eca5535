// Files of digits: JSONL, a drawing with its label in each line, as `lenet predict` and `lenet train --mine` read them.
import { Refused } from "../engine/refused.js";
import { get } from "../store.js";
import { render, t } from "../texts.js";
import { FORMAT, readDigit } from "./digit.js";
import { MOST, addAll } from "./shelf.js";

/** @typedef {import("../types").Message} Message */
/** @typedef {import("../types").MyDigit} MyDigit */

/** @typedef {{file: string, count: number, doubles: number}} Imported */
/** @typedef {{file: string, reason: string}} NotImported */

const MOST_BYTES = 20_000_000; // of a file
const FEW = 3; // files of which each is told

/** The digits as a file; one's own get a name, if there is one. @param {string} name */
export function writeFile(name) {
	const lines = get("mine").map(({ label, strokes, width, name: other }) => {
		const named = other || name.trim();
		return JSON.stringify({
			label,
			strokes,
			...(width && { width }),
			...(named && { name: named }),
			format: FORMAT,
		});
	});
	return `${lines.join("\n")}\n`;
}

/**
 * Put the digits of files on the shelf, each once: a file as a whole, or not at all.
 * @param {Iterable<File>} files @returns {Promise<Message[]>} what became of them
 */
export async function importFiles(files) {
	/** @type {Imported[]} */ const imported = [];
	/** @type {Message[]} */ const refused = [];
	for (const file of files) {
		const found = await importFile(file);
		if ("reason" in found) refused.push({ key: "mine.refused", values: found });
		else imported.push(found);
	}
	if (imported.length <= FEW) return [...imported.map(tell), ...refused];
	const sum = (/** @type {"count" | "doubles"} */ name) => imported.reduce((total, one) => total + one[name], 0);
	const file = t("mine.files", { count: imported.length });
	return [tell({ file, count: sum("count"), doubles: sum("doubles") }), ...refused];
}

/** @param {Imported} values @returns {Message} */
const tell = (values) => ({ key: values.doubles ? "mine.imported.doubles" : "mine.imported", values });

/** @param {File} file @returns {Promise<Imported | NotImported>} */
async function importFile(file) {
	try {
		if (file.size > MOST_BYTES) throw new Refused("mine.file_too_large", { limit: MOST_BYTES / 1e6 });
		const digits = readLines(await file.text(), file.name.replace(/\.[^.]*$/, ""));
		const known = new Set(get("mine").map(identity));
		const fresh = digits.filter((digit) => !known.has(identity(digit)) && known.add(identity(digit)));
		if (get("mine").length + fresh.length > MOST) throw new Refused("mine.no_room", { most: MOST });
		addAll(fresh);
		return { file: file.name, count: fresh.length, doubles: digits.length - fresh.length };
	} catch (error) {
		const reason = error instanceof Refused ? error.reason : { key: "mine.unreadable" };
		return { file: file.name, reason: render(reason).replace(/[.。]$/, "") };
	}
}

/** @param {string} text @param {string} name */
function readLines(text, name) {
	const digits = [];
	for (const [number, line] of text
		.replace(/^\ufeff/, "")
		.split("\n")
		.entries()) {
		if (!line.trim()) continue;
		if (digits.length >= MOST) throw new Refused("mine.no_room", { most: MOST });
		try {
			digits.push(readDigit(JSON.parse(line), name));
		} catch (error) {
			const reason = error instanceof Refused ? error.reason : { key: "mine.not_json" };
			throw new Refused("mine.in_line", { line: number + 1, reason });
		}
	}
	if (digits.length === 0) throw new Refused("mine.empty_file");
	return digits;
}

/** What makes two digits one: the drawing. @param {MyDigit} digit */
const identity = ({ strokes, width }) => JSON.stringify([strokes, width]);
