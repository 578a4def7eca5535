"""Strokes that other schools teach and MNIST hardly has, drawn onto its digits.

A slash through the 0, flag and foot of the 1, the 7's bar and tick, the 9's curled tail. Each is a few straight lines,
as thick as the digit's own pen, set where that digit's ink begins and ends. Coordinates are (x, y) in pixels, x to the
right, y down, the centre of the image's first pixel at (0, 0); all works on whole batches, wherever they live.
"""

from collections.abc import Callable
from math import pi

import torch
from torch import Tensor

from lenet.digits.geometry import INPUT_SIDE
from lenet.digits.pen import INKED, draw_lines, pen_width, pixel_grid

NUMBERS = 8  # random numbers that shape the strokes of one digit
LINES = 3  # drawn onto one digit, at most
PENS = 1.6, 4.0  # pixels: the strokes drawn on are never thinner or thicker
STEEP, LEVEL = 25 * pi / 180, 62 * pi / 180  # radians, between a 1's stem and its flag
EDGE = 3.0  # pixels of the image's border that no line enters


def draw(ink: Tensor, labels: Tensor, numbers: Tensor) -> tuple[Tensor, Tensor]:
    """The digits with strokes of their class's other styles, and which of them, bool (N,), got any.

    `ink` is float (N, 32, 32), 0 paper to 1 ink, and stays as it is; `labels` int64 (N,); `numbers` (N, NUMBERS),
    uniform in 0 to 1, shape the strokes. A digit whose class has no such style, or whose shape does not suit it (a 7
    with a bar already), is let be. Strokes may widen the digit's box and move its centre of mass.
    """
    digit = Shape(ink)
    drawn = torch.zeros_like(labels, dtype=torch.bool)
    lines = torch.zeros(len(ink), LINES, 4, device=ink.device)
    for label, style in STYLES.items():
        strokes, suits = style(digit, numbers)
        suits = suits & (labels == label)
        lines = torch.where(suits[:, None, None], strokes, lines)
        drawn = drawn | suits
    lines = lines.clamp(EDGE, INPUT_SIDE - 1 - EDGE)
    strokes = draw_lines(lines, digit.pen.clamp(*PENS))
    return torch.where(drawn[:, None, None], torch.maximum(ink, strokes), ink), drawn


