"""The way of a digit into the field, stage by stage, to be looked at: the same steps as `lenet.ink`, nothing hidden.

A sheet is a square of 1,000 units a side, on which strokes were drawn with a pen of `PEN` units, or in whose middle a
picture lies as large as it fits. Stages are uint8 (rows, columns), 0 paper to 255 ink.
"""

from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image

from lenet.digits import ink
from lenet.digits.ink import Drawing, Grey, Placed
from lenet.digits.photo import extract_ink, on_white

SHEET = 1000  # units
PEN = 60  # units, as wide as the pad's pen looks
SHOWN = 40  # pixels of the longer side of the stages before the digit is shrunk


@dataclass(frozen=True)
class Way:
    """What becomes of a digit: `stages` by their names, in order, and the `image` that ends it, (32, 32).

    Field pixel edge = scale * unit of the sheet + (left, top).
    """

    stages: dict[str, Grey]
    image: torch.Tensor
    scale: float
    left: float
    top: float


def of_strokes(drawing: Drawing) -> Way | None:
    """MNIST's recipe for strokes on a sheet; None if there are none."""
    if not drawing.strokes:
        return None
    sheet = _sheet(drawing, SHOWN)
    twenty = ink.draw(drawing)
    points = np.concatenate(drawing.strokes)
    low, high = points.min(axis=0) - PEN / 2, points.max(axis=0) + PEN / 2
    scale = SHOWN / float((high - low).max())
    columns, rows = (max(1, round(float(side) * scale)) for side in high - low)
    box = ink.render(drawing, rows, columns, PEN * scale, scale, *(-low * scale).tolist())
    return _way({"drawn": sheet, "box": box}, twenty)


def of_picture(image: Image.Image) -> Way | None:
    """MNIST's recipe for a picture on a sheet; None if nothing is on it. ValueError as `ink.from_picture` says."""
    lifted = extract_ink(image)
    if lifted is None:
        return None
    twenty = ink.shrink(lifted)
    box = Image.fromarray(ink.crop(lifted).grey)
    box.thumbnail((SHOWN, SHOWN), Image.Resampling.BOX)
    rows, columns = lifted.shape
    unit = max(rows, columns) / SHEET  # pixels of the lifted ink a unit of the sheet
    left, top = ((side - max(rows, columns)) / 2 for side in (columns, rows))
    placed = Placed(
        twenty.grey, twenty.scale * unit, twenty.left + twenty.scale * left, twenty.top + twenty.scale * top
    )
    raw = Placed(_contained(image, SHOWN), 1.0, 0.0, 0.0)
    return _way({"drawn": raw, "box": Placed(np.asarray(box), 1.0, 0.0, 0.0)}, placed)


def strokes_as_drawn(drawing: Drawing) -> Way | None:
    """What most demos do instead: the whole sheet shrunk to 28x28, wherever and however large the digit is."""
    if not drawing.strokes:
        return None
    return _plain(_sheet(drawing, SHOWN), _sheet(drawing, ink.PICTURE))


def picture_as_drawn(image: Image.Image) -> Way | None:
    """The same for a picture, taken as dark ink on white paper, shadows and all; None if nothing is on it."""
    if extract_ink(image) is None:
        return None
    scale = ink.PICTURE / SHEET
    return _plain(
        Placed(_contained(image, SHOWN), 1.0, 0.0, 0.0), Placed(_contained(image, ink.PICTURE), scale, 0.0, 0.0)
    )


def _way(first: dict[str, Placed], twenty: Placed) -> Way:
    centred = ink.centre(twenty)
    field = ink.pad(centred)
    stages = {**first, "20 px": twenty, "centred": centred}
    grey = {name: stage.grey for name, stage in stages.items()}
    return Way(grey, torch.from_numpy(field.grey), field.scale, field.left, field.top)


def _plain(sheet: Placed, shrunk: Placed) -> Way:
    field = ink.pad(shrunk)
    stages = {"drawn": sheet.grey, "shrunk": shrunk.grey}
    return Way(stages, torch.from_numpy(field.grey), field.scale, field.left, field.top)


def _sheet(drawing: Drawing, side: int) -> Placed:
    scale = side / SHEET
    return ink.render(drawing, side, side, PEN * scale, scale, 0.0, 0.0)


def _contained(image: Image.Image, side: int) -> Grey:
    """Dark ink of a picture in the middle of a square of paper."""
    grey = on_white(image).convert("L")
    scale = side / max(grey.size)
    width, height = (max(1, round(length * scale)) for length in grey.size)
    square = Image.new("L", (side, side), 255)
    square.paste(grey.resize((width, height), Image.Resampling.BOX), ((side - width) // 2, (side - height) // 2))
    return np.asarray(255 - np.asarray(square))
