import pytest
import torch
from torch import Tensor
from torch.nn.functional import pad

from lenet.digits.data import Data, Digits
from lenet.digits.geometry import DIGIT_SIDE, MARGIN
from lenet.digits.pen import INKED, pen_width
from lenet.training import styles
from lenet.training.augment import augment

OTHERS = tuple(digit for digit in range(10) if digit not in styles.STYLES)


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def distorted(digits: Digits, strength: float, shares: float, seed: int = 0) -> Tensor:
    return augment(digits.images, digits.labels, strength, shares, generator(seed))


def of(data: Data, *labels: int) -> Digits:
    return data.train[torch.isin(data.train.labels, torch.tensor(labels))]


def longer_sides(images: Tensor) -> Tensor:
    inked = images > 255 * INKED
    return torch.maximum(inked.any(1).sum(1), inked.any(2).sum(1))


def middles(images: Tensor) -> Tensor:
    """Centres of mass (N, 2), pixels."""
    mass, line = images.double(), torch.arange(32.0, dtype=torch.float64)
    return torch.stack([mass.sum(1) @ line, mass.sum(2) @ line], 1) / mass.sum((1, 2))[:, None]


def inside(margin: int) -> Tensor:
    """The image but for its border, bool (32, 32)."""
    return pad(torch.ones(32 - 2 * margin, 32 - 2 * margin, dtype=torch.bool), (margin,) * 4)


def test_no_strength_and_no_styles_change_nothing(little) -> None:
    images = distorted(little.train, 0, 0)
    assert torch.equal(images, little.train.images)
    assert images.data_ptr() != little.train.images.data_ptr()


def test_pictures_are_fields_of_the_same_digits(little) -> None:
    images = distorted(little.train, 1, 0.5)
    assert images.dtype == torch.uint8
    assert images.shape == little.train.images.shape
    assert (images != little.train.images).any(2).any(1).all()


def test_what_is_given_stays_as_it_is(little) -> None:
    before = little.train.images.clone(), little.train.labels.clone()
    distorted(little.train, 1, 1)
    assert torch.equal(little.train.images, before[0])
    assert torch.equal(little.train.labels, before[1])


def test_same_seed_same_pictures(little) -> None:
    first, again, other = (distorted(little.train, 1, 0.5, seed) for seed in (3, 3, 4))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_the_generator_goes_on_from_batch_to_batch(little) -> None:
    state = generator()
    first, second = (augment(little.train.images, little.train.labels, 1, 0.5, state) for _ in range(2))
    assert not torch.equal(first, second)


def test_an_empty_batch_stays_empty() -> None:
    assert augment(
        torch.empty(0, 32, 32, dtype=torch.uint8), torch.empty(0, dtype=torch.int64), 1, 1, generator()
    ).shape == (0, 32, 32)


def test_paper_stays_paper() -> None:
    blank = torch.zeros(20, 32, 32, dtype=torch.uint8)
    assert not augment(blank, torch.arange(20) % 10, 2, 1, generator()).any()


@pytest.mark.parametrize("strength", [0.5, 1, 2])
@pytest.mark.parametrize("shares", [0, 1])
def test_ink_stays_inside_the_field(sample, strength: float, shares: float) -> None:
    images = distorted(sample.train, strength, shares)
    assert not images[:, ~inside(1)].any()
    assert (images[:, ~inside(2)] < 128).all()  # so nothing but specks was cut


def test_grey_keeps_its_range(sample) -> None:
    darkest = distorted(sample.train, 1, 0.3).flatten(1).amax(1)
    assert darkest.min() > 100
    assert darkest.double().mean() > 235


def test_as_much_ink_as_before_on_average(sample) -> None:
    before, after = (images.double().mean().item() for images in (sample.train.images, distorted(sample.train, 1, 0)))
    assert after == pytest.approx(before, rel=0.15)


def test_edges_stay_as_steep_as_mnists(sample) -> None:
    def steepness(images: Tensor) -> float:
        ink = images.double()
        return ((ink.diff(dim=1).square().sum() + ink.diff(dim=2).square().sum()) / ink.sum()).item()

    assert steepness(distorted(sample.train, 1, 0)) == pytest.approx(steepness(sample.train.images), rel=0.15)


