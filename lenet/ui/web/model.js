// What a model is called.
import { isLive } from "./models.js";
import { get } from "./store.js";
import { t } from "./texts.js";

/** @typedef {import("./types").Model} Model */

/** The name of a model, as a sentence would have it. @param {Model} model */
export function modelName({ id, network, run, title, epoch, images, pretrained, live }) {
	if (pretrained) return t("model.pretrained", { network });
	if (live) {
		if (epoch) return t("model.training.epoch", { epoch });
		return images ? t("model.training.images", { count: images }) : t("model.training.start");
	}
	const key = `model.${title ? "titled" : isMine(id) ? "run" : "other"}${epoch === null ? "" : ".epoch"}`;
	return t(key, { title, run, epoch: epoch ?? 0 });
}

/**
 * Whether a run, or an epoch of one, is the visitor's own: where strangers share the page, a link may lead to another's.
 * @param {string} id
 */
export const isMine = (id) => !get("shared") || isLive(id) || get("runs").includes(id.split("@")[0]);

/** The name of a run of which only the key is known. @param {string} key */
export function runName(key) {
	return t(isMine(key) ? "model.run" : "model.other", { run: key.slice(0, 8) });
}
