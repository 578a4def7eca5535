import pytest
import torch

from lenet.digits.geometry import PENS, STROKE
from lenet.digits.pen import change_stroke_width, draw_lines, pen_width, pixel_grid

LINES = torch.tensor([[[8.0, 16, 24, 16]], [[16, 6, 16, 26]], [[9, 9, 22, 22]]])  # level, upright, slanted


def test_the_grid_is_of_pixel_centres() -> None:
    x, y = pixel_grid(torch.device("cpu"))
    assert (x.shape, y.shape) == ((1, 1, 32), (1, 32, 1))
    assert x.flatten().tolist() == y.flatten().tolist() == list(range(32))


def test_a_drawn_line_is_as_wide_as_its_pen() -> None:
    pens = torch.tensor([2.0, 3.0, 4.0])
    ink = draw_lines(LINES, pens)
    assert ink.shape == (3, 32, 32)
    assert ink[0, 16, 16] == ink[1, 16, 16] == ink[2, 16, 16] == 1
    assert ink[0].sum(0)[16] == pytest.approx(2, abs=0.2)
    assert ink[1].sum(1)[16] == pytest.approx(3, abs=0.2)
    assert pen_width(ink).tolist() == pytest.approx(pens.tolist(), rel=0.25)


def test_ink_is_the_darkest_of_all_lines() -> None:
    cross = draw_lines(LINES[:2].flatten(0, 1)[None], torch.tensor([3.0]))
    alone = draw_lines(LINES[:2], torch.tensor([3.0, 3.0]))
    assert torch.equal(cross[0], alone.amax(0))


def test_mnists_strokes_have_its_width(sample) -> None:
    widths = pen_width(sample.train.images.float() / 255)
    assert widths.median() == pytest.approx(STROKE, abs=0.1)
    assert ((widths > PENS[0]) & (widths < PENS[1])).double().mean() > 0.9


@pytest.mark.parametrize("wider", [-0.5, 0.7])
def test_strokes_become_wider_or_thinner(wider: float) -> None:
    level, upright = change_stroke_width(draw_lines(LINES[:2], torch.tensor([3.0, 3.0])), torch.tensor([wider, wider]))
    assert level[:, 16].sum() == pytest.approx(3 + wider, abs=0.1)
    assert upright[16].sum() == pytest.approx(3 + wider, abs=0.1)


def test_no_stroke_is_made_thinner_than_mnists_thinnest() -> None:
    ink = draw_lines(LINES, torch.full((3,), 1.6))
    assert torch.equal(change_stroke_width(ink, torch.full((3,), -2.0)).gt(0), ink.gt(0))
    assert pen_width(change_stroke_width(ink, torch.full((3,), -2.0))).min() > 1.2
