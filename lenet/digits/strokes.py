"""Drawings: strokes of a pen, as they come from outside. `ui/web/engine/drawing.js` has the same rules."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lenet.errors import InvalidError, cut

MAX_STROKES = 200
MAX_POINTS = 2_000
MAX_COORDINATE = 1_000_000
SHOWN = 40  # characters of a value that is refused


@dataclass(frozen=True)
class Drawing:
    """Strokes in the order drawn, each float64 (points, 2) of x to the right and y down, in any unit.

    `width` is the pen's, in the same unit. Without it, the pen is as wide as MNIST's strokes at any size of drawing.
    """

    strokes: tuple[NDArray[np.float64], ...]
    width: float | None = None


def parse_drawing(message: Any) -> Drawing:
    """Turn `{"strokes": [[[x, y], ...], ...], "width": w}` into a `Drawing`; `width` may be missing, strokes empty.

    Raise InvalidError if the message has another form, more than 200 strokes or 2,000 points, a coordinate beyond
    plus or minus 1,000,000, or a width that is not above 0 and at most 1,000,000.
    """
    if not isinstance(message, Mapping) or not isinstance(message.get("strokes"), list):
        raise InvalidError("drawing.form")
    strokes = [stroke for stroke in message["strokes"] if stroke != []]
    if len(strokes) > MAX_STROKES:
        raise InvalidError("drawing.strokes", number=len(strokes), limit=MAX_STROKES)
    points = sum(len(stroke) if isinstance(stroke, list) else 1 for stroke in strokes)
    if points > MAX_POINTS:
        raise InvalidError("drawing.points", number=points, limit=MAX_POINTS)
    width = message.get("width")
    if width is not None and not (_is_number(width) and 0 < width <= MAX_COORDINATE):
        raise InvalidError("drawing.width", value=shown(width), limit=MAX_COORDINATE)
    return Drawing(tuple(_parse_stroke(stroke) for stroke in strokes), width)


def _parse_stroke(points: Any) -> NDArray[np.float64]:
    if not isinstance(points, list):
        raise InvalidError("drawing.stroke", value=shown(points))
    for point in points:
        if not (isinstance(point, list) and len(point) == 2 and all(_is_number(value) for value in point)):
            raise InvalidError("drawing.point", value=shown(point))
        if max(abs(value) for value in point) > MAX_COORDINATE:
            raise InvalidError("drawing.coordinate", value=shown(point), limit=MAX_COORDINATE)
    return np.array(points, dtype=np.float64)


def shown(value: Any) -> str:
    """A value as JSON, cut short."""
    return cut(json.dumps(value, separators=(",", ":"), ensure_ascii=False, default=repr), SHOWN)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < inf
