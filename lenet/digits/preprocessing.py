"""A drawing or a picture -> the input, in the steps in which MNIST's makers made its images.

The digit's bounding box is cropped; scaled until its longer side is 20 pixels, aspect kept, area-averaged; pasted into
28x28 so that its centre of mass falls on the centre; and padded to 32x32 (LeCun et al. 1998, section III.A). Drawings
and pictures take the same steps from the scaled digit on.

Drawings lie on a sheet, see `geometry.SHEET`; a picture lies in its middle, as large as it fits. Arrays are (rows,
columns), uint8, 0 paper to 255 ink.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import torch
from PIL import Image

from lenet.digits import photo, raster
from lenet.digits.geometry import CENTRE_OF_MASS, DIGIT_SIDE, IMAGE_SIDE, INPUT_SIDE, MARGIN, PAD_PEN, SHEET
from lenet.digits.raster import Grey, Placed
from lenet.digits.strokes import Drawing

STAGE_SIDE = 40  # pixels, longer side of the stages before the digit is scaled


@dataclass(frozen=True)
class Stage:
    """What a digit looks like after a step: its name is "original", "cropped", "scaled", "centred" or "shrunk"."""

    name: str
    grey: Grey


@dataclass(frozen=True)
class Preprocessed:
    """The input that a digit became, and the stages on the way there, which are drawn only if someone looks at them.

    `image` is the last stage padded, uint8 (32, 32); `colours` the same in red, green and blue, uint8 (3, 32, 32), if
    they were asked for. Pixel edge of the input = scale * unit of the sheet + (left, top).
    """

    image: torch.Tensor
    colours: torch.Tensor | None
    scale: float
    left: float
    top: float
    draw_stages: Callable[[], tuple[Stage, ...]] = field(repr=False, compare=False)

    @cached_property
    def stages(self) -> tuple[Stage, ...]:
        """The stages in order."""
        return self.draw_stages()


def preprocess_drawing(drawing: Drawing, raw: bool = False) -> Preprocessed | None:
    """Make the input of a drawing, or return None if it has no stroke.

    With `raw`, shrink the whole sheet instead, wherever and however large the digit is, as most demos do.
    """
    if not drawing.strokes:
        return None

    def original() -> Stage:
        return Stage("original", _draw_sheet(drawing, STAGE_SIDE).grey)

    def cropped() -> Stage:
        return Stage("cropped", raster.draw_box(drawing, STAGE_SIDE, PAD_PEN).grey)

    if raw:
        return _finish(lambda: [original()], "shrunk", _draw_sheet(drawing, IMAGE_SIDE))
    scaled = raster.draw_digit(drawing)
    centred = _paste(scaled, *_offset(scaled.grey))
    return _finish(lambda: [original(), cropped(), Stage("scaled", scaled.grey)], "centred", centred)


def preprocess_picture(image: Image.Image, raw: bool = False, colours: bool = False) -> Preprocessed | None:
    """Make the input of a picture of one digit, or return None if nothing is on it.

    Ink may be dark on light or light on dark, the paper evenly lit or not. With `raw`, shrink the whole picture
    instead, taken as dark ink on white paper, shadows and all. With `colours`, and not `raw`, fill in `colours` too.
    Raise InvalidError if the picture has more than 50,000,000 pixels or shows more than one digit.
    """
    photo.check_size(image)
    opaque = photo.to_opaque(image)
    ink = photo.extract_ink(opaque)
    if ink is None:
        return None
    original = Stage("original", _contain(opaque, STAGE_SIDE))
    if raw:
        return _finish(lambda: [original], "shrunk", Placed(_contain(opaque, IMAGE_SIDE), IMAGE_SIDE / SHEET, 0.0, 0.0))
    box = _bounding_box(ink)
    scaled = _scale(ink[box])
    offset = _offset(scaled)
    stages = [original, Stage("cropped", _thumbnail(ink[box])), Stage("scaled", scaled)]
    tinted = None
    if colours:
        channels = [(ink * tint).round().astype(np.uint8)[box] for tint in photo.ink_colours(opaque)]
        tinted = np.stack([_surround(_scale(channel), *offset, IMAGE_SIDE) for channel in channels])
    return _finish(lambda: stages, "centred", _paste(_place(scaled, ink, box), *offset), tinted)


def _finish(earlier: Callable[[], list[Stage]], name: str, last: Placed, colours: Grey | None = None) -> Preprocessed:
    """Add the last stage, 28x28, and pad it with paper: the input. Pad the colours too."""
    return Preprocessed(
        image=torch.from_numpy(_surround(last.grey, MARGIN, MARGIN, INPUT_SIDE)),
        colours=None if colours is None else torch.from_numpy(_surround(colours, MARGIN, MARGIN, INPUT_SIDE)),
        scale=last.scale,
        left=last.left + MARGIN,
        top=last.top + MARGIN,
        draw_stages=lambda: (*earlier(), Stage(name, last.grey)),
    )


def _draw_sheet(drawing: Drawing, side: int) -> Placed:
    """Draw the whole sheet into `side` x `side` pixels."""
    scale = side / SHEET
    return raster.draw(drawing, side, side, PAD_PEN * scale, scale, 0.0, 0.0)


def _contain(opaque: Image.Image, side: int) -> Grey:
    """Fit a picture, taken as dark ink, into the middle of a square of paper."""
    grey = opaque.convert("L")
    scale = side / max(grey.size)
    width, height = (max(1, round(length * scale)) for length in grey.size)
    square = Image.new("L", (side, side), 255)
    square.paste(grey.resize((width, height), Image.Resampling.BOX), ((side - width) // 2, (side - height) // 2))
    return np.asarray(255 - np.asarray(square))


def _bounding_box(ink: Grey) -> tuple[slice, slice]:
    """Find the rows and columns between the outermost that have ink."""
    rows, columns = (np.flatnonzero(ink.any(axis=axis)) for axis in (1, 0))
    return slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)


def _thumbnail(cropped: Grey) -> Grey:
    small = Image.fromarray(cropped)
    small.thumbnail((STAGE_SIDE, STAGE_SIDE), Image.Resampling.BOX)
    return np.asarray(small)


def _scale(cropped: Grey) -> Grey:
    """Scale the longer side to 20 pixels: each pixel the mean of an area if that is smaller, else bicubic."""
    scale = DIGIT_SIDE / max(cropped.shape)
    rows, columns = (max(1, round(side * scale)) for side in cropped.shape)
    resampling = Image.Resampling.BOX if scale <= 1 else Image.Resampling.BICUBIC
    return np.asarray(Image.fromarray(cropped).resize((columns, rows), resampling))


def _place(scaled: Grey, ink: Grey, box: tuple[slice, slice]) -> Placed:
    """Say where a picture's scaled digit, cut out of its ink at `box`, lies on the sheet."""
    cropped, longer = ink[box], max(ink.shape)
    scale = DIGIT_SIDE / max(cropped.shape)  # pixels of the scaled digit a pixel of the ink
    top, left = (scale * ((side - longer) / 2 - span.start) for side, span in zip(ink.shape, box, strict=True))
    return Placed(scaled, scale * longer / SHEET, left, top)


def _offset(scaled: Grey) -> tuple[int, int]:
    """Find the row and column of 28x28 at which a digit must begin for its centre of mass to fall on the centre.

    That is round(14 - centre of mass) along each axis, or as near to it as the digit stays inside.
    """
    mass = scaled.astype(np.float64)
    starts = []
    for axis, size in enumerate(mass.shape):
        centre = (mass.sum(axis=1 - axis) * np.arange(size)).sum() / mass.sum()
        starts.append(min(max(round(CENTRE_OF_MASS - MARGIN - centre), 0), IMAGE_SIDE - size))
    return starts[0], starts[1]


def _paste(scaled: Placed, top: int, left: int) -> Placed:
    """Surround a digit with paper to 28x28."""
    return Placed(_surround(scaled.grey, top, left, IMAGE_SIDE), scaled.scale, scaled.left + left, scaled.top + top)


def _surround(grey: Grey, top: int, left: int, side: int) -> Grey:
    """Put pixels (..., rows, columns) on paper (..., side, side), their first at (top, left)."""
    rows, columns = grey.shape[-2:]
    paper = np.zeros((*grey.shape[:-2], side, side), dtype=np.uint8)
    paper[..., top : top + rows, left : left + columns] = grey
    return paper
