// How much of the page is shown: all of it, or pad, bars and maps alone, as other pages frame them.

/** Whether it is those alone; head.py has marked the page by now, unless somebody else wrote its head. */
export const embedded = new URLSearchParams(location.search).get("view") === "embed";

document.documentElement.classList.toggle("embed", embedded);

/** Parts that are built then. */
const EMBEDDED = ["header", "pad", "bars", "maps"];

/** Whether a part is built. @param {string} name */
export const isShown = (name) => !embedded || EMBEDDED.includes(name);
