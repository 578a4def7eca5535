// What a model is called.
import { isLive } from "./models.js";
import { get } from "./store.js";
import { t } from "./texts.js";

/** @typedef {import("./types").Model} Model */

/** The name of a model, as a sentence would have it. @param {Model} model */
export function modelName(model) {
	const { network, run, title, epoch, images } = model;
	const kind = kindOf(model);
	if (kind === "pretrained") return t("model.pretrained", { network });
	if (kind === "training") {
		if (epoch) return t("model.training.epoch", { epoch });
		return images ? t("model.training.images", { count: images }) : t("model.training.start");
	}
	if (epoch === null) return t(`model.${kind}`, { title, run });
	return t(`model.${kind}.epoch`, { title, run, epoch });
}

/** The name of a run of which only the key is known. @param {string} key */
export function runName(key) {
	return t(isMine(key) ? "model.run" : "model.other", { run: key.slice(0, 8) });
}

/** What there is to call a model by. @param {Model} model */
export function kindOf({ id, live, pretrained, title }) {
	if (live) return "training";
	if (pretrained) return "pretrained";
	if (title) return "titled";
	return isMine(id) ? "run" : "other";
}

/**
 * Whether a run, or an epoch of one, is the visitor's own: where strangers share the page, it may be another's.
 * @param {string} id
 */
const isMine = (id) => !get("shared") || isLive(id) || get("runs").includes(id.split("@")[0]);