def test_digits_are_as_large_and_as_centred_as_mnist_makes_them(sample) -> None:
    for strength, shares, pixels in ((1, 0.3, 1.5), (0, 1, 0.6)):
        images = distorted(sample.train, strength, shares)
        assert longer_sides(images).double().mean().item() == pytest.approx(DIGIT_SIDE, abs=0.5)
        assert (middles(images) - 16).abs().mean() < pixels
        assert (longer_sides(images) <= 32 - 2 * MARGIN).all()


def test_more_strength_moves_the_ink_further(sample) -> None:
    digits = sample.train[:1000]
    near, far, furthest = (
        (distorted(digits, strength, 0).double() - digits.images).abs().mean() for strength in (0.2, 1, 2)
    )
    assert 0 < near < far < furthest


def test_pens_get_thinner_and_thicker_but_not_too_thin(sample) -> None:
    before, after = (pen_width(images.float() / 255) for images in (sample.train.images, distorted(sample.train, 1, 0)))
    assert after.std() > before.std()
    assert after.quantile(0.01) > 1.2


def test_only_digits_with_other_styles_get_strokes(sample) -> None:
    digits = of(sample, *OTHERS)
    assert torch.equal(distorted(digits, 0, 1), digits.images)


@pytest.mark.parametrize("digit", styles.STYLES)
def test_most_digits_with_other_styles_get_strokes(sample, digit: int) -> None:
    digits = of(sample, digit)
    changed = (distorted(digits, 0, 1) != digits.images).any(2).any(1)
    assert changed.double().mean() > 0.7


def test_the_share_of_styles_is_kept(sample) -> None:
    digits = of(sample, 0)
    changed = (distorted(digits, 0, 0.3) != digits.images).any(2).any(1)
    assert changed.double().mean().item() == pytest.approx(0.3, abs=0.07)


@pytest.mark.parametrize("digit", styles.STYLES)
def test_strokes_are_drawn_with_the_digits_own_pen(sample, digit: int) -> None:
    ink = of(sample, digit).images.float() / 255
    numbers = torch.rand(len(ink), styles.NUMBERS, generator=generator())
    styled, suited = styles.add_strokes(ink, torch.full((len(ink),), digit), numbers)
    assert (styled >= ink).all()
    assert torch.equal(styled[~suited], ink[~suited])
    assert ((styled - ink)[suited].sum((1, 2)) > 2).double().mean() > 0.9
    assert (pen_width(styled)[suited] / pen_width(ink)[suited]).median().item() == pytest.approx(1, abs=0.2)


def test_a_seven_with_a_bar_gets_no_second_one() -> None:
    ink = torch.zeros(1, 32, 32)
    ink[0, 6:9, 8:24] = 1
    ink[0, 6:26, 20:23] = 1
    seven = torch.tensor([7])
    numbers = torch.full((1, styles.NUMBERS), 0.5)
    barred, suited = styles.add_strokes(ink, seven, numbers)
    assert suited.all()
    assert not styles.add_strokes(barred, seven, numbers)[1].any()


def test_the_width_of_a_pen_is_measured() -> None:
    ink = torch.zeros(2, 32, 32)
    ink[0, 2:30, 10:12] = 1
    ink[1, 2:30, 10:14] = 1
    assert pen_width(ink).tolist() == pytest.approx([2, 4], rel=0.15)


@pytest.mark.parametrize(
    ("strength", "shares", "says"),
    [
        (-0.1, 0, "strength -0.1 is out of bounds: 0 to 2"),
        (2.1, 0, "strength 2.1 is out of bounds: 0 to 2"),
        (float("nan"), 0, "strength nan"),
        (1, -0.1, "styles -0.1 is out of bounds: 0 to 1"),
        (1, 1.1, "styles 1.1 is out of bounds: 0 to 1"),
    ],
)
def test_bounds_are_refused_with_the_rule(little, strength: float, shares: float, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        distorted(little.train, strength, shares)
