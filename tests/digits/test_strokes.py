import math

import numpy as np
import pytest

from lenet.digits.strokes import parse_drawing
from lenet.errors import InvalidError


def test_a_message_becomes_a_drawing() -> None:
    drawing = parse_drawing({"strokes": [[[0, 0], [100, 0.5]], [], [[7, 8]]], "width": 3, "label": 7})
    assert [stroke.tolist() for stroke in drawing.strokes] == [[[0, 0], [100, 0.5]], [[7, 8]]]
    assert all(stroke.dtype == np.float64 for stroke in drawing.strokes)
    assert drawing.width == 3
    assert parse_drawing({"strokes": [[], []]}).strokes == ()


@pytest.mark.parametrize(
    ("message", "says"),
    [
        ("7", "A drawing is"),
        ({"strokes": "7"}, "A drawing is"),
        ({"strokes": [7]}, "A stroke is a list"),
        ({"strokes": [[[1]]]}, "A point is"),
        ({"strokes": [[[1, "2"]]]}, "A point is"),
        ({"strokes": [[[1, True]]]}, "A point is"),
        ({"strokes": [[[1, math.nan]]]}, "A point is"),
        ({"strokes": [[[1, 10**400]]]}, "coordinates lie between"),
        ({"strokes": [[[1, -2e6]]]}, "−1,000,000 and 1,000,000"),
        ({"strokes": [[[1, 2]]] * 201}, "201 strokes; the limit is 200"),
        ({"strokes": [[[1, 2]] * 2_001]}, "2,001 points; the limit is 2,000"),
        ({"strokes": [[[1, 2]]], "width": 0}, "width 0 is out of bounds"),
        ({"strokes": [[[1, 2]]], "width": "wide"}, 'width "wide"'),
    ],
)
def test_a_message_that_is_no_drawing_is_refused_with_the_rule(message: object, says: str) -> None:
    with pytest.raises(InvalidError, match=says):
        parse_drawing(message)
