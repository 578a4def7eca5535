// The ways of a picture onto the sheet: chosen, dropped or pasted.

/** @param {HTMLElement} element the pad @param {(file: File) => void} take */
function takePictures(element, take) {
	const sheet = find(element, ".sheet");
	const file = /** @type {HTMLInputElement} */ (find(element, ".file"));
	find(element, ".photo").addEventListener("click", () => file.click());
	file.addEventListener("change", () => {
		if (file.files?.length) take(file.files[0]);
		file.value = ""; // so that the same file can be chosen again
	});
	sheet.addEventListener("dragover", (event) => event.preventDefault());
	sheet.addEventListener("drop", (event) => {
		event.preventDefault();
		const dropped = event.dataTransfer?.files[0];
		if (dropped) take(dropped);
	});
	document.addEventListener("paste", function paste(event) {
		if (!element.isConnected) return document.removeEventListener("paste", paste);
		const pasted = event.clipboardData?.files[0];
		if (pasted && sheet.offsetParent) take(pasted);
	});
}
