/** What travels between the page's parts, and between the page and its server. */

export * from "./engine/types";
import type { Activations, Layer, Place, Preprocessed, Stroke, Unit } from "./engine/types";

/** A sentence of the table of texts, with its values: a value may be a message again, or a list. */
export interface Message {
	key: string;
	values?: Record<string, Value>;
}
export type Value = string | number | Message | (string | Message)[];

/**
 * What a server function answers where it cannot: `again`: ask again in a moment; `gone`: that model is no longer
 * there.
 */
export interface Failure {
	error: Message;
	again?: boolean;
	gone?: boolean;
}

/**
 * A model: `id` is the name to ask with: "lenet5", a run's key, "KEY@3" after epoch 3, "live:TOKEN:N" in training, or of
 * a run that could not be saved; `live`: in training.
 */
export interface Model {
	id: string;
	network: string;
	run: string;
	title: string;
	epoch: number | null;
	images: number | null;
	/** Address of its weights, beside the page's files; empty where they come with an answer. */
	weights: string;
	year: number;
	parameters: number;
	accuracy: number | null;
	data: "mnist" | "sample";
	part: "test" | "validation";
	threshold: number;
	pretrained: boolean;
	/** How many digits of somebody's own it was taught. */
	taught: number;
	live: boolean;
}
export type Row = [epochs: number, loss: number, accuracy: number];

/** A drawing as the pad keeps it: on a sheet of 1,000 units a side; or a photo, a data URL; or an MNIST image. */
export interface Ink {
	strokes: Stroke[];
	picture?: string;
	/** 28x28 grey pixels in base64. */
	image?: string;
	/** Nobody drew it: the page begins with it. */
	example?: boolean;
	/** Somebody chose it among the examples. */
	chosen?: boolean;
	/** It is complete, since it was labelled. */
	finished?: boolean;
}
/** A drawing of one's own, or of somebody with a `name`, with what it is. `width` is the pen's, if it is given. */
export interface MyDigit {
	label: number;
	strokes: Stroke[];
	width: number | null;
	name: string;
}
/** Whether the shelf of my digits is kept: the storage may be full, forbidden, or that of a newer page. */
export type Shelf = "kept" | "full" | "forbidden" | "newer";
/** Collecting: the digit to be drawn now, how many are drawn, and how many there will be. */
export interface Collecting {
	wanted: number;
	done: number;
	total: number;
}
/** A digit that was collected, and what the model made of it. */
export interface Collected {
	digit: MyDigit;
	predicted: number;
	probability: number;
	rejected: boolean;
}
/** Of some digits, how many are classified correctly before and after a teaching, with 95 % intervals. */
export interface Change {
	digits: "mine" | "test" | "sample";
	total: number;
	before: number;
	after: number;
	intervals: [before: [number, number], after: [number, number]];
}
/** What a link tells of a page; null is what it leaves to the page that opens it. */
export interface Linked {
	ink: Ink | null;
	/** The name of one with pretrained weights. */
	network: string | null;
	/** A run's whole key, "KEY@3" after epoch 3, or "hf:USER/NAME" of the Hub. */
	run: string | null;
	threshold: number | null;
	/** A unit that is open. */
	unit: Place | null;
	tab: string | null;
	raw: boolean;
	/** A step of the lesson. */
	lesson: number | null;
	language: string | null;
	/** Pad, bars and maps alone. */
	embed: boolean;
}
/** How drawings are read. */
export interface Options {
	/** Skip preprocessing. */
	raw: boolean;
	/** Pixels that the input is moved by. */
	shift: [down: number, right: number] | null;
	/** A map that gives zeros, as if it were not there. */
	muted: { layer: string; map: number } | null;
	/** Of a digit, or null. */
	saliency: number | null;
	/** To be taken apart, or null. */
	unit: Place | null;
	/** Another model to compare with, or null. */
	previous: string | null;
}

/** What a model makes of a drawing. */
export interface Answer {
	digit: number;
	probabilities: number[];
	confidence: number;
	preprocessed: Preprocessed;
	/** Whether the network saw the colours. */
	coloured: boolean;
	layers: Layer[];
	activations: Activations;
	network: import("./engine/network.js").Network;
	model: Model;
	saliency: Float32Array | null;
	unit: Unit | null;
	/** How many steps its weights took from those of the model. */
	steps: number;
	/** Probabilities of the model that it is compared with, or of that before the steps. */
	previous: number[] | null;
}
/**
 * The last reading: an answer, or null where nothing is drawn or it failed; then `error` says why. `milliseconds` is
 * what the forward pass took.
 */
export interface Reading {
	answer: Answer | null;
	error: Message | null;
	milliseconds: number | null;
}
/** A training as the server tells it. */
export interface Training {
	state: "idle" | "waiting" | "training" | "done" | "stopped" | "failed";
	message: Message;
	detail: Message | null;
	device: string;
	progress: number;
	epochs: number;
	training: Row[];
	validation: Row[];
	token: string;
	previous: string;
	model: string;
	key: string;
	last_epoch: number;
	/** The model of a run that could not be saved, in the place of the key: to classify with, and to be downloaded. */
	unsaved: string;
	/** What a teaching changed. */
	changes: Change[];
	/** Whether the model is better than before, in sum, as far as that was compared. */
	better: boolean;
}
/** Two models of a training, to choose between. */
export interface Comparison {
	previous: string;
	model: string;
}

