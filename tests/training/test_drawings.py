from collections import Counter
from itertools import pairwise
from math import dist
from random import Random

import pytest
import torch
from torch import Tensor

from lenet.digits.pen import pen_width
from lenet.training import drawings

MANY = 300
PEN = 2.4


def many(draw, n: int = MANY) -> list[list[drawings.Path]]:
    random = Random(1)
    return [draw(random) for _ in range(n)]


def holes(image: Tensor) -> int:
    """Areas of paper that ink encloses, but for specks in a corner."""
    paper = image < 64
    left = {(int(row), int(column)) for row, column in paper.nonzero()}
    areas = []
    while left:
        area = [left.pop()]
        for row, column in area:
            near = {(row + 1, column), (row - 1, column), (row, column + 1), (row, column - 1)} & left
            left -= near
            area += near
        areas.append(len(area))
    return sum(area > 3 for area in areas) - 1  # the paper around the ink is no hole


@pytest.mark.parametrize("draw", drawings.DRAWINGS)
def test_no_drawing_has_so_many_lines_that_torch_uses_threads(draw) -> None:
    assert max(sum(len(path) - 1 for path in drawing) for drawing in many(draw)) * 32 * 32 < 32768


def test_strokes_are_lines_and_arcs_between_places_of_a_box() -> None:
    found = many(drawings.strokes)
    assert {len(drawing) for drawing in found} == {2, 3, 4, 5}
    lengths = Counter(len(path) for drawing in found for path in drawing)
    assert set(lengths) == {2, drawings.ARC_LINES + 1}
    assert lengths[2] / lengths.total() == pytest.approx(drawings.STRAIGHT, abs=0.05)
    ends = [end for drawing in found for path in drawing for end in (path[0], path[-1])]
    places = [(x, y) for x in (-1, 0, 1) for y in (-1, 0, 1)]
    near = Counter(min(places, key=lambda place: dist(place, end)) for end in ends)
    assert set(near) == set(places)
    assert max(abs(value - round(value)) for end in ends for value in end) <= drawings.JITTER + 1e-9
    assert all(dist(path[0], path[-1]) > 0.5 for drawing in found for path in drawing)  # no dots


def test_an_arc_is_half_an_ellipse_as_high_as_its_bulge() -> None:
    start, end = (0.0, 0.0), (2.0, 0.0)
    path = drawings._arc(start, end, 0.5)
    assert path[0] == start
    assert path[-1] == pytest.approx(end)
    assert all(dist(point, (1, 0)) == pytest.approx(1) for point in path)  # a circle's half
    assert max(y for _, y in path) == pytest.approx(1, abs=0.05)
    assert min(y for _, y in drawings._arc(start, end, -0.25)) == pytest.approx(-0.5, abs=0.03)
    assert drawings._arc(start, end, 0) == [start, end]


def test_a_ring_is_closed_and_its_strokes_end_beside_it() -> None:
    for drawing in many(drawings.ring):
        left, right, *beside = drawing
        assert left[0] == right[0]
        assert left[-1] == pytest.approx(right[-1])
        centre, radius = tuple((a + b) / 2 for a, b in zip(left[0], left[-1], strict=True)), dist(left[0], left[-1]) / 2
        assert all(dist(point, centre) == pytest.approx(radius) for point in left + right)
        assert 2 * radius <= drawings.LARGEST_RING
        assert len(beside) in (2, 3)
        assert all(max(dist(path[0], centre), dist(path[-1], centre)) > radius for path in beside)
        assert holes(drawings.render(drawing, 1.6, 1.0)) >= 1 or radius < 0.6  # a small ring may be filled


def test_a_scribble_is_one_stroke_of_four_parts_or_more() -> None:
    found = many(drawings.scribble)
    assert {len(drawing) for drawing in found} == {4, 5, 6}
    for drawing in found:
        assert all(first[-1] == pytest.approx(second[0]) for first, second in pairwise(drawing))
    assert max(len({path[0] for path in drawing}) for drawing in found) == 6


