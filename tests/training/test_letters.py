from collections import Counter
from itertools import pairwise
from math import dist
from random import Random

import pytest

from lenet.training import letters

LINES_AND_A_CURVE = "M0 1 L2 1 L2 3 Q4 3 4 5 M7 8 L9 10"


def test_a_path_is_strokes_of_lines_and_curves() -> None:
    first, second = letters.parse(LINES_AND_A_CURVE)
    assert first[:3] == [(0, 1), (2, 1), (2, 3)]
    assert second == [(7, 8), (9, 10)]
    assert len(first) == 3 + letters.CURVE_LINES
    assert first[3:] == [(2.875, 3.125), (3.5, 3.5), (3.875, 4.125), (4, 5)]  # t = 1/4, 1/2, 3/4, 1


def test_every_point_is_placed() -> None:
    moved = letters.parse(LINES_AND_A_CURVE, lambda x, y: (x + 1, 2 * y))
    plain = letters.parse(LINES_AND_A_CURVE)
    assert moved == [[pytest.approx((x + 1, 2 * y)) for x, y in path] for path in plain]


@pytest.mark.parametrize("path", letters.LETTERS + letters.SIGNS)
def test_a_letter_fills_its_box_without_a_jump(path: str) -> None:
    drawing = letters.parse(path)
    x, y = zip(*(point for stroke in drawing for point in stroke), strict=True)
    assert 8 <= max(max(x) - min(x), max(y) - min(y)) <= 11
    assert max(y) - min(y) >= 6 or max(x) - min(x) >= 8
    assert all(0.4 <= dist(*line) <= 13 for stroke in drawing for line in pairwise(stroke))


def test_letters_differ_from_hand_to_hand() -> None:
    random = Random(1)
    found = [letters.letter(random) for _ in range(500)]
    counts = Counter(tuple(map(len, drawing)) for drawing in found)
    assert len(counts) > 20  # the shapes of letters, by how many points their strokes have
    first = [tuple(map(tuple, drawing)) for drawing in found]
    assert len(set(first)) == len(first)
    assert len({*letters.LETTERS, *letters.SIGNS}) == len(letters.LETTERS) + len(letters.SIGNS)
