"""Outliers: synthetic images of no digit, made of the strokes and pens that digits are made of.

A third of them are corrupted digits: turned by a quarter, mirrored, the half of one beside the half of another, or one
over another. What would be a digit after all (a turned 0, a 1 across a 0) is left out. The others are drawings; see
`lenet.training.drawings`. `lenet.training.augment` fits both into the image, as it does digits. A network learns from
them to be confident of nothing; see `LeNet.loss`.
"""

from collections.abc import Callable
from math import cos, pi, sin
from random import Random

import torch
from torch import Tensor

from lenet.digits.data import Digits, join
from lenet.digits.geometry import GRID_CENTRE, INPUT_SIDE
from lenet.digits.pen import pixel_grid
from lenet.networks import OUTLIER
from lenet.training.drawings import random_drawing

BANK_SIZE = 4096  # images, each augmented anew whenever shown; 16,384 were no better in 6 epochs: docs/speed.md
PART = 64  # images added at a step until the bank is full, so that neither the first report nor a stop waits for it
CORRUPTED = 0.5  # fraction begun with a digit; every third of them would still be one, and a drawing takes its place

# Digits whose mirror image is none: a mirrored 2 is a 5 and a 5 a 2; 0, 1 and 8 stay themselves.
MIRRORED = (3, 4, 6, 7, 9)
CUT_OFFSET = 2.0  # pixels, how far from the centre the cut between two halves may lie
DIFFERENT = 0.5  # ink that comes and goes / ink of the digit, at least: else it is still to be read


class OutlierBank:
    """Outliers to draw batches from, so many to each digit; filled during the first steps.

    `digits` are those to corrupt, on the CPU; `device` is where batches live; `shown` is how many outliers a training
    shows in all, and the bank holds no more. The CPU `generator` decides: same state, same images.
    """

    def __init__(self, digits: Digits, shown: int, device: torch.device, generator: torch.Generator) -> None:
        self.size = min(BANK_SIZE, shown)
        self.images = torch.empty(0, INPUT_SIDE, INPUT_SIDE, dtype=torch.uint8, device=device)
        self._digits, self._generator = digits, generator
        self._random = Random(int(torch.randint(2**62, (), generator=generator)) if self.size else 0)
        self._owed = 0.0

    def add_to(self, batch: Digits, fraction: float) -> Digits:
        """The batch, and behind it that fraction of its number of outliers, labelled `networks.OUTLIER`.

        What rounding leaves out of a small batch is added to a later one.
        """
        self._owed += fraction * len(batch)
        n = int(self._owed + 1e-9)
        self._owed -= n
        if not n:
            return batch
        labels = batch.labels.new_full((n,), OUTLIER)
        return join(batch, Digits(self.draw(n), labels))

    def draw(self, n: int) -> Tensor:
        """Outliers, uint8 (n, 32, 32), drawn with replacement from what the bank holds; first it is filled further."""
        if len(self.images) < self.size:
            count = min(PART, self.size - len(self.images))
            part = torch.stack([make_outlier(self._digits, self._random) for _ in range(count)])
            self.images = torch.cat([self.images, part.to(self.images.device)])
        picked = torch.randint(len(self.images), (n,), generator=self._generator)
        return self.images[picked.to(self.images.device)]


def make_outlier(digits: Digits, random: Random) -> Tensor:
    """One image of no digit, uint8 (32, 32): a corrupted digit of these, or a drawing of strokes."""
    if random.random() < CORRUPTED and (corrupted := corrupted_digit(digits, random)) is not None:
        return corrupted
    return random_drawing(random)


def corrupted_digit(digits: Digits, random: Random) -> Tensor | None:
    """Corrupt one digit, or two, of these at random: uint8 (32, 32), or None where a digit would be left."""
    (image, label), (other, other_label) = (_pick(digits, random) for _ in range(2))
    corrupt = random.choice([*CORRUPTIONS])
    if not CORRUPTIONS[corrupt](label, other_label):
        return None
    corrupted = corrupt(image, other, random)
    return corrupted if _difference(image, corrupted) >= DIFFERENT else None


def _difference(before: Tensor, after: Tensor) -> float:
    """Ink that came or went, as a fraction of the ink before."""
    return float((after.int() - before.int()).abs().sum() / before.sum())


def _pick(digits: Digits, random: Random) -> tuple[Tensor, int]:
    index = random.randrange(len(digits))
    return digits.images[index], int(digits.labels[index])


def quarter_turn(image: Tensor, _: Tensor, random: Random) -> Tensor:
    """The digit lying on its left or right side."""
    return image.rot90(random.choice((1, -1)))


def mirror(image: Tensor, _: Tensor, random: Random) -> Tensor:
    """The digit with left and right exchanged."""
    return image.flip(1)


def halves(image: Tensor, other: Tensor, random: Random) -> Tensor:
    """The half of a digit beside the other half of a digit that lies on its side, cut near the centre at any angle."""
    angle, offset = random.uniform(0, 2 * pi), random.uniform(-CUT_OFFSET, CUT_OFFSET)
    x, y = (axis[0] - GRID_CENTRE for axis in pixel_grid(image.device))
    return torch.where(x * cos(angle) + y * sin(angle) > offset, image, quarter_turn(other, other, random))


def overlay(image: Tensor, other: Tensor, random: Random) -> Tensor:
    """A digit and, over it, one that lies on its side."""
    return torch.maximum(image, quarter_turn(other, other, random))


def _two_are_mixed(label: int, other: int) -> bool:
    return label != 1 and other > 1  # a bar across a digit, or a lying 0 around one, leaves it to be read


# Each way of corrupting, and which digits (the first, the second) it leaves unrecognisable.
CORRUPTIONS: dict[Callable[[Tensor, Tensor, Random], Tensor], Callable[[int, int], bool]] = {
    quarter_turn: lambda label, _: label != 0,
    mirror: lambda label, _: label in MIRRORED,
    halves: _two_are_mixed,
    overlay: _two_are_mixed,
}
