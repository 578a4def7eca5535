// The page in another page's frame: the HTML that puts it there, and the way out of the frame.
import { el } from "../dom.js";
import { t } from "../texts.js";
import { toLink } from "./link.js";
import { present } from "./present.js";

const [WIDTH, HEIGHT] = [640, 360]; // CSS pixels: tests/browser/test_embed.py sees that all fits

/** The HTML of a frame that shows what the page shows now. */
export function embedCode() {
	const link = new URL(toLink({ ...present().state, tab: null, lesson: null, embed: true }, location.href));
	const theme = new URLSearchParams(location.search).get("__theme");
	if (theme) link.searchParams.set("__theme", theme);
	const frame = el("iframe", {
		...{ src: link.href, width: WIDTH, height: HEIGHT, title: t("page.title") },
		...{ loading: "lazy", style: "border:0" },
	});
	return frame.outerHTML;
}

/** The page's name as a link that opens all of it, with what is drawn when it is followed. */
export function makeWayOut() {
	const aim = () => (link.href = toLink(present().state, location.href));
	const link = el(
		"a",
		{
			...{ class: "way-out", href: location.pathname, target: "_blank", rel: "noopener" },
			...{ pointerdown: aim, focus: aim, click: aim, "aria-label": t("embed.open"), title: t("embed.open") },
		},
		t("embed.name"),
	);
	return link;
}
