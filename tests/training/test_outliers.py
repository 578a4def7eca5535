import pytest
import torch

from lenet import networks
from lenet.digits.mnist import Digits
from lenet.training import outliers
from lenet.training.augment import augment


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def fitted(digits: Digits, n: int, seed: int = 0) -> torch.Tensor:
    """Made rubbish as a network in training is shown it, undistorted."""
    generator = seeded(seed)
    made = outliers.outliers(digits.images, digits.labels, n, generator)
    return augment(made, torch.full((n,), networks.OUTLIER), 0.0, 0.0, generator, n_outliers=n)


def test_behind_the_digits_comes_a_share_of_rubbish(little) -> None:
    shown = outliers.add_outliers(little.train, 0.25, seeded())
    assert len(shown) == 256 + 64
    assert torch.equal(shown.images[:256], little.train.images)
    assert torch.equal(shown.labels[:256], little.train.labels)
    assert (shown.labels[256:] == networks.OUTLIER).all()
    assert shown.images.dtype == torch.uint8


def test_no_share_no_rubbish_and_no_number_drawn(little) -> None:
    generator = seeded()
    before = generator.get_state()
    assert outliers.add_outliers(little.train, 0.0, generator) is little.train
    assert torch.equal(generator.get_state(), before)


def test_the_same_seed_makes_the_same_rubbish(little) -> None:
    first, same, other = (outliers.outliers(little.train.images, little.train.labels, 64, seeded(s)) for s in (1, 1, 2))
    assert torch.equal(first, same)
    assert not torch.equal(first, other)


def test_rubbish_is_inked_as_digits_are_and_lies_where_they_lie(little) -> None:
    made = fitted(little.train, 500)
    assert made[:, 0].sum() == made[:, -1].sum() == made[:, :, 0].sum() == made[:, :, -1].sum() == 0
    ink = made.double().flatten(1)
    assert ink.amax(1).min() > 150
    rows = torch.arange(32.0, dtype=torch.double).repeat_interleave(32)
    middle = (ink * rows).sum(1) / ink.sum(1)
    assert (middle - 16).abs().quantile(0.9) < 1.5
    digits = little.train.images.double().flatten(1).mean(1)
    assert made.double().mean() == pytest.approx(float(digits.mean()), rel=0.5)


def test_a_digit_is_spoilt_so_that_it_is_none(little) -> None:
    """Of a 0 no turned one, of a 1 nothing overlaid: each would be a digit after all."""
    images = little.train.images[:1].expand(400, -1, -1)
    turned = images[0].rot90(1), images[0].rot90(-1)
    for label, expected in ((0, False), (4, True)):
        labels = torch.full((400,), label)
        corrupted, suits = outliers._corrupted(images, labels, 400, seeded())
        found = [any(torch.equal(picture, one) for one in turned) for picture in corrupted[suits]]
        assert any(found) == expected


def test_no_two_drawings_are_alike(little) -> None:
    made = outliers.outliers(little.train.images, little.train.labels, 200, seeded())
    assert len(torch.unique(made.flatten(1), dim=0)) == 200
