"""Strokes -> grey pixels, uint8 (rows, columns), 0 paper to 255 ink."""

from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from lenet.digits.geometry import DIGIT_SIDE, STROKE, THINNEST_PEN
from lenet.digits.strokes import Drawing

DOT = 1e-9  # of the largest coordinate: a drawing no larger than this is a dot
OVERSAMPLING = 8  # the pen draws on a grid this many times finer, whose 8x8 blocks are then averaged

Grey = NDArray[np.uint8]


@dataclass(frozen=True)
class Placed:
    """Grey pixels and where they lie: pixel edge = scale * unit of the drawing or sheet + (left, top)."""

    grey: Grey
    scale: float
    left: float
    top: float


def draw(drawing: Drawing, rows: int, columns: int, pen: float, scale: float, left: float, top: float) -> Placed:
    """Draw the strokes with an anti-aliased round pen of `pen` pixels, each unit `scale` pixels from (left, top)."""
    canvas = Image.new("L", (columns * OVERSAMPLING, rows * OVERSAMPLING))
    pencil = ImageDraw.Draw(canvas)
    radius = pen * OVERSAMPLING / 2
    for stroke in drawing.strokes:
        path = ((stroke * scale + (left, top)) * OVERSAMPLING - 0.5).tolist()
        pencil.line([tuple(point) for point in path], fill=255, width=round(2 * radius))
        for x, y in path:
            pencil.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    return Placed(np.asarray(canvas.reduce(OVERSAMPLING)), scale, left, top)


def draw_digit(drawing: Drawing) -> Placed:
    """Draw at least one stroke into its bounding box, whose longer side is 20 pixels, as MNIST's digits are.

    The pen is as wide as MNIST's strokes, or has the drawing's own width at that scale, but at least one pixel.
    """
    points = np.concatenate(drawing.strokes)
    low, extent = points.min(axis=0), np.ptp(points, axis=0)
    longer = float(extent.max())
    if longer < DOT * max(1.0, float(np.abs(points).max())):  # nothing but rounding errors
        extent, longer = np.zeros(2), 0.0
    if longer == 0:
        pen, scale = STROKE, 1.0
    elif drawing.width is None:
        pen, scale = STROKE, (DIGIT_SIDE - STROKE) / longer
    else:
        pen = max(THINNEST_PEN, DIGIT_SIDE * drawing.width / (longer + drawing.width))
        scale = (DIGIT_SIDE - pen) / longer
    columns, rows = (max(1, ceil(side * scale + pen - 1e-9)) for side in extent.tolist())
    left, top = (np.array([columns, rows]) - extent * scale) / 2 - low * scale  # in the middle of whole pixels
    return draw(drawing, rows, columns, pen, scale, float(left), float(top))


def draw_box(drawing: Drawing, side: int, pen: float) -> Placed:
    """Draw at least one stroke with a pen of `pen` units into its bounding box, `side` pixels on the longer side."""
    points = np.concatenate(drawing.strokes)
    low, high = points.min(axis=0) - pen / 2, points.max(axis=0) + pen / 2
    scale = side / float((high - low).max())
    columns, rows = (max(1, round(float(length) * scale)) for length in high - low)
    return draw(drawing, rows, columns, pen * scale, scale, *(-low * scale).tolist())
