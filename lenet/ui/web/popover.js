// Where a popover stands: below the button that opens it, or above where there is no room.

const GAP = 5; // CSS pixels between the two
const EDGE = 8; // at least, to the edge of the window

/** Keep a popover at its button, inside the window. @param {HTMLElement} popover @param {HTMLElement} opener */
export function standAt(popover, opener) {
	popover.addEventListener("toggle", () => {
		const [at, box] = [opener.getBoundingClientRect(), popover.getBoundingClientRect()];
		const below = at.bottom + GAP + box.height < innerHeight ? at.bottom + GAP : at.top - GAP - box.height;
		popover.style.left = `${Math.max(EDGE, Math.min(at.left, innerWidth - box.width - EDGE))}px`;
		popover.style.top = `${Math.max(EDGE, below)}px`;
	});
}
