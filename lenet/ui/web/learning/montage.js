// Several maps as one picture.

/**
 * How maps lie in a picture: its size, and which value is at a pixel, or -1 for the gaps between them.
 * @param {number} count of maps @param {number} rows @param {number} columns of each
 * @param {number} across maps in a row @param {number} gap pixels between maps
 */
export function montage(count, rows, columns, across, gap) {
	const [down, right] = [rows + gap, columns + gap];
	const height = Math.ceil(count / across) * down - gap;
	const width = Math.min(count, across) * right - gap;
	/** @param {number} pixel */
	function at(pixel) {
		const [y, x] = [Math.floor(pixel / width), pixel % width];
		const map = Math.floor(y / down) * across + Math.floor(x / right);
		const inside = y % down < rows && x % right < columns && map < count;
		return inside ? (map * rows + (y % down)) * columns + (x % right) : -1;
	}
	return { height, width, at };
}
