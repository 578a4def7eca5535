import numpy as np
import pytest

from lenet.digits.geometry import DIGIT_SIDE, STROKE
from lenet.digits.raster import draw, draw_box, draw_digit
from lenet.digits.strokes import Drawing

LINE = Drawing((np.array([[10.0, 20.0], [70.0, 20.0]]),))


def test_a_line_has_the_area_of_its_length_times_its_pen() -> None:
    drawn = draw(LINE, 40, 80, pen=4, scale=1, left=0, top=0)
    assert drawn.grey.shape == (40, 80)
    assert drawn.grey.sum() / 255 == pytest.approx(60 * 4 + np.pi * 2**2, rel=0.05)  # with its round ends
    rows, columns = np.nonzero(drawn.grey > 127)
    assert (rows.min(), rows.max()) == (18, 21)
    assert (columns.min(), columns.max()) == (pytest.approx(8, abs=1), pytest.approx(71, abs=1))


def test_a_unit_lies_where_scale_and_offset_put_it() -> None:
    drawn = draw(LINE, 30, 50, pen=3, scale=0.5, left=7, top=5)
    assert drawn.grey[15, 12] == drawn.grey[15, 41] == 255
    assert (drawn.scale, drawn.left, drawn.top) == (0.5, 7, 5)


def test_a_box_holds_the_pen_too() -> None:
    drawn = draw_box(LINE, 40, pen=20)
    assert drawn.grey.shape == (10, 40)
    assert drawn.grey[5].min() >= 100


def test_a_digit_has_20_pixels_whatever_its_pen() -> None:
    for width in (None, 1.0, 30.0):
        drawn = draw_digit(Drawing(LINE.strokes, width))
        assert max(drawn.grey.shape) == DIGIT_SIDE
    assert draw_digit(LINE).grey.shape[0] == np.ceil(STROKE)
