"""Rare handwriting styles: strokes that other schools teach and MNIST hardly has, added to its digits.

A slash through the 0, flag and foot of the 1, the 7's bar and tick, the 9's curled tail. Each is a few straight lines,
as wide as the digit's own pen, set where that digit's ink begins and ends. Coordinates are (x, y) in pixels, x to the
right, y down, the centre of the image's first pixel at (0, 0). All works on batches, on any device.
"""

from collections.abc import Callable
from math import pi

import torch
from torch import Tensor

from lenet.digits.geometry import INPUT_SIDE, PENS
from lenet.digits.pen import INKED, draw_lines, pen_width, pixel_grid

NUMBERS = 8  # random numbers that shape the strokes of one digit
LINES = 3  # added to one digit, at most
STEEP, LEVEL = 25 * pi / 180, 62 * pi / 180  # radians, between a 1's stem and its flag
EDGE = 3.0  # pixels of the image's border that no line enters


def add_strokes(ink: Tensor, labels: Tensor, numbers: Tensor) -> tuple[Tensor, Tensor]:
    """Return the digits with strokes of their class's other styles, and which of them, bool (N,), got any.

    `ink` is float (N, 32, 32), 0 paper to 1 ink, and stays as it is; `labels` int64 (N,); `numbers` (N, NUMBERS),
    uniform in 0 to 1, shape the strokes. A digit whose class has no such style, or whose shape does not suit it (a 7
    with a bar already), gets none. Strokes may widen the digit's box and move its centre of mass.
    """
    digit = Shape(ink)
    styled = torch.zeros_like(labels, dtype=torch.bool)
    lines = torch.zeros(len(ink), LINES, 4, device=ink.device)
    for label, style in STYLES.items():
        strokes, suits = style(digit, numbers)
        suits = suits & (labels == label)
        lines = torch.where(suits[:, None, None], strokes, lines)
        styled = styled | suits
    lines = lines.clamp(EDGE, INPUT_SIDE - 1 - EDGE)
    strokes = draw_lines(lines, digit.pen.clamp(*PENS))
    return torch.where(styled[:, None, None], torch.maximum(ink, strokes), ink), styled


