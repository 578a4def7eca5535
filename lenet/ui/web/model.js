// What a model is called.
import { t } from "./texts.js";

/** @typedef {import("./types").Model} Model */

/** The name of a model, as a sentence would have it. @param {Model} model */
export function modelName({ network, run, title, epoch, images, pretrained, live }) {
	if (pretrained) return t("model.pretrained", { network });
	if (live) {
		if (epoch) return t("model.training.epoch", { epoch });
		return images ? t("model.training.images", { count: images }) : t("model.training.start");
	}
	const key = `model.${title ? "titled" : "run"}${epoch === null ? "" : ".epoch"}`;
	return t(key, { title, run, epoch: epoch ?? 0 });
}

/** The name of a run of which only the key is known. @param {string} key */
export function runName(key) {
	return t("model.run", { run: key.slice(0, 8) });
}