/** A digit of the test set, and what a model makes of it. */
export interface TestDigit {
	index: number;
	label: number;
	digit: number;
	probabilities: number[];
	/** 28x28 grey pixels in base64. */
	image: string;
}
/**
 * How a model does on the test digits; fractions are 0 to 1. `rejection` is [rate rejected, error rate of the rest].
 */
export interface TestReport {
	model: Model;
	data: string;
	notice: Message | null;
	correct: number;
	total: number;
	accuracy: number;
	interval: [number, number];
	confusion: number[][];
	recall: (number | null)[];
	precision: (number | null)[];
	calibration: [confidence: number, accuracy: number, count: number][];
	calibration_error: number;
	threshold: number;
	rejected: number;
	rejection: [number, number][];
	errors: TestDigit[];
	paper: { label: number; digit: number; here: number; paper: number }[];
}
/** What a kind of transformation costs, by its severity. */
export interface Perturbed {
	kind: string;
	severities: number[];
	claims: [number, number] | null;
	total: number;
	accuracy: number[];
	/** Null where nothing is drawn; left out where drawings are not transformed. */
	drawing?: { digit: number; probabilities: number[] } | null;
}
/** What one of several models makes of a drawing. */
export interface Compared {
	model: Model;
	digit: number;
	probabilities: number[];
	confidence: number;
	/** Of a forward pass, on average, if it was timed. */
	milliseconds: number | null;
	/** Of its convolutions. */
	maps: Layer[];
}

/** What happened since a step of the lesson began. */
export interface Since {
	ink: Ink;
	answer: Answer | null;
	threshold: number | null;
	training: Training | null;
	/** Units that were pinned. */
	pins: Place[];
	/** Networks that read, one after the other. */
	networks: string[];
	muted: boolean;
	stepped: boolean;
	/** Rounds of the game. */
	played: number;
}
/** What a learner predicts, by the kind of the prediction. */
export interface Prediction {
	digit?: number;
	sure?: number;
	choice?: string;
	/** Row and column of the input. */
	place?: [number, number];
	amount?: number;
}
/** What a prediction is held to: `key` names the sentence that tells it, where there are several. */
export interface Truth {
	key?: string;
	values: Record<string, Value>;
	place?: [number, number];
	curve?: [x: number, y: number][];
	held: (prediction: Prediction) => boolean;
	/** What else is to be said of a prediction: the end of a text's key. */
	beside?: (prediction: Prediction) => string | null;
}
/** What is to be predicted in a step of the lesson: `near` is how far off an amount may be. */
export interface Guess {
	kind: "digit" | "choice" | "place" | "amount";
	sure?: boolean;
	choices?: string[];
	most?: number;
	near?: number;
	/** Whether it can be predicted yet. */
	ready?: (since: Since) => boolean;
	truth: (since: Since, guess: Guess) => Truth | null;
}
/** A prediction that was made, and what came of it. */
export interface Guessed {
	prediction: Prediction;
	held: boolean;
}
/**
 * A step of the lesson: what it lights, what it covers until the prediction is made, what shows that its task is done,
 * and what does the task in the learner's place. With `server`, it needs one.
 */
export interface LessonStep {
	name: string;
	lit: string[];
	covers?: string[];
	/** What is drawn in it stays on the pad; else what was there before comes back. */
	keeps?: boolean;
	prepare?: () => void;
	/** Whether something is in the way of its task; lesson.NAME.blocked says what. */
	blocked?: (since: Since) => boolean;
	done: (since: Since) => boolean;
	show: () => void | Promise<void>;
	widget?: "arrows" | "switches" | "turn" | "game";
	server?: boolean;
	guess?: Guess;
}

/** What the page knows; store.js says who sets what. */
export interface State {
	ink: Ink;
	drawing: boolean;
	model: string;
	home: string;
	options: Options;
	about: Model | null;
	reading: Reading;
	threshold: number | null;
	training: Training | null;
	pinned: boolean;
	sliding: boolean;
	comparison: Comparison | null;
	shared: boolean;
	runs: string[];
	hub: [id: string, name: string][];
	pin: Place | null;
	anchor: { left: number; top: number; bottom: number } | null;
	reachable: boolean;
	tab: string;
	mine: readonly MyDigit[];
	shelf: Shelf;
	panel: "train" | "mine" | "step";
	settings: Record<string, string | number | null> | null;
	wanted: number | null;
	lesson: number | null;
	steps: import("./engine/network.js").Network[];
	pair: boolean;
	collecting: Collecting | null;
}

/** What holds a part: Gradio's gr.HTML, or a page without a server. */
export interface Host {
	/** What Python gave the part; `props.value` follows Python's updates. */
	props: any;
	/** Server functions by name; ask them through ask.js. */
	server: Record<string, (message: any) => Promise<any>>;
	/** Hear that a prop was changed by Python. */
	watch(name: string, handler: () => void): void;
	/** Raise an event of the part, which a Python handler hears, with its data. */
	trigger(event: string, data?: object): void;
}
