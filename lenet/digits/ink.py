"""Strokes or a picture -> the 32x32 field that MNIST's makers would have made of it.

The one place that knows MNIST's geometry. Both roads end in the same recipe (LeCun et al. 1998, section III.A): the
box of the ink is scaled until its longer side is 20 pixels, aspect kept, area-averaged; pasted into 28x28 so that its
centre of mass falls on the centre; and padded to 32x32 with paper. Arrays are (rows, columns), 0 paper to 255 ink.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, inf
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from lenet.digits.photo import extract_ink, ink_colours

BOX = 20  # longer side of a digit, pixels
PICTURE = 28  # side of an MNIST picture, pixels
MARGIN = 2  # of paper around it, to the field's 32
PEN = 2.4  # pixels, width of MNIST's strokes: the median ink of its digits / the median length of real pen digits
THINNEST = 1.0  # pixels, of a pen whose width is given: thinner than any stroke of MNIST's
FLAT = 1e-9  # of the coordinates: a drawing this small is a dot
FINE = 8  # the pen draws this many times finer than a pixel, then 8x8 blocks are averaged

MAX_STROKES = 200
MAX_POINTS = 10_000
MAX_COORDINATE = 1e6

Grey = NDArray[np.uint8]


@dataclass(frozen=True)
class Drawing:
    """Strokes in the order drawn, each float64 (points, 2) of x to the right and y down, in any unit.

    `width` is the pen's in the same unit; without it the pen is as wide as suits MNIST, however large the drawing.
    """

    strokes: tuple[NDArray[np.float64], ...]
    width: float | None = None


def parse(message: Any) -> Drawing:
    """Check what came from outside, `{"strokes": [[[x, y], ...], ...], "width": w}`, and take it as a drawing.

    ValueError, with the value and the rule, where it is not of that form or beyond the bounds above.
    """
    if not isinstance(message, Mapping) or not isinstance(message.get("strokes"), list):
        raise ValueError('a drawing is {"strokes": [[[x, y], ...], ...]}')
    strokes = [stroke for stroke in message["strokes"] if stroke != []]
    if len(strokes) > MAX_STROKES:
        raise ValueError(f"{len(strokes)} strokes; at most {MAX_STROKES}")
    points = sum(len(stroke) if isinstance(stroke, list) else 1 for stroke in strokes)
    if points > MAX_POINTS:
        raise ValueError(f"{points} points; at most {MAX_POINTS:,}")
    width = message.get("width")
    if width is not None and not (_is_number(width) and 0 < width <= MAX_COORDINATE):
        raise ValueError(f"width {width!r}: a number above 0 up to {MAX_COORDINATE:,.0f}")
    return Drawing(tuple(_stroke(stroke) for stroke in strokes), width)


def _stroke(points: Any) -> NDArray[np.float64]:
    if not isinstance(points, list):
        raise ValueError(f"a stroke is a list of points, not {type(points).__name__}")
    for point in points:
        if not (isinstance(point, list) and len(point) == 2 and all(_is_number(value) for value in point)):
            raise ValueError("a point is [x, y], two finite numbers")
        if max(abs(value) for value in point) > MAX_COORDINATE:
            raise ValueError(f"a coordinate is beyond {MAX_COORDINATE:,.0f}")
    return np.array(points, dtype=np.float64)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < inf


@dataclass(frozen=True)
class Placed:
    """A picture of ink, and where in it things lie: pixel edge = scale * unit of the drawing + (left, top)."""

    grey: Grey
    scale: float
    left: float
    top: float


def from_strokes(drawing: Drawing) -> torch.Tensor | None:
    """The field of a drawing, uint8 (32, 32); None if nothing is drawn."""
    return to_field(draw(drawing)) if drawing.strokes else None


def from_picture(image: Image.Image) -> torch.Tensor | None:
    """The field of a picture of one digit, uint8 (32, 32); None if nothing is on it.

    Ink may be dark on light or light on dark, the paper evenly lit or not. ValueError if the picture is too large, or
    if more than one digit is on it.
    """
    ink = extract_ink(image)
    return None if ink is None else to_field(shrink(ink))


def from_colours(image: Image.Image) -> torch.Tensor | None:
    """The field of a picture in its colours, uint8 (3, 32, 32), 0 paper to 255 ink in red, green and blue.

    It lies as `from_picture` lays it, which is what a picture in grey gives three times. Raises as that does.
    """
    lifted = extract_ink(image)
    if lifted is None:
        return None
    box, small = crop(lifted), shrink(lifted)
    field = pad(centre(small))
    top, left = round(field.top - small.top), round(field.left - small.left)
    y, x = round(-box.top), round(-box.left)
    rows, columns = small.grey.shape
    colours = np.zeros((3, *field.grey.shape), np.uint8)
    for channel, tint in zip(colours, ink_colours(image), strict=True):
        ink = (lifted * tint).round().astype(np.uint8)[y : y + box.grey.shape[0], x : x + box.grey.shape[1]]
        channel[top : top + rows, left : left + columns] = _scaled(ink, rows, columns)
    return torch.from_numpy(colours)


def to_field(box: Placed) -> torch.Tensor:
    """The last steps of MNIST's recipe: centre, then pad with paper to 32x32."""
    return torch.from_numpy(pad(centre(box)).grey)


