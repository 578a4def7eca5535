/** What the engine takes and gives. */

/** On a sheet of 1,000 units a side, or in any other unit: x to the right, y down. */
export type Point = [number, number];
export type Stroke = Point[];

/** Grey pixels, 0 paper to 255 ink, rows after rows. */
export interface Grey {
	rows: number;
	columns: number;
	values: Uint8Array;
}
/** A look at a drawing on its way to the input. */
export interface Stage extends Grey {
	name: string;
}
/** Values, maps after maps; `scale` stands for full colour; shape is maps, rows, columns, or units. */
export interface Layer {
	name: string;
	shape: number[];
	values: Float32Array;
	scale: number;
}
/** A layer in a plan; lenet/networks/plan.py says what each entry means. */
export interface Step {
	name: string;
	operation: "conv" | "max" | "mean" | "subsample" | "linear" | "rbf";
	input: number[];
	output: number[];
	kernel: number | null;
	stride: number | null;
	padding: number | null;
	padding_value: number;
	table: number[][] | null;
	tensors: Record<string, string>;
	codes: number[][] | null;
	activation: string | null;
	late: boolean;
	receptive_field: { size: number; stride: number; start: number };
	parameters: number;
	connections: number;
	macs: number;
}
/** A network as data. */
export interface Plan {
	version: number;
	input: { channels: number; crop: number; side: number; scale: number; offset: number; resize: number[][] | null };
	steps: Step[];
	rubbish: number | null;
	posterior: Record<string, string>;
}
/** What a network computes of an image: each layer's values, and what they were before the activation function. */
export interface Activations {
	input: Float32Array;
	layers: Map<string, { raw: Float32Array; values: Float32Array }>;
	probabilities: number[];
	confidence: number;
}
/** Of the loss: by the values of each layer as the next one takes them, and by the weights of each tensor. */
export interface Gradients {
	loss: number;
	layers: Map<string, Float32Array>;
	weights: Map<string, Float32Array>;
}
/** A unit by its layer, map, row and column, numbered from 1. */
export type Place = [layer: string, map: number, row: number, column: number];

export interface Source {
	map: number;
	values: number[][];
	kernel: number[][] | null;
	contribution: number | null;
}
/** A unit taken apart; `receptive_field` is top, left, height, width, `source_layer` empty where it is the input. */
export interface Unit {
	layer: string;
	map: number;
	row: number;
	column: number;
	is_spatial: boolean;
	value: number;
	total: number;
	activation: string | null;
	kind: "sum" | "max" | "distance";
	bias: number | null;
	receptive_field: [number, number, number, number];
	source_layer: string;
	sources: Source[];
}
/**
 * What ink became: the 32x32 pixels that networks see, in colours too where a photo has some; pixel edge = scale * unit
 * of the sheet + left or top. `stages` are the looks at it on the way.
 */
export interface Preprocessed {
	image: Uint8Array;
	colours: Uint8Array | null;
	placement: { scale: number; left: number; top: number };
	stages: () => Stage[];
}
