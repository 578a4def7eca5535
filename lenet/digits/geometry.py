"""The geometry of MNIST's images, of the networks' input, and of the sheet that is drawn on; each number stands here.

Coordinates are (row, column) or (x, y) of pixel centres, the first pixel's at 0: pixel i covers i - 0.5 to i + 0.5.
Where coordinates of pixel edges are meant instead, the image from 0 to its side, the text says so.

Source: LeCun, Bottou, Bengio, Haffner, "Gradient-Based Learning Applied to Document Recognition", Proceedings of the
IEEE 86(11), 1998, sections II.B and III.A.
"""

DIGIT_SIDE = 20  # pixels, longer side of a digit
IMAGE_SIDE = 28  # pixels, side of an MNIST image
INPUT_SIDE = 32  # pixels, side of the input: an MNIST image with a margin of paper
MARGIN = (INPUT_SIDE - IMAGE_SIDE) // 2  # pixels of paper on each side

# Where MNIST puts a digit's centre of mass: on the pixel at half the image's side, 14 of 28 and 16 of 32, rounded to
# whole pixels. Over the 55,000 training images it is 16.00 on average, and within 15.5 to 16.5.
CENTRE_OF_MASS = IMAGE_SIDE / 2 + MARGIN
GRID_CENTRE = (INPUT_SIDE - 1) / 2  # of the pixel grid, 15.5: as far from the first pixel as from the last

STROKE = 2.4  # pixels, width of MNIST's strokes: median ink of its digits / median length of real pen digits
PENS = 1.6, 4.0  # pixels, range of MNIST's stroke widths: 4 % of its digits have thinner strokes, 2 % thicker ones
THINNEST_PEN = 1.0  # pixels, least width of a pen whose width is given

SHEET = 1000  # units, side of the square sheet that the page draws on
PAD_PEN = 60  # units, width of the page's pen
