// The accuracy in large, what else sums a test up, and how far a test has come.
import { el, progressBar } from "../dom.js";
import { help } from "../help.js";
import { t } from "../texts.js";

/** What is said of one test after another. `notice` is for what goes wrong. */
export function makeSummary() {
	const title = el("h2");
	const [progress, advance] = progressBar(t("testset.progress"), "progress");
	progress.hidden = true;
	const detail = el("p", { class: "detail" });
	const about = help("summary", t("testset.summary.heading"));
	const notice = el("p", { class: "notice", role: "alert" });
	const told = el("div", { role: "status" }, title, about, detail);

	/** @param {string} model its name */
	function begin(model) {
		title.textContent = t("testset.evaluating", { model });
		detail.textContent = "";
		about.hidden = true;
		progress.hidden = false;
		advance(0);
	}

	function fail() {
		progress.hidden = true;
		title.textContent = t("testset.failed");
	}

	/** @param {import("../types").TestReport} report */
	function show({ accuracy, correct, total, interval, calibration_error: error, threshold, rejected }) {
		const [low, high] = interval.map((fraction) => 100 * fraction);
		progress.hidden = true;
		about.hidden = false;
		title.textContent = t("testset.accuracy", { accuracy });
		detail.textContent = t("testset.summary", { correct, total, low, high, error, rejected, threshold });
	}

	return { element: el("div", { class: "summary" }, told, progress, notice), notice, begin, advance, fail, show };
}
