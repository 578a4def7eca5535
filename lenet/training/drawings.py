"""Drawings of no digit: strokes put together at random, with the pens that digits are made with.

Lines and arcs between the corners, sides and centre of a box, some around a ring; scribbles; zigzags; polygons;
spirals; and letters and signs, see `lenet.training.letters`. What would be a 1 or a 0 is left out; a few lookalikes
remain. Points are (x, y), x to the right and y down, in any unit: `render` fits them into the image, in pixels.
"""

from collections.abc import Callable
from itertools import pairwise
from math import cos, dist, hypot, pi, sin
from random import Random
from statistics import covariance

import torch
from torch import Tensor

from lenet.digits.geometry import DIGIT_SIDE, GRID_CENTRE, PENS
from lenet.digits.pen import draw_lines
from lenet.training.letters import Path, Point, letter

NARROWEST = 0.55  # width to height, of stroke drawings

STROKES = 2, 5  # lines and arcs of a drawing
RING_STROKES = 2, 3  # beside a ring: with one it is a 6, a 9 or a 0
LARGEST_RING = 2.4  # diameter, in a box of side 2: a larger one is a 0, whatever lies in it
BESIDE = 0.3  # how far beyond the ring these strokes end, at least
BAR = 0.2  # deviation across / along the longest direction: a flatter drawing is a 1
CORNERS = 5, 7  # points of a scribble or zigzag
JITTER = 0.15  # how far a stroke ends from its corner, side or centre, which are 1 apart
ZIGZAG_STEP = 0.33, 1.0  # along, from a corner to the next, which is 2 across
ZIGZAG_JITTER = 0.3  # of its corners
STRAIGHT = 0.45  # fraction of strokes that are lines, not arcs
LARGEST_BULGE = 0.66  # height of an arc / distance of its ends; half a circle has 0.5
SPIRAL_TURNS = 2.2, 3.5  # with fewer it is a 6 or a 9
# Straight lines of an arc and a spiral: at most 30 in a drawing, since torch shares the work of 32 among threads, which
# takes longer, and very much longer while other programs run.
ARC_LINES = 5
SPIRAL_LINES = 30


def random_drawing(random: Random) -> Tensor:
    """Draw one of any kind, uint8 (32, 32)."""
    (draw,) = random.choices([*DRAWINGS], [*DRAWINGS.values()])
    while _is_bar(drawing := draw(random)):
        pass
    return render(drawing, random.uniform(*PENS), random.uniform(NARROWEST, 1))


def render(drawing: list[Path], pen: float, narrower: float) -> Tensor:
    """A drawing as an image, uint8 (32, 32), as large as a digit: `pen` pixels wide, x times `narrower`."""
    lines = torch.tensor([[*a, *b] for path in drawing for a, b in pairwise(path)])
    points = lines.view(-1, 2) * torch.tensor([narrower, 1.0])
    low, high = points.amin(0), points.amax(0)
    points = GRID_CENTRE + (points - (low + high) / 2) * (DIGIT_SIDE - pen) / (high - low).amax()
    return (255 * draw_lines(points.view(1, -1, 4), torch.tensor([pen]))[0]).round().to(torch.uint8)


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
    sideways, step = random.random() < 0.5, random.uniform(*ZIGZAG_STEP)
    path = []
    for corner in range(random.randint(*CORNERS)):
        across = (-1) ** corner + random.uniform(-ZIGZAG_JITTER, ZIGZAG_JITTER)
        along = step * corner + random.uniform(-ZIGZAG_JITTER, ZIGZAG_JITTER)
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


def _is_bar(drawing: list[Path]) -> bool:
    """Whether all points lie near one line, which makes a 1."""
    x, y = zip(*(point for path in drawing for point in path), strict=True)
    xx, yy, xy = covariance(x, x), covariance(y, y), covariance(x, y)
    mean, gap = (xx + yy) / 2, hypot((xx - yy) / 2, xy)  # the eigenvalues are mean + gap and mean - gap
    return mean - gap < BAR**2 * (mean + gap)


# Each kind of drawing, and its fraction of them all.
DRAWINGS: dict[Callable[[Random], list[Path]], float] = {
    strokes: 0.2,
    ring: 0.14,
    scribble: 0.14,
    zigzag: 0.08,
    polygon: 0.07,
    spiral: 0.06,
    letter: 0.31,
}
