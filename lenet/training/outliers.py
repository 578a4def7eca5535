"""Outliers: synthetic images of no digit, made of the strokes and pens that digits are made of.

A third of them are corrupted digits: turned by a quarter, mirrored, the half of one beside the half of another, or one
over another. The others are strokes put together at random: lines and arcs between the corners, sides and centre of a
box, some around a ring; scribbles; zigzags; polygons; spirals. What would be a digit after all (a turned 0, a 1 across
a 0) is left out; a few lookalikes remain. A network learns from them to be confident of nothing; see `LeNet.loss`.

`lenet.training.augment` fits them into the image, as it does digits. Points are (x, y), x to the right and y down: in
pixels once fitted, before that in any unit.
"""

from collections.abc import Callable
from itertools import pairwise
from math import cos, dist, pi, sin
from random import Random

import torch
from torch import Tensor

from lenet.digits.mnist import Digits
from lenet.networks import INPUT_SIDE, OUTLIER
from lenet.training.styles import PENS, columns_and_rows, inked_by

BANK_SIZE = 4096  # images; each is augmented anew whenever it is shown, and four times as many rejected no more
PART = 64  # images added at a step until the bank is full, so that neither the first report nor a stop waits for it
CORRUPTED = 0.35  # fraction that is made of digits

SIDE = 20.0  # pixels, longer side of a digit
CENTRE = 15.5  # pixels, of the image
NARROWEST = 0.55  # width to height, of stroke drawings

MIRRORED = (
    3,
    4,
    6,
    7,
    9,
)  # digits whose mirror image is none; a mirrored 2 is a 5, a 5 a 2, and 0, 1, 8 stay themselves
CUT_OFFSET = 2.0  # pixels, how far from the centre the cut between two halves may lie

DIFFERENT = 0.5  # ink that comes and goes / ink of the digit, at least: else it is still to be read

STROKES = 2, 5  # lines and arcs of a drawing
RING_STROKES = 2, 3  # beside a ring: with one it is a 6, a 9 or a 0
LARGEST_RING = 2.4  # diameter, in a box of side 2: a larger one is a 0, whatever lies in it
BESIDE = 0.3  # how far beyond the ring these strokes end, at least
BAR = 0.2  # deviation across / along the longest direction: a flatter drawing is a 1
CORNERS = 5, 7  # points of a scribble or zigzag
JITTER = 0.15  # how far a stroke ends from its corner, side or centre, which are 1 apart
ZIGZAG_JITTER = 0.3  # of its corners, each 2 across and a third along from the last
STRAIGHT = 0.45  # fraction of strokes that are lines, not arcs
LARGEST_BULGE = 0.66  # height of an arc / distance of its ends; half a circle has 0.5
ARC_LINES = 6  # straight lines that an arc is drawn with
SPIRAL_TURNS = 2.2, 3.5  # with fewer it is a 6 or a 9
SPIRAL_LINES = 36

Point = tuple[float, float]
Path = list[Point]


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
        return Digits(torch.cat([batch.images, self.draw(n)]), torch.cat([batch.labels, labels]))

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
    if random.random() < CORRUPTED:
        return corrupted_digit(digits, random)
    (draw,) = random.choices([*DRAWINGS], [*DRAWINGS.values()])
    while _is_bar(drawing := draw(random)):
        pass
    return render(drawing, random.uniform(*PENS), random.uniform(NARROWEST, 1))


def corrupted_digit(digits: Digits, random: Random) -> Tensor:
    """A digit, or two, of these in a way that leaves none to be seen, uint8 (32, 32)."""
    while True:
        (image, label), (other, other_label) = (_pick(digits, random) for _ in range(2))
        corrupt = random.choice([*CORRUPTIONS])
        if CORRUPTIONS[corrupt](label, other_label):
            corrupted = corrupt(image, other, random)
            if _difference(image, corrupted) >= DIFFERENT:
                return corrupted


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
    x, y = (axis[0] - CENTRE for axis in columns_and_rows(image.device))
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


def strokes(random: Random) -> list[Path]:
    """Lines and arcs between the corners, sides and centre of a box."""
    return [_stroke(random) for _ in range(random.randint(*STROKES))]