def test_a_zigzag_turns_back_at_every_corner() -> None:
    found = [path for (path,) in many(drawings.zigzag)]
    assert {len(path) for path in found} == {5, 6, 7}
    sideways = 0
    for path in found:
        across = [[b[axis] - a[axis] for a, b in pairwise(path)] for axis in (0, 1)]
        turning = [all(a * b < 0 for a, b in pairwise(steps)) for steps in across]
        assert any(turning)
        sideways += turning[1]
    assert 0.3 < sideways / len(found) < 0.7


def test_a_polygon_is_closed_has_three_or_four_equal_sides_and_one_hole() -> None:
    found = [path for (path,) in many(drawings.polygon)]
    assert {len(path) for path in found} == {4, 5}
    for path in found:
        assert path[0] == pytest.approx(path[-1])
        sides = [dist(a, b) for a, b in pairwise(path)]
        assert sides == pytest.approx([sides[0]] * len(sides))
        assert holes(drawings.render([path], PEN, 1.0)) == 1


def test_a_spiral_winds_at_least_twice_and_outwards() -> None:
    found = [path for (path,) in many(drawings.spiral)]
    clockwise = 0
    for path in found:
        radii = [dist(point, (0, 0)) for point in path]
        assert radii == sorted(radii)
        crosses = [a[0] * b[1] - a[1] * b[0] for a, b in pairwise(path[1:])]
        assert all(cross * crosses[0] > 0 for cross in crosses)  # always the same way round
        clockwise += crosses[0] > 0
        crossings = sum(a[1] * b[1] < 0 for a, b in pairwise(path[1:]))  # of the line through its start, two a turn
        assert crossings >= 4
    assert 0.3 < clockwise / len(found) < 0.7


@pytest.mark.parametrize(
    ("drawing", "bar"),
    [
        ([[(0, 0), (0, 1)], [(0, 0.2), (0, 2)]], True),
        ([[(0, 0), (1, 2)], [(0.5, 1.1), (1.5, 3.1)]], True),
        ([[(0, 0), (0, 2)], [(-0.5, 1), (0.5, 1)]], False),
        ([[(0, 0), (1, 2)], [(1, 2), (2, 0)]], False),
    ],
)
def test_strokes_along_one_line_are_a_bar(drawing, bar: bool) -> None:
    assert drawings._is_bar(drawing) == bar


def test_no_drawing_is_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else it would be a 1."""
    straight, cross = [[(0.0, 0.0), (0.0, 1.0)]], [[(-1.0, 0.0), (1.0, 0.0)], [(0.0, -1.0), (0.0, 1.0)]]
    offered = [straight, straight, cross]
    shown = []
    monkeypatch.setattr(drawings, "DRAWINGS", {lambda _: offered.pop(0): 1.0})
    monkeypatch.setattr(drawings, "render", lambda drawing, *_: shown.append(drawing))
    drawings.random_drawing(Random(0))
    assert shown == [cross]


@pytest.mark.parametrize("draw", drawings.DRAWINGS)
def test_a_drawing_is_as_large_as_a_digit_and_centred(draw) -> None:
    for drawing in many(draw, 40):
        image = drawings.render(drawing, PEN, 1.0)
        rows, columns = (torch.nonzero(image.amax(axis) > 64).flatten() for axis in (1, 0))
        sides = [int(line[-1] - line[0]) + 1 for line in (rows, columns)]
        assert 18 <= max(sides) <= 22
        assert all(line[0] + line[-1] == pytest.approx(31, abs=2) for line in (rows, columns))


@pytest.mark.parametrize("pen", [1.6, 2.4, 4.0])
def test_a_drawing_is_made_with_its_pen(pen: float) -> None:
    image = drawings.render([[(0.0, 0.0), (1.0, 1.0)], [(0.0, 1.0), (1.0, 0.0)]], pen, 1.0)
    assert pen_width(image[None].float() / 255).item() == pytest.approx(pen, rel=0.2)


def test_a_narrower_drawing_is_as_high() -> None:
    (square,) = [[(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0)]]
    image = drawings.render([square], PEN, 0.6) > 64
    width, height = (int(image.any(axis).sum()) for axis in (0, 1))
    assert height == pytest.approx(20, abs=1)
    assert width == pytest.approx(0.6 * (20 - PEN) + PEN, abs=1.5)
