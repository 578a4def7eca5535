// The geometry of MNIST's images, of the networks' input and of the sheet: the numbers of lenet/digits/geometry.py.

export const DIGIT_SIDE = 20; // pixels, longer side of a digit
export const IMAGE_SIDE = 28; // pixels, side of an MNIST image
export const INPUT_SIDE = 32; // pixels, side of the input
export const MARGIN = (INPUT_SIDE - IMAGE_SIDE) / 2; // pixels of paper on each side
export const CENTRE_OF_MASS = IMAGE_SIDE / 2 + MARGIN; // where MNIST puts a digit's
export const STROKE = 2.4; // pixels, width of MNIST's strokes
export const THINNEST_PEN = 1.0; // pixels, least width of a pen whose width is given
export const SHEET = 1000; // units, side of the square sheet that the page draws on
export const PAD_PEN = 60; // units, width of the page's pen
