import pytest
import torch

from lenet.digits.geometry import CENTRE_OF_MASS, DIGIT_SIDE, GRID_CENTRE, IMAGE_SIDE, INPUT_SIDE, MARGIN


def test_the_margin_makes_an_image_an_input() -> None:
    assert IMAGE_SIDE + 2 * MARGIN == INPUT_SIDE


def test_the_two_centres_are_half_a_pixel_apart() -> None:
    """The grid's lies between its two middle pixels; MNIST rounds the centre of mass onto the second of them."""
    pixels = torch.arange(INPUT_SIDE).double()
    assert GRID_CENTRE == pixels.mean() == 15.5
    assert CENTRE_OF_MASS == 16


def test_mnists_digits_lie_where_the_geometry_says(sample) -> None:
    images, pixels = sample.train.images.double(), torch.arange(INPUT_SIDE).double()
    for axis in (1, 2):
        centres = images.sum(axis) @ pixels / images.sum((1, 2))
        assert centres.mean().item() == pytest.approx(CENTRE_OF_MASS, abs=0.02)
        assert (centres - CENTRE_OF_MASS).abs().quantile(0.999) <= 0.51
    inked = images > 0
    longer = torch.maximum(inked.any(1).sum(1), inked.any(2).sum(1))
    assert (longer == DIGIT_SIDE).double().mean() > 0.99