class Shape:
    """Measures (N,) in pixels that the styles need of digits, float (N, 32, 32): extent, pen width, straightness."""

    def __init__(self, ink: Tensor) -> None:
        self.ink = ink
        self.x, self.y = pixel_grid(ink.device)
        self.pen = pen_width(ink)
        self.left, self.right = _ends(ink.amax(1) > INKED)
        self.top, self.bottom = _ends(ink.amax(2) > INKED)
        self.height = self.bottom - self.top

    def mean_x(self, low: Tensor, high: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and deviation of x over the ink of the rows from `low` to `high`."""
        rows = (self.y >= low[:, None, None]) & (self.y <= high[:, None, None])
        return _mean(self.ink * rows, self.x)

    def start_y(self) -> Tensor:
        """Mean y of the ink in the three leftmost columns."""
        return _mean(self.ink * (self.x <= self.left[:, None, None] + 2), self.y)[0]

    def minor_deviation(self) -> Tensor:
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


def _at_angle(x: Tensor, y: Tensor, angle: Tensor, length: Tensor) -> Tensor:
    """A line from (x, y), at an angle in radians from straight down, positive to the right."""
    return _line(x, y, x + length * angle.sin(), y + length * angle.cos())


def _angle(low: float, high: float, number: Tensor) -> Tensor:
    """An angle in radians between two in degrees."""
    return _between(low, high, number) * pi / 180


def _slash(digit: Shape, u: Tensor) -> tuple[Tensor, Tensor]:
    """Slash a 0 that is wide enough: mostly rising to the right, sometimes level or falling; some reach beyond it.

    A few get, instead, a tail at the top, as of a pen that came from the right.
    """
    rising, level, falling = _angle(28, 78, u[:, 1]), _angle(-12, 20, u[:, 1]), _angle(105, 150, u[:, 1])
    angle = torch.where(u[:, 0] < 0.6, rising, torch.where(u[:, 0] < 0.75, level, falling))
    cosine, sine = angle.cos(), -angle.sin()
    x, y = (digit.left + digit.right) / 2, (digit.top + digit.bottom) / 2
    wide, high = ((digit.right - digit.left) / 2).clamp(min=1), (digit.height / 2).clamp(min=1)
    radius = 1 / torch.hypot(cosine / wide, sine / high)  # of the ellipse in the 0's box
    back, on = radius * _between(0.8, 1.9, u[:, 2] ** 1.5), radius * _between(0.8, 1.9, u[:, 3] ** 1.5)
    slash = _line(x - back * cosine, y - back * sine, x + on * cosine, y + on * sine)
    top, _ = digit.mean_x(digit.top, digit.top + 2)
    tail = _at_angle(top, digit.top + 0.7, _angle(80, 140, u[:, 1]), digit.height * _between(0.15, 0.35, u[:, 2]))
    slash = torch.where(u[:, :1] > 0.88, tail, slash)
    return torch.stack([slash] * LINES, 1), digit.right - digit.left > 2.5 * digit.pen


def _flag(digit: Shape, u: Tensor) -> tuple[Tensor, Tensor]:
    """Add a flag to a plain 1, pointing back down: the longer, the nearer to the stem, else it would be a 7.

    Some get a foot as well; a few get a short hook to the right at the bottom instead.
    """
    x, _ = digit.mean_x(digit.top, digit.top + 2)
    foot, _ = digit.mean_x(digit.bottom - 2, digit.bottom)
    top, bottom = digit.top + 0.7, digit.bottom - 0.5
    stem = torch.atan2(foot - x, digit.height)
    angle = (stem - _between(STEEP, LEVEL, u[:, 0])).clamp(min=-LEVEL)
    longest = 1 - 0.6 * ((-angle - STEEP) / (LEVEL - STEEP)).clamp(0, 1)
    flag = _at_angle(x, top, angle, digit.height * (0.18 + (longest - 0.18) * u[:, 1]))
    left, right = digit.height * _between(0.15, 0.45, u[:, 2]), digit.height * _between(0.15, 0.45, u[:, 3])
    tilt = _between(-0.12, 0.12, u[:, 4])
    base = _line(foot - left, bottom + tilt * left, foot + right, bottom - tilt * right)
    hook = _at_angle(foot, bottom, stem + pi - _angle(20, 55, u[:, 3]), digit.height * _between(0.12, 0.3, u[:, 2]))
    flag = torch.where(u[:, 5:6] > 0.88, hook, flag)
    base = torch.where(u[:, 5:6] < 0.3, base, flag)
    return torch.stack([flag, base, flag], 1), digit.minor_deviation() < 0.42 * digit.pen


def _bar(digit: Shape, u: Tensor) -> tuple[Tensor, Tensor]:
    """Add a bar to a 7 that has none; some get a tick at the start of the upper stroke instead, or as well.

    A few get a short hook at the bottom and no bar.
    """
    y = digit.top + digit.height * _between(0.42, 0.62, u[:, 0])
    x, wide = digit.mean_x(y - 1, y + 1)
    half = digit.height * _between(0.14, 0.3, u[:, 1])
    x, rise = x + half * _between(-0.3, 0.3, u[:, 2]), half * _between(-0.15, 0.35, u[:, 3])
    bar = _line(x - half, y + rise, x + half, y - rise)
    start, side = digit.start_y(), digit.left + 0.7
    ticked = (u[:, 6] < 0.35) & (start < digit.top + 0.3 * digit.height)
    tick = _at_angle(side, start, -_angle(-12, 17, u[:, 5]), digit.height * _between(0.1, 0.25, u[:, 4]))
    foot, _ = digit.mean_x(digit.bottom - 2, digit.bottom)
    hook = _at_angle(foot, digit.bottom - 0.7, _angle(105, 150, u[:, 4]), digit.height * _between(0.1, 0.2, u[:, 5]))
    bar = torch.where(u[:, 7:8] > 0.85, hook, bar)
    tick = torch.where(ticked[:, None], tick, bar)
    bar = torch.where(u[:, 7:8] < 0.4, tick, bar)
    return torch.stack([bar, tick, bar], 1), wide < 0.8 * digit.pen


def _tail(digit: Shape, u: Tensor) -> tuple[Tensor, Tensor]:
    """Add a tail to a 9 with a straight stem, curling to the left."""
    x, wide = digit.mean_x(digit.bottom - 2, digit.bottom)
    size, y = digit.height * _between(0.5, 1.3, u[:, 0]), digit.bottom - 0.7
    x1, y1 = x - size * _between(0.1, 0.2, u[:, 1]), y + size * _between(0.04, 0.14, u[:, 1])
    x2, y2 = x1 - size * 0.16, y1 - size * _between(-0.04, 0.08, u[:, 2])
    x3, y3 = x2 - size * 0.12, y2 - size * _between(0.06, 0.16, u[:, 3])
    curl = [_line(x, y, x1, y1), _line(x1, y1, x2, y2), _line(x2, y2, x3, y3)]
    return torch.stack(curl, 1), wide < 0.7 * digit.pen


Style = Callable[[Shape, Tensor], tuple[Tensor, Tensor]]  # lines (N, LINES, 4), and which digits (N,) they suit
STYLES: dict[int, Style] = {0: _slash, 1: _flag, 7: _bar, 9: _tail}
