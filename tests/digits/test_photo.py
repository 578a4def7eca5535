from contextlib import suppress

import numpy as np
import pytest
import torch
from PIL import Image, ImageFilter

from lenet import networks
from lenet.digits import ink
from lenet.digits.photo import extract_ink
from lenet.networks.activations import trace
from lenet.runs import models

CONDITIONS = {
    "clean": {},
    "noise": {"sigma": 4},
    "a dark room": {"paper": 200, "pen": 60, "sigma": 20},
    "pencil": {"paper": 225, "pen": 150, "sigma": 8},
    "a shadow": {"sigma": 3, "shadow": 0.6, "blur": 1},
    "a hard shadow": {"sigma": 3, "shadow": 0.4},
    "chalk on a board": {"paper": 40, "pen": 200, "sigma": 4},
    "out of focus": {"sigma": 3, "blur": 3},
}


def photo(
    image: np.ndarray, paper: float = 220, pen: float = 40, sigma: float = 0, shadow: float = 1, blur: float = 0
) -> Image.Image:
    """A digit on a sheet: tones of paper and pen, noise's deviation, a shadow's share of light, blur's radius."""
    ink = np.asarray(Image.fromarray(image).resize((400, 400), Image.Resampling.BICUBIC)).astype(float) / 255
    ink = np.pad(ink, ((100, 100), (200, 200)))
    light = np.ones(ink.shape)
    light[:, int(0.45 * ink.shape[1]) :] = shadow
    noise = np.random.default_rng(0).normal(0, sigma, ink.shape)
    values = ((paper + (pen - paper) * ink) * light + noise).clip(0, 255).astype(np.uint8)
    image = Image.fromarray(values)
    return image.filter(ImageFilter.GaussianBlur(blur)) if blur else image


@pytest.mark.parametrize("condition", CONDITIONS)
def test_photos_are_read(sample, condition: str) -> None:
    images = [ink.from_picture(photo(image.numpy(), **CONDITIONS[condition])) for image in sample.test.images[:20]]
    assert all(image is not None for image in images)
    read = networks.infer(models.load_model("lenet5"), torch.stack(images)).argmax(1)
    assert (read == sample.test.labels[:20]).sum() >= 19


def test_a_hairline_is_drawn_as_thick_as_mnists() -> None:
    paper = np.full((300, 300), 230, np.uint8)
    paper[40:260, 150] = 20
    image = ink.from_picture(Image.fromarray(paper))
    rows, columns = (torch.nonzero(image.any(dim=axis)).flatten() for axis in (1, 0))
    assert len(rows) == 20
    assert 2 <= len(columns) <= 4


@pytest.mark.parametrize("size", [(1, 1), (1, 50), (50, 1), (2, 300), (300, 3), (33, 33), (4000, 20)])
def test_pictures_of_any_shape_are_looked_at(size: tuple[int, int]) -> None:
    random = np.random.default_rng(0)
    for values in (random.integers(0, 256, size), random.integers(0, 2, size) * 255, np.zeros(size)):
        with suppress(ValueError):  # chance may draw two of something
            lifted = extract_ink(Image.fromarray(values.astype(np.uint8)))
            assert lifted is None or lifted.max() > 0


def coloured(image: torch.Tensor, paper: tuple[int, ...], pen: tuple[int, ...]) -> Image.Image:
    """A digit drawn large, in the colour of a pen, on the colour of paper."""
    ink = np.asarray(Image.fromarray(image.numpy()).resize((192, 192), Image.Resampling.BICUBIC))[..., None] / 255
    return Image.fromarray(((1 - ink) * np.array(paper) + ink * np.array(pen)).round().astype(np.uint8))


def test_grey_pictures_have_the_same_field_in_all_three_colours(sample) -> None:
    for image in sample.test.images[:5]:
        image = coloured(image, (255, 255, 255), (0, 0, 0))
        colours = ink.from_colours(image)
        assert colours.shape == (3, 32, 32)
        for channel in colours:
            torch.testing.assert_close(channel.int(), ink.from_picture(image).int(), atol=1, rtol=0)


@pytest.mark.parametrize(
    ("paper", "pen", "strong"),
    [
        ((255, 255, 255), (255, 0, 0), [0, 1, 1]),
        ((255, 255, 255), (0, 0, 255), [1, 1, 0]),
        ((0, 0, 0), (0, 255, 0), [0, 1, 0]),
    ],
)
def test_a_coloured_pen_is_seen_in_its_colours_and_read(sample, paper: tuple, pen: tuple, strong: list[int]) -> None:
    network, hits = models.load_model("lenet-rgb"), 0
    for image, label in zip(sample.test.images[:40], sample.test.labels[:40], strict=True):
        colours = ink.from_colours(coloured(image, paper, pen))
        assert [int(channel.max() > 200) for channel in colours] == strong
        assert [int(channel.max() > 20) for channel in colours] == strong
        hits += int(trace(network, colours).probabilities.argmax() == label)
    assert hits >= 38


def test_nothing_drawn_has_no_colours() -> None:
    assert ink.from_colours(Image.new("RGB", (100, 100), "yellow")) is None
