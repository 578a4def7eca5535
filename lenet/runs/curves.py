"""Learning curves of runs as an SVG picture: loss on a logarithmic axis, and accuracy, by epoch.

Two line charts do not need a plotting library; and an SVG is sharp at any size and follows a light or dark theme.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from lenet.errors import LenetError
from lenet.evaluation import paper
from lenet.runs.run import Run
from lenet.texts import text

WIDTH, HEIGHT = 1000, 400  # of both charts, side by side; the legend's lines lie below
LEFT, RIGHT, TOP, BOTTOM = 72, 16, 16, 52  # margins of a chart, pixels
LINE = 20  # height of a line of the legend
# After Okabe and Ito, for the colour-blind too; darkened where white paper asks for it.
COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc3399", "#8a6d00", "#6a51a3", "#56b4e9", "#7f7f7f"]
STYLE = """
svg { background: #fff; font: 13px system-ui, sans-serif; color: #222; fill: currentColor }
polyline, circle { fill: none; stroke-width: 2 }
circle.validation { fill: currentColor; stroke: none }
.training { stroke-width: 1.2; stroke-dasharray: 5 4; opacity: .8 }
circle.training { stroke-dasharray: none }
.rule { stroke: #ddd }
.paper { stroke: #666; stroke-dasharray: 2 4 }
@media (prefers-color-scheme: dark) {
  svg { background: #17181c; color: #e4e4e4 }
  .rule { stroke: #3a3c42 }
  .paper { stroke: #aaa }
  .run { filter: brightness(1.35) }
}
"""


@dataclass(frozen=True)
class _Axis:
    """A vertical axis: its title, ticks from low to high, and how a value becomes a height."""

    title: str
    ticks: list[tuple[float, str]]
    scale: Callable[[float], float]

    def y(self, value: float) -> float:
        low, high = self.scale(self.ticks[0][0]), self.scale(self.ticks[-1][0])
        share = (self.scale(value) - low) / (high - low)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


def svg(runs: Sequence[Run]) -> str:
    """Draw the curves of runs: solid lines are validation, dashed ones training.

    LenetError if none of them completed an epoch.
    """
    rows = [row for run in runs for row in run.history]
    if not rows:
        raise LenetError("export.no_epoch")
    epochs = int(max(row["epoch"] for row in rows))
    picture = _picture(HEIGHT + LINE * (2 + len(runs)), text("curves.title", names=[run.name for run in runs]))
    loss = _loss_axis([row[f"{part}_loss"] for row in rows for part in ("train", "validation")])
    accuracy = _accuracy_axis([row[f"{part}_accuracy"] for row in rows for part in ("train", "validation")])
    for left, kind, axis in ((0, "loss", loss), (WIDTH // 2, "accuracy", accuracy)):
        chart = SubElement(picture, "g", {"class": kind, "transform": f"translate({left} 0)"})
        _draw_axes(chart, axis, epochs)
        if kind == "accuracy":
            _line(chart, "paper", LEFT, WIDTH / 2 - RIGHT, axis.y(paper.ACCURACY))
        for number, run in enumerate(runs):
            _draw_run(chart, run, kind, axis, epochs, COLOURS[number % len(COLOURS)])
    _draw_legend(picture, runs)
    return ElementTree.tostring(picture, encoding="unicode") + "\n"


def _picture(height: int, title: str) -> Element:
    size = {"width": str(WIDTH), "height": str(height), "viewBox": f"0 0 {WIDTH} {height}"}
    picture = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "role": "img", **size})
    SubElement(picture, "title").text = _printable(title)
    SubElement(picture, "style").text = STYLE
    return picture


def _loss_axis(losses: list[float]) -> _Axis:
    """Ticks at 1, 2 and 5 times powers of ten, or at powers alone where that is enough, around all losses.

    A loss of 0, which has no logarithm, lies at the bottom.
    """
    losses = [loss for loss in losses if loss > 0] or [1.0]
    lowest = min(losses)
    powers = range(math.floor(math.log10(lowest)), math.ceil(math.log10(max(losses))) + 1)
    steps = (1, 2, 5) if len(powers) < 4 else (1,)
    values = [step * 10.0**power for power in powers for step in steps]
    first = max((number for number, value in enumerate(values) if value <= lowest), default=0)
    last = min((number for number, value in enumerate(values) if value >= max(losses)), default=len(values) - 1)
    ticks = [(value, f"{value:g}") for value in values[first : max(last, first + 1) + 1]]
    return _Axis(text("curves.loss"), ticks, lambda loss: math.log10(max(loss, ticks[0][0])))


def _accuracy_axis(accuracies: list[float]) -> _Axis:
    """Five steps or so from below the lowest accuracy, the paper's included, up to 100%."""
    lowest = min(*accuracies, paper.ACCURACY)
    step = next(step for step in (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2) if (1 - lowest) / step <= 6)
    steps = math.ceil(round((1 - lowest) / step, 6))
    values = [1 - number * step for number in range(steps, -1, -1)]
    form = "curves.percent_decimal" if step < 0.01 else "curves.percent"
    return _Axis(text("curves.accuracy"), [(value, text(form, value=value)) for value in values], lambda value: value)


def _draw_axes(chart: Element, axis: _Axis, epochs: int) -> None:
    for value, label in axis.ticks:
        _line(chart, "rule", LEFT, WIDTH / 2 - RIGHT, axis.y(value))
        _text(chart, LEFT - 8, axis.y(value) + 4, label, "end")
    for epoch in range(0, epochs + 1, math.ceil(epochs / 10)):
        _text(chart, _x(epoch, epochs), HEIGHT - BOTTOM + 18, str(epoch), "middle")
    _text(chart, (LEFT + WIDTH / 2 - RIGHT) / 2, HEIGHT - 12, text("curves.epoch"), "middle")
    middle = (TOP + HEIGHT - BOTTOM) / 2
    _text(chart, 16, middle, axis.title, "middle").set("transform", f"rotate(-90 16 {middle:g})")


def _draw_run(chart: Element, run: Run, kind: str, axis: _Axis, epochs: int, colour: str) -> None:
    group = SubElement(chart, "g", {"class": "run", "color": colour, "stroke": colour})
    for part, name, radius in (("training", "train", 1.8), ("validation", "validation", 2.5)):
        points = [(_x(row["epoch"], epochs), axis.y(row[f"{name}_{kind}"])) for row in run.history]
        SubElement(group, "polyline", {"class": part, "points": " ".join(f"{x:.2f},{y:.2f}" for x, y in points)})
        for x, y in points:
            SubElement(group, "circle", {"class": part, "cx": f"{x:.2f}", "cy": f"{y:.2f}", "r": str(radius)})


def _draw_legend(picture: Element, runs: Sequence[Run]) -> None:
    top = HEIGHT + LINE / 2
    for left, key in ((LEFT, "validation"), (LEFT + 150, "training"), (LEFT + 300, "paper")):
        sample = SubElement(picture, "g", {"stroke": "currentColor" if key != "paper" else "none"})
        points = f"{left},{top} {left + 30},{top}"
        SubElement(sample, "polyline", {"class": key, "points": points})
        _text(picture, left + 38, top + 4, text(f"curves.{key}", accuracy=paper.ACCURACY))
    for number, run in enumerate(runs):
        y, colour = top + LINE * (number + 1), COLOURS[number % len(COLOURS)]
        group = SubElement(picture, "g", {"class": "run", "color": colour, "stroke": colour})
        SubElement(group, "polyline", {"class": "validation", "points": f"{LEFT},{y} {LEFT + 30},{y}"})
        SubElement(group, "circle", {"class": "validation", "cx": str(LEFT + 15), "cy": str(y), "r": "2.5"})
        _text(picture, LEFT + 38, y + 4, run.name)


def _x(epoch: float, epochs: int) -> float:
    return LEFT + epoch / epochs * (WIDTH / 2 - LEFT - RIGHT)


def _line(parent: Element, name: str, left: float, right: float, y: float) -> None:
    ends = {"x1": f"{left:g}", "x2": f"{right:g}", "y1": f"{y:.2f}", "y2": f"{y:.2f}"}
    SubElement(parent, "line", {"class": name, **ends})


def _text(parent: Element, x: float, y: float, words: str, anchor: str = "start") -> Element:
    written = SubElement(parent, "text", {"x": f"{x:g}", "y": f"{y:.2f}", "text-anchor": anchor})
    written.text = _printable(words)
    return written


def _printable(words: str) -> str:
    """Leave out what XML forbids."""
    return "".join(letter for letter in words if letter.isprintable())
