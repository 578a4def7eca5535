// What the page knows, in one place. Whoever subscribes hears the present value at once, so a part may come late.

/** @typedef {import("./types").State} State */

/** @type {State} */
const state = {
	ink: { strokes: [] }, // ink.js changes it
	drawing: false, // whether a pen is down, on whichever sheet
	model: "", // that reads: any part may set it
	home: "", // the last model that was not live
	options: { raw: false, shift: null, muted: null, saliency: null, unit: null, previous: null }, // any part, by update()
	about: null, // of the model that reads: reader.js sets it; null loads it again
	reading: { answer: null, error: null, milliseconds: null }, // reader.js sets it
	threshold: null, // below this confidence nothing is a digit; null: the model's own
	training: null, // the training part sets it
	pinned: false, // whether the unit that is taken apart stays so: maps set it
	sliding: false, // whether a pinned unit is worked out, place by place: maps and sliding set it
	comparison: null, // after a training, until one of its models is chosen
	shared: false, // whether strangers share the page: the header sets it
	runs: [], // keys of this browser's own runs: runs.js changes it
	hub: [], // models of the Hub that read here, with their names: hub.js changes it
	pin: null, // a unit to be opened: any part may set it, maps take it
	anchor: null, // of the unit that is pointed at, on the screen: maps
	reachable: true, // whether the server answered last time: ask.js sets it
	tab: "draw", // that is open: tabs.js sets it
	mine: [], // my digits: mine/shelf.js changes them
	shelf: "kept", // whether they are there at the next visit: mine/shelf.js sets it
	panel: "train", // what the training card shows: any part may set it
	settings: null, // to train with at once: any part may set them, the training part takes them
	wanted: null, // the digit that the drawing should have been: any part may set it, learning/panel.js learns it
	steps: [], // networks after steps of learning from a drawing, of which the last one reads: learning/panel.js
	lesson: null, // the step that is open, from 1: any part may set it, lesson/lesson.js opens it
	pair: false, // whether the two networks of dead_relu.js are in training
	collecting: null, // which digit is to be drawn now, while they are collected: mine/collect.js
};

/** @type {Map<string, Set<(value: any) => void>>} */ const handlers = new Map();

/** The present value. @template {keyof State} K @param {K} key @returns {State[K]} */
export function get(key) {
	return state[key];
}

/**
 * Set a value and tell everyone, unless it is the same one.
 * @template {keyof State} K @param {K} key @param {State[K]} value
 */
export function set(key, value) {
	if (Object.is(state[key], value)) return;
	state[key] = value;
	for (const handler of [...(handlers.get(key) ?? [])]) handler(value);
}

/**
 * Set some entries of a value that is an object.
 * @template {"options"} K @param {K} key @param {Partial<State[K]>} changes
 */
export function update(key, changes) {
	const old = state[key];
	const names = /** @type {(keyof State[K])[]} */ (Object.keys(changes));
	if (names.some((name) => !same(old[name], changes[name]))) set(key, { ...old, ...changes });
}

/** Whether two values are alike. @param {unknown} one @param {unknown} other */
export function same(one, other) {
	return JSON.stringify(one) === JSON.stringify(other);
}

/**
 * Hear a value, at once and whenever it changes, as long as the element is on the page.
 * @template {keyof State} K @param {Element} element @param {K} key @param {(value: State[K]) => void} handler
 */
export function subscribe(element, key, handler) {
	const end = listen(key, (value) => (element.isConnected ? handler(value) : end()));
	handler(state[key]);
}

/**
 * Hear the changes of a value for as long as the page lives, or until the returned function is called.
 * @template {keyof State} K @param {K} key @param {(value: State[K]) => void} handler
 */
export function listen(key, handler) {
	const all = handlers.get(key) ?? new Set();
	handlers.set(key, all.add(handler));
	return () => void all.delete(handler);
}
