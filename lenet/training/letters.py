"""Letters and signs as a pen writes them: what people draw to see what a network says.

Each is a path of lines (L) and quadratic curves (Q), as in SVG, from where the pen is set down (M); x to the right, y
down, 10 units high or wide. Left out are those that in some hand look like a digit: b, g, i, j, l, o, q, s, y, z, B, D,
G, I, J, O, Q, S, Z, and signs of one straight line or one bow. Small letters like their capitals are there once.
"""

import re
from collections.abc import Callable
from itertools import starmap
from random import Random

Point = tuple[float, float]
Path = list[Point]

CURVE_LINES = 4  # straight lines of a curve
SLANT = 0.25  # of x to y, at most
JITTER = 0.6  # how far a point of a path may lie from its place

LETTERS = (
    "M0 10 L4 0 L8 10 M1.5 6 L6.5 6",  # A
    "M8 2 Q6 0 4 0 Q0 1 0 5 Q0 9 4 10 Q6 10 8 8",  # C
    "M7 0 L0 0 L0 10 L7 10 M0 5 L6 5",  # E
    "M7 0 L0 0 L0 10 M0 5 L6 5",  # F
    "M0 0 L0 10 M7 0 L7 10 M0 5 L7 5",  # H
    "M0 0 L0 10 M7 0 L0 6 M2 5 L7 10",  # K
    "M0 0 L0 10 L7 10",  # L
    "M0 10 L1 0 L5 7 L9 0 L10 10",  # M
    "M0 10 L0 0 L7 10 L7 0",  # N
    "M0 10 L0 0 Q8 -1 8 3 Q7 6 0 6",  # P
    "M0 10 L0 0 Q8 -1 8 3 Q7 6 0 6 M3 6 L8 10",  # R
    "M0 0 L8 0 M4 0 L4 10",  # T
    "M0 0 L0 6 Q0 10 4 10 Q8 10 8 6 L8 0",  # U
    "M0 0 L4 10 L8 0",  # V
    "M0 0 L2.5 10 L5 3 L7.5 10 L10 0",  # W
    "M0 0 L8 10 M8 0 L0 10",  # X
    "M0 0 L4 5 L8 0 M4 5 L4 10",  # Y
    "M1 1 Q5 -1 7 2 L7 10 M7 5 Q0 4 0 8 Q1 11 7 8",  # a
    "M7 7 Q6 3 3 4 Q-1 5 0 8 Q2 11 6 8 L7 6 M7 0 L7 10",  # d
    "M0 5 L8 5 Q8 0 4 0 Q0 1 0 5 Q0 10 4 10 Q6 10 8 8",  # e
    "M6 1 Q3 -1 3 3 L3 10 M0 5 L6 5",  # f
    "M0 0 L0 10 M0 6 Q2 4 4 4 Q6 4 6 6 L6 10",  # h
    "M0 0 L0 10 M5 4 L0 7 M2 6 L6 10",  # k
    "M0 0 L0 6 M0 2 Q2 0 4 1 Q5 2 5 6 M5 2 Q7 0 9 1 Q10 2 10 6",  # m
    "M0 1 L0 9 M0 3 Q2 1 4 1 Q7 1 7 4 L7 9",  # n
    "M0 2 L0 10 M0 3 Q3 -1 6 2 Q7 6 4 7 Q1 7 0 5",  # p
    "M1 1 L1 10 M1 4 Q3 0 7 2",  # r
    "M3 0 L3 8 Q4 10 7 9 M0 3 L7 3",  # t
    "M0 0 L0 5 Q0 8 3 8 Q6 8 7 4 M7 0 L7 8",  # u
    "M0 0 L2 6 L4 2 L6 6 L8 0",  # w
    "M0 0 Q3 1 4 5 Q5 9 8 10 M8 0 L0 10",  # x
)
SIGNS = (
    "M5 0 L5 10 M0 5 L10 5",  # plus
    "M3 0 L2 10 M7 0 L6 10 M0 3 L9 3 M0 7 L9 7",  # hash
    "M0 2 Q2 -1 5 0 Q8 2 5 5 Q4 6 4 8 M4 9.5 L4 10",  # question mark
    "M8 10 L2 3 Q1 0 4 0 Q6 1 4 4 L1 6 Q-1 9 3 10 Q7 10 8 5",  # ampersand
    "M5 3 Q4 -1 1 1 Q-1 4 5 10 Q11 4 9 1 Q6 -1 5 3",  # heart
    "M2 10 L5 0 L8 10 L0 4 L10 4 L2 10",  # star
    "M5 10 L5 0 M2 3 L5 0 L8 3",  # arrow up
    "M0 5 L10 5 M7 2 L10 5 L7 8",  # arrow to the right
    "M0 5 L3 9 L9 0",  # tick
    "M0 10 L0 4 L5 0 L10 4 L10 10 L0 10 M4 10 L4 7 L6 7 L6 10",  # house
    "M5 0 Q10 0 10 5 Q10 10 5 10 Q0 10 0 5 Q0 0 5 0 M3 3 L3 4 M7 3 L7 4 M3 7 Q5 9 7 7",  # face
    "M0 6 Q2 0 5 5 Q8 10 10 4",  # tilde
    "M2 8 Q0 7 0 9 Q1 11 3 9 L3 0 L7 2",  # note
    "M5 6 Q2 2 0 5 Q2 8 5 5 Q8 2 10 5 Q8 8 5 5",  # infinity
    "M0 0 L6 5 L0 10",  # greater than
    "M6 0 L0 5 L6 10",  # less than
    "M5 0 Q2 0 3 3 Q3 5 0 5 Q3 5 3 7 Q2 10 5 10",  # brace
)


def letter(random: Random) -> list[Path]:
    """A letter or a sign, as one of many hands would have it."""
    slant = random.uniform(-SLANT, SLANT)

    def place(x: float, y: float) -> Point:
        x, y = x + random.uniform(-JITTER, JITTER), y + random.uniform(-JITTER, JITTER)
        return x - slant * y, y

    return parse(random.choice(LETTERS + SIGNS), place)


def parse(path: str, place: Callable[[float, float], Point] = lambda x, y: (x, y)) -> list[Path]:
    """The strokes of a path, curves as lines; `place` says where each of its points goes."""
    drawing: list[Path] = []
    for command, numbers in re.findall("([MLQ])([^MLQ]+)", path):
        values = [float(number) for number in numbers.split()]
        points = [*starmap(place, zip(values[::2], values[1::2], strict=True))]
        match command:
            case "M":
                drawing.append(points)
            case "L":
                drawing[-1] += points
            case "Q":
                drawing[-1] += _curve(drawing[-1][-1], *points)
    return drawing


def _curve(start: Point, control: Point, end: Point) -> Path:
    """A quadratic Bézier curve as lines, without its start."""
    path = []
    for step in range(1, CURVE_LINES + 1):
        t = step / CURVE_LINES
        a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t**2
        path.append((a * start[0] + b * control[0] + c * end[0], a * start[1] + b * control[1] + c * end[1]))
    return path
