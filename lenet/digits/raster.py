"""Lines of a pen -> grey pixels: the one definition, which `ui/web/engine/raster.js` follows operation by operation.

The pen is round. A pixel is as grey as

    floor(255 * clamp(pen / 2 + 1/2 - distance, 0, 1) + 1/2)

where `distance` is that of its centre from the nearest straight line of the drawing, so that an edge fades over one
pixel. In float64, with nothing but + - * / square root and floor, in the order written here, and with squared distances
compared before the root is taken, NumPy and every browser give the same bytes. A test holds them to that.

Coordinates are (x, y) in pixels' edges, x to the right and y down: the first pixel's centre lies at (1/2, 1/2).
"""

from dataclasses import dataclass
from math import ceil
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from lenet.digits.geometry import DIGIT_SIDE, STROKE, THINNEST_PEN
from lenet.digits.strokes import Drawing

DOT = 1e-9  # of the largest coordinate: a drawing no larger than this is a dot
SLACK = 1e-9  # pixels by which rounding errors may pass a whole number of pixels
AT_ONCE = 256  # lines: more would take memory, not less time

Grey = NDArray[np.uint8]
Values = TypeVar("Values", NDArray[np.float64], Tensor)


@dataclass(frozen=True)
class Placed:
    """Grey pixels, uint8 (rows, columns), 0 paper to 255 ink, and where they lie.

    Pixel edge = scale * unit of the drawing or sheet + (left, top).
    """

    grey: Grey
    scale: float
    left: float
    top: float


def squared_distance(x: Values, y: Values, x0: Values, y0: Values, x1: Values, y1: Values) -> Values:
    """Squared distance of points (x, y) from the lines between (x0, y0) and (x1, y1); all are broadcast."""
    across, down = x1 - x0, y1 - y0
    right, below = x - x0, y - y0
    length = across * across + down * down
    along = ((right * across + below * down) / (length + (length == 0))).clip(0, 1)
    right, below = right - along * across, below - along * down
    return right * right + below * below


def ink(distance: Values, pen: Values | float) -> Values:
    """How much of a pixel is inked, 0 to 1, whose centre lies at that distance from the middle of a pen's line."""
    return ((pen / 2 + 0.5) - distance).clip(0, 1)


def draw(drawing: Drawing, rows: int, columns: int, pen: float, scale: float, left: float, top: float) -> Placed:
    """Draw at least one stroke with a pen of `pen` pixels, each unit `scale` pixels from (left, top)."""
    lines = _lines(drawing) * scale + np.array([left, top, left, top])
    x, y = np.arange(columns)[None, None, :] + 0.5, np.arange(rows)[None, :, None] + 0.5
    nearest = np.full((rows, columns), np.inf)
    for start in range(0, len(lines), AT_ONCE):
        part = lines[start : start + AT_ONCE, :, None, None]
        squared = squared_distance(x, y, part[:, 0], part[:, 1], part[:, 2], part[:, 3])
        np.minimum(nearest, squared.min(axis=0), out=nearest)
    return Placed(np.floor(255 * ink(np.sqrt(nearest), pen) + 0.5).astype(np.uint8), scale, left, top)


def _lines(drawing: Drawing) -> NDArray[np.float64]:
    """All straight lines (N, 4), from (x, y) to (x, y); a stroke of one point is a line of no length."""
    parts = [
        np.hstack([stroke[:-1], stroke[1:]] if len(stroke) > 1 else [stroke, stroke]) for stroke in drawing.strokes
    ]
    return np.concatenate(parts)


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
    columns, rows = (max(1, ceil(side * scale + pen - SLACK)) for side in extent.tolist())
    left, top = (np.array([columns, rows]) - extent * scale) / 2 - low * scale  # in the middle of whole pixels
    return draw(drawing, rows, columns, pen, scale, float(left), float(top))


def draw_box(drawing: Drawing, side: int, pen: float) -> Placed:
    """Draw at least one stroke with a pen of `pen` units into its bounding box, `side` pixels on the longer side."""
    points = np.concatenate(drawing.strokes)
    low, high = points.min(axis=0) - pen / 2, points.max(axis=0) + pen / 2
    scale = side / float((high - low).max())
    columns, rows = (max(1, round(float(length) * scale)) for length in high - low)
    return draw(drawing, rows, columns, pen * scale, scale, *(-low * scale).tolist())
