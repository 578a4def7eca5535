// The codes that the 1998 network's F6 is compared with: ten pictures, each with the squared distance of F6 from it.

/**
 * Show them under F6, or take them away where the network has none.
 * @param {HTMLElement} stage of F6 @param {Layer | undefined} codes @param {Layer | undefined} distances the output
 * @param {(value: number) => number} colour
 */
function showCodes(stage, codes, distances, colour) {
	for (const old of stage.querySelectorAll(".codes")) old.remove();
	if (!codes || !distances) return;
	const [count, rows, columns] = codes.shape;
	const pixels = new Int8Array(decode(codes.values).buffer);
	const far = [...new Int8Array(decode(distances.values).buffer)].map((byte) => (byte * distances.scale) / 127);
	const box = make("div", {
		class: "codes pictures",
		title: "The codes that F6 is compared with, and its squared distance from each",
	});
	for (let digit = 0; digit < count; digit++) {
		const figure = make("figure", { class: far[digit] === Math.min(...far) ? "nearest" : "" });
		const canvas = grid(rows, columns, 2, `Code of ${digit}, squared distance ${far[digit].toFixed(0)}`);
		paint(canvas, (place) => colour((0.6 * pixels[digit * rows * columns + place]) / 127));
		figure.append(canvas, make("figcaption", {}, far[digit].toFixed(0)));
		box.append(figure);
	}
	stage.append(make("h3", { class: "of-kernels codes" }, "distance² from"), box);
}