def ring(random: Random) -> list[Path]:
    """A ring between two places of the box, and strokes that end beside it."""
    while dist(*(ends := _ends(random))) > LARGEST_RING:
        pass
    start, end = ends
    centre, radius = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2), dist(start, end) / 2
    drawing = [_arc(start, end, 0.5), _arc(start, end, -0.5)]
    count = len(drawing) + random.randint(*RING_STROKES)
    while len(drawing) < count:
        stroke = _stroke(random)
        if max(dist(centre, stroke[0]), dist(centre, stroke[-1])) > radius + BESIDE:
            drawing.append(stroke)
    return drawing


def scribble(random: Random) -> list[Path]:
    """One long stroke, to and fro across a box, of lines and arcs."""
    points = [(random.uniform(-1, 1), random.uniform(-1, 1)) for _ in range(random.randint(*CORNERS))]
    return [_arc(start, end, _bulge(random)) for start, end in pairwise(points)]


def zigzag(random: Random) -> list[Path]:
    """One stroke whose corners lie on two sides in turn, upwards or sideways."""
    sideways = random.random() < 0.5
    path = []
    for corner in range(random.randint(*CORNERS)):
        across = (-1) ** corner + random.uniform(-ZIGZAG_JITTER, ZIGZAG_JITTER)
        along = corner / 3 + random.uniform(-ZIGZAG_JITTER, ZIGZAG_JITTER)
        path.append((along, across) if sideways else (across, along))
    return [path]


def polygon(random: Random) -> list[Path]:
    """A triangle or a square, turned by any angle."""
    corners, turn = random.choice((3, 3, 4)), random.random()
    angles = [2 * pi * (corner / corners + turn) for corner in range(corners + 1)]
    return [[(cos(angle), sin(angle)) for angle in angles]]


def spiral(random: Random) -> list[Path]:
    """A spiral of two turns or more, either way round."""
    turns, start = random.uniform(*SPIRAL_TURNS) * random.choice((1, -1)), random.random()
    path = []
    for step in range(SPIRAL_LINES + 1):
        radius = step / SPIRAL_LINES
        angle = 2 * pi * (turns * radius + start)
        path.append((radius * cos(angle), radius * sin(angle)))
    return [path]


# Each kind of drawing, and its fraction of them all.
DRAWINGS: dict[Callable[[Random], list[Path]], float] = {
    strokes: 0.3,
    ring: 0.2,
    scribble: 0.2,
    zigzag: 0.12,
    polygon: 0.1,
    spiral: 0.08,
}


def _is_bar(drawing: list[Path]) -> bool:
    """Whether all points lie near one line, which makes a 1."""
    x, y = zip(*(point for path in drawing for point in path), strict=True)
    (smaller, larger) = torch.linalg.eigvalsh(torch.cov(torch.tensor([x, y])))
    return smaller < BAR**2 * larger


def _stroke(random: Random) -> Path:
    return _arc(*_ends(random), _bulge(random))


def _ends(random: Random) -> tuple[Point, Point]:
    """Two of the corners, sides and centre of a box from -1 to 1, each a little beside its place."""
    places = random.sample([(x, y) for x in (-1, 0, 1) for y in (-1, 0, 1)], 2)
    start, end = ((x + random.uniform(-JITTER, JITTER), y + random.uniform(-JITTER, JITTER)) for x, y in places)
    return start, end


def _bulge(random: Random) -> float:
    return 0.0 if random.random() < STRAIGHT else random.uniform(-LARGEST_BULGE, LARGEST_BULGE)


def _arc(start: Point, end: Point, bulge: float) -> Path:
    """Half an ellipse from start to end, as high as `bulge` times their distance; a line where that is 0."""
    if not bulge:
        return [start, end]
    (x, y), dx, dy = start, end[0] - start[0], end[1] - start[1]
    path = []
    for step in range(ARC_LINES + 1):
        turn = pi * step / ARC_LINES
        along, aside = (1 - cos(turn)) / 2, bulge * sin(turn)
        path.append((x + dx * along - dy * aside, y + dy * along + dx * aside))
    return path


def render(drawing: list[Path], pen: float, narrower: float) -> Tensor:
    """A drawing as an image, uint8 (32, 32), as large as a digit: `pen` pixels wide, x times `narrower`."""
    lines = torch.tensor([[*a, *b] for path in drawing for a, b in pairwise(path)])
    points = lines.view(-1, 2) * torch.tensor([narrower, 1.0])
    low, high = points.amin(0), points.amax(0)
    points = CENTRE + (points - (low + high) / 2) * (SIDE - pen) / (high - low).amax()
    return (255 * inked_by(points.view(1, -1, 4), torch.tensor([pen]))[0]).round().to(torch.uint8)
