"""Digits of real pens, embedded as strokes: other hands than MNIST's, to train with beside them.

Whence they come says `pens.md`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import cos, radians, sin

import numpy as np
import torch
from numpy.typing import NDArray

from lenet.digits.data import Data, Digits, join, make_data
from lenet.digits.geometry import DIGIT_SIDE, PENS
from lenet.digits.preprocessing import preprocess_drawing
from lenet.digits.strokes import Drawing

COPIES = 3  # of each in the training digits, each drawn with another pen and another slant

# Bounds of a copy's pen and of what is done to its strokes; each is uniform in them.
ROTATION = radians(10)
SHEAR = 0.2  # right for down
SQUEEZE = 0.15  # of the logarithm of width to height

# A bare stroke is a 1, and only upright. Source ibm has some four dozen with other labels, and some lying ones: parts
# of digits that were cut at the wrong place. They are left out.
STRAIGHT = 0.12  # deviation of a drawing's points across / along, below which it is a bare stroke
LYING = radians(60)  # from upright, from which on it is no 1
STEP = 10  # thousandths of the box's side, between the points that are measured


@dataclass(frozen=True)
class PenDigit:
    """A digit as it was written: its label, 0 to 9, where it comes from, and its strokes, y down."""

    label: int
    source: str
    drawing: Drawing


@cache
def read() -> tuple[PenDigit, ...]:
    """Read all that are embedded, 9,005; `tools/pens.py`, which makes the file, says how it is written."""
    with resources.files("lenet.digits").joinpath("pens.npz").open("rb") as file, np.load(file) as arrays:
        names, labels, sources, counts, lengths, x, y = (
            arrays[name] for name in ("names", "labels", "sources", "strokes", "points", "x", "y")
        )
    ends = np.cumsum(lengths)
    strokes = iter(
        np.cumsum(np.stack([x[start:end], y[start:end]], 1), axis=0, dtype=np.uint8).astype(np.float64)
        for start, end in zip([0, *ends], ends, strict=False)
    )
    return tuple(
        PenDigit(int(label), str(names[source]), Drawing(tuple(next(strokes) for _ in range(count))))
        for label, source, count in zip(labels, sources, counts, strict=True)
    )


def is_mislabelled(pen: PenDigit) -> bool:
    """Whether a drawing is a bare stroke that no reader would take for its label."""
    points = np.concatenate([_evenly(stroke) for stroke in pen.drawing.strokes])
    squares, axes = np.linalg.eigh(np.cov(points.T, bias=True))
    if squares[0] >= STRAIGHT**2 * squares[1]:
        return False
    right, down = abs(axes[:, 1])
    return pen.label != 1 or bool(np.arctan2(right, down) > LYING)


def _evenly(stroke: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points (N, 2) along a stroke, all as far apart."""
    along = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(stroke, axis=0).T))])
    places = np.linspace(0, along[-1], max(2, round(along[-1] / STEP)))
    return np.stack([np.interp(places, along, axis) for axis in stroke.T], 1)


@cache
def kept() -> tuple[PenDigit, ...]:
    """Those that are trained with."""
    return tuple(pen for pen in read() if not is_mislabelled(pen))


def count() -> int:
    """How many training digits they make, found out sooner than drawn."""
    return COPIES * len(kept())


@cache
def training_digits(without: str = "") -> Digits:
    """Draw the copies to train with, those of a source left out: always the same. That takes seconds."""
    random = np.random.default_rng(0)
    copies = [(pen, _copy(pen.drawing, random)) for _ in range(COPIES) for pen in kept()]
    return digits((pen.label, copy) for pen, copy in copies if pen.source != without)


def digits(drawings: Iterable[tuple[int, Drawing]]) -> Digits:
    """Draw labelled drawings, each with at least one stroke."""
    labels, images = zip(*((label, preprocess_drawing(drawing)) for label, drawing in drawings), strict=True)
    return Digits(torch.stack([found.image for found in images if found]), torch.tensor(labels))


def _copy(drawing: Drawing, random: np.random.Generator) -> Drawing:
    angle, shear, squeeze = (bound * random.uniform(-1, 1) for bound in (ROTATION, SHEAR, SQUEEZE))
    wide = np.exp(squeeze / 2)
    turned = np.array([[cos(angle), -sin(angle)], [sin(angle), cos(angle)]]) @ [[wide, wide * shear], [0, 1 / wide]]
    strokes = tuple(stroke @ turned.T for stroke in drawing.strokes)
    points = np.concatenate(strokes)
    pen = random.uniform(*PENS)  # pixels, of a digit whose longer side has DIGIT_SIDE
    width = pen * float(np.ptp(points, axis=0).max()) / (DIGIT_SIDE - pen)
    return Drawing(strokes, width or None)


def add_to(data: Data, without: str = "") -> Data:
    """MNIST with the pens' copies among its training digits, but those of a source; its name is "mnist+pens"."""
    train = join(data.train, training_digits(without))
    return make_data("mnist+pens", train, data.validation, data.test, *data.notice)