def draw(drawing: Drawing) -> Placed:
    """Draw with an anti-aliased round pen, straight into a box whose longer side is 20 pixels."""
    points = np.concatenate(drawing.strokes)
    low, extent = points.min(axis=0), np.ptp(points, axis=0)
    longer = float(extent.max())
    if longer < FLAT * max(1.0, float(np.abs(points).max())):  # a dot, whose rounding errors are no drawing
        extent, longer = np.zeros(2), 0.0
    if longer == 0:
        pen, scale = PEN, 1.0
    elif drawing.width is None:
        pen, scale = PEN, (BOX - PEN) / longer
    else:
        pen = max(THINNEST, BOX * drawing.width / (longer + drawing.width))
        scale = (BOX - pen) / longer
    columns, rows = (max(1, ceil(side * scale + pen - 1e-9)) for side in extent.tolist())
    left, top = (np.array([columns, rows]) - extent * scale) / 2 - low * scale  # in the middle of whole pixels
    return render(drawing, rows, columns, pen, scale, float(left), float(top))


def render(drawing: Drawing, rows: int, columns: int, pen: float, scale: float, left: float, top: float) -> Placed:
    """Draw strokes into so many pixels, with a pen of so many pixels, each unit `scale` pixels from (left, top)."""
    canvas = Image.new("L", (columns * FINE, rows * FINE))
    pencil = ImageDraw.Draw(canvas)
    radius = pen * FINE / 2
    for stroke in drawing.strokes:
        path = ((stroke * scale + (left, top)) * FINE - 0.5).tolist()
        pencil.line([tuple(point) for point in path], fill=255, width=round(2 * radius))
        for x, y in path:
            pencil.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    return Placed(np.asarray(canvas.reduce(FINE)), scale, left, top)


def crop(ink: Grey) -> Placed:
    """The box of the ink, no paper around it."""
    rows, columns = (np.flatnonzero(ink.any(axis=axis)) for axis in (1, 0))
    box = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return Placed(box, 1.0, -float(columns[0]), -float(rows[0]))


def shrink(ink: Grey) -> Placed:
    """Crop to the box of the ink and scale its longer side to 20 pixels, aspect kept, each pixel an area's mean."""
    box = crop(ink)
    scale = BOX / max(box.grey.shape)
    rows, columns = (max(1, round(side * scale)) for side in box.grey.shape)
    return Placed(_scaled(box.grey, rows, columns), scale, scale * box.left, scale * box.top)


def _scaled(ink: Grey, rows: int, columns: int) -> Grey:
    resampling = Image.Resampling.BOX if max(rows, columns) <= max(ink.shape) else Image.Resampling.BICUBIC
    return np.asarray(Image.fromarray(ink).resize((columns, rows), resampling))


def centre(box: Placed) -> Placed:
    """Paste a box of at most 20 pixels into 28x28, its centre of mass on the centre, as far as it stays inside.

    With pixel centres at whole numbers, the shift is round(14 - centre of mass) in each axis.
    """
    mass = box.grey.astype(np.float64)
    starts = []
    for axis, size in enumerate(mass.shape):
        middle = (mass.sum(axis=1 - axis) * np.arange(size)).sum() / mass.sum()
        starts.append(min(max(round(PICTURE / 2 - middle), 0), PICTURE - size))
    top, left = starts
    around = [(start, PICTURE - start - size) for start, size in zip(starts, mass.shape, strict=True)]
    return Placed(np.pad(box.grey, around), box.scale, box.left + left, box.top + top)


def pad(picture: Placed) -> Placed:
    """A 28x28 picture with paper around, 32x32: the field."""
    return Placed(np.pad(picture.grey, MARGIN), picture.scale, picture.left + MARGIN, picture.top + MARGIN)