class Shape:
    """What the styles ask of digits, float (N, 32, 32): where they end, how thick, how plain. All (N,), pixels."""

    def __init__(self, ink: Tensor) -> None:
        self.ink = ink
        self.x, self.y = pixel_grid(ink.device)
        self.pen = pen_width(ink)
        self.left, self.right = _ends(ink.amax(1) > INKED)
        self.top, self.bottom = _ends(ink.amax(2) > INKED)
        self.height = self.bottom - self.top

    def across(self, low: Tensor, high: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and deviation of x over the ink of the rows from low to high."""
        rows = (self.y >= low[:, None, None]) & (self.y <= high[:, None, None])
        return _mean(self.ink * rows, self.x)

    def start(self) -> Tensor:
        """Mean y of the ink in the three leftmost columns."""
        return _mean(self.ink * (self.x <= self.left[:, None, None] + 2), self.y)[0]

    def waist(self) -> Tensor:
        """Deviation of the ink across its principal axis: 0.29 of the pen's width for a straight line."""
        (x, x_deviation), (y, y_deviation) = _mean(self.ink, self.x), _mean(self.ink, self.y)
        product = (self.x - x[:, None, None]) * (self.y - y[:, None, None])
        covariance = (self.ink * product).sum((1, 2)) / self.ink.sum((1, 2)).clamp(min=1e-6)
        a, c = x_deviation**2, y_deviation**2
        return ((a + c) / 2 - torch.hypot((a - c) / 2, covariance)).clamp(min=0).sqrt()


def _ends(inked: Tensor) -> tuple[Tensor, Tensor]:
    line = torch.arange(INPUT_SIDE, dtype=torch.float32, device=inked.device)
    return line.where(inked, float(INPUT_SIDE)).amin(1), line.where(inked, -1.0).amax(1)


def _mean(mass: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and deviation (N,) of values, weighted by mass (N, 32, 32)."""
    whole = mass.sum((1, 2)).clamp(min=1e-6)
    mean = (mass * values).sum((1, 2)) / whole
    return mean, ((mass * (values - mean[:, None, None]) ** 2).sum((1, 2)) / whole).sqrt()


def _between(low: float, high: float, number: Tensor) -> Tensor:
    return low + (high - low) * number


def _line(*ends: Tensor) -> Tensor:
    return torch.stack(ends, 1)  # (N, 4)


def _turned(x: Tensor, y: Tensor, angle: Tensor, length: Tensor) -> Tensor:
    """A line from (x, y), at an angle in radians from straight down, positive to the right."""
    return _line(x, y, x + length * angle.sin(), y + length * angle.cos())


def _degrees(low: float, high: float, number: Tensor) -> Tensor:
    return _between(low, high, number) * pi / 180


def _slash(digit: Shape, u: Tensor) -> tuple[Tensor, Tensor]:
    """Through a 0 wide enough for one: mostly rising to the right, sometimes level or falling; some reach beyond it.

    A few have instead, at the top, the tail of a pen that came from the right.
    """
    rising, level, falling = _degrees(28, 78, u[:, 1]), _degrees(-12, 20, u[:, 1]), _degrees(105, 150, u[:, 1])
    angle = torch.where(u[:, 0] < 0.6, rising, torch.where(u[:, 0] < 0.75, level, falling))
    cosine, sine = angle.cos(), -angle.sin()
    x, y = (digit.left + digit.right) / 2, (digit.top + digit.bottom) / 2
    wide, high = ((digit.right - digit.left) / 2).clamp(min=1), (digit.height / 2).clamp(min=1)
    radius = 1 / torch.hypot(cosine / wide, sine / high)  # of the ellipse in the 0's box
    back, on = radius * _between(0.8, 1.9, u[:, 2] ** 1.5), radius * _between(0.8, 1.9, u[:, 3] ** 1.5)
    slash = _line(x - back * cosine, y - back * sine, x + on * cosine, y + on * sine)
    top, _ = digit.across(digit.top, digit.top + 2)
    tail = _turned(top, digit.top + 0.7, _degrees(80, 140, u[:, 1]), digit.height * _between(0.15, 0.35, u[:, 2]))
    slash = torch.where(u[:, :1] > 0.88, tail, slash)
    return torch.stack([slash] * LINES, 1), digit.right - digit.left > 2.5 * digit.pen


def _flag(digit: Shape, u: Tensor) -> tuple[Tensor, Tensor]:
    """At the top of a plain 1, pointing back down: the longer, the nearer to the stem, else it would be a 7.

    Some have a foot as well; a few have a short hook to the right at the bottom instead.
    """
    x, _ = digit.across(digit.top, digit.top + 2)
    foot, _ = digit.across(digit.bottom - 2, digit.bottom)
    top, bottom = digit.top + 0.7, digit.bottom - 0.5
    stem = torch.atan2(foot - x, digit.height)
    angle = (stem - _between(STEEP, LEVEL, u[:, 0])).clamp(min=-LEVEL)
    longest = 1 - 0.6 * ((-angle - STEEP) / (LEVEL - STEEP)).clamp(0, 1)
    flag = _turned(x, top, angle, digit.height * (0.18 + (longest - 0.18) * u[:, 1]))
    left, right = digit.height * _between(0.15, 0.45, u[:, 2]), digit.height * _between(0.15, 0.45, u[:, 3])
    tilt = _between(-0.12, 0.12, u[:, 4])
    base = _line(foot - left, bottom + tilt * left, foot + right, bottom - tilt * right)
    hook = _turned(foot, bottom, stem + pi - _degrees(20, 55, u[:, 3]), digit.height * _between(0.12, 0.3, u[:, 2]))
    flag = torch.where(u[:, 5:6] > 0.88, hook, flag)
    base = torch.where(u[:, 5:6] < 0.3, base, flag)
    return torch.stack([flag, base, flag], 1), digit.waist() < 0.42 * digit.pen


def _bar(digit: Shape, u: Tensor) -> tuple[Tensor, Tensor]:
    """Across the stem of a 7 that has none; some have a tick at the start of the upper stroke instead, or as well.

    A few have a short hook at the bottom and no bar.
    """
    y = digit.top + digit.height * _between(0.42, 0.62, u[:, 0])
    x, wide = digit.across(y - 1, y + 1)
    half = digit.height * _between(0.14, 0.3, u[:, 1])
    x, rise = x + half * _between(-0.3, 0.3, u[:, 2]), half * _between(-0.15, 0.35, u[:, 3])
    bar = _line(x - half, y + rise, x + half, y - rise)
    start, side = digit.start(), digit.left + 0.7
    ticked = (u[:, 6] < 0.35) & (start < digit.top + 0.3 * digit.height)
    tick = _turned(side, start, -_degrees(-12, 17, u[:, 5]), digit.height * _between(0.1, 0.25, u[:, 4]))
    foot, _ = digit.across(digit.bottom - 2, digit.bottom)
    hook = _turned(foot, digit.bottom - 0.7, _degrees(105, 150, u[:, 4]), digit.height * _between(0.1, 0.2, u[:, 5]))
    bar = torch.where(u[:, 7:8] > 0.85, hook, bar)
    tick = torch.where(ticked[:, None], tick, bar)
    bar = torch.where(u[:, 7:8] < 0.4, tick, bar)
    return torch.stack([bar, tick, bar], 1), wide < 0.8 * digit.pen


def _tail(digit: Shape, u: Tensor) -> tuple[Tensor, Tensor]:
    """At the end of a 9's straight stem, curling to the left."""
    x, wide = digit.across(digit.bottom - 2, digit.bottom)
    size, y = digit.height * _between(0.5, 1.3, u[:, 0]), digit.bottom - 0.7
    x1, y1 = x - size * _between(0.1, 0.2, u[:, 1]), y + size * _between(0.04, 0.14, u[:, 1])
    x2, y2 = x1 - size * 0.16, y1 - size * _between(-0.04, 0.08, u[:, 2])
    x3, y3 = x2 - size * 0.12, y2 - size * _between(0.06, 0.16, u[:, 3])
    curl = [_line(x, y, x1, y1), _line(x1, y1, x2, y2), _line(x2, y2, x3, y3)]
    return torch.stack(curl, 1), wide < 0.7 * digit.pen


Style = Callable[[Shape, Tensor], tuple[Tensor, Tensor]]  # lines (N, LINES, 4), and which digits (N,) they suit
STYLES: dict[int, Style] = {0: _slash, 1: _flag, 7: _bar, 9: _tail}
