import time
from collections import Counter
from random import Random

import pytest
import torch
from torch import Tensor

from lenet import networks
from lenet.digits.data import Digits
from lenet.runs import models
from lenet.training import drawings, outliers
from lenet.training.augment import augment
from lenet.training.outliers import OutlierBank, make_outlier

CPU = torch.device("cpu")
MANY = 300


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def bank(digits: Digits, shown: int = 10_000, seed: int = 0) -> OutlierBank:
    return OutlierBank(digits, shown, CPU, seeded(seed))


def filled(digits: Digits, shown: int, seed: int = 0) -> OutlierBank:
    made = bank(digits, shown, seed)
    while len(made.images) < made.size:
        made.draw(1)
    return made


def fitted(images: Tensor) -> Tensor:
    """Outliers as a network in training is shown them, but for the augmentation."""
    labels = torch.full((len(images),), networks.OUTLIER)
    return augment(images, labels, 0.0, 0.0, seeded(), n_outliers=len(images))


def test_behind_the_digits_comes_a_fraction_of_outliers(little) -> None:
    shown = bank(little.train).add_to(little.train, 0.25)
    assert len(shown) == 256 + 64
    assert torch.equal(shown.images[:256], little.train.images)
    assert torch.equal(shown.labels[:256], little.train.labels)
    assert (shown.labels[256:] == networks.OUTLIER).all()
    assert shown.images.dtype == torch.uint8


@pytest.mark.parametrize("batch", [1, 3, 10])
def test_small_batches_get_their_fraction_too(little, batch: int) -> None:
    made, digits = bank(little.train), little.train[:batch]
    counts = [len(made.add_to(digits, 0.25)) - batch for _ in range(40)]
    assert sum(counts) == 10 * batch
    assert max(counts) - min(counts) <= 1


def test_no_fraction_no_outliers_and_no_number_drawn(little) -> None:
    generator = seeded()
    before = generator.get_state()
    assert OutlierBank(little.train, 0, CPU, generator).add_to(little.train, 0.0) is little.train
    assert torch.equal(generator.get_state(), before)


def test_the_same_seed_makes_the_same_outliers(little) -> None:
    first, again, other = (bank(little.train, seed=seed) for seed in (1, 1, 2))
    for _ in range(5):
        drawn = first.draw(40)
        assert torch.equal(drawn, again.draw(40))
        assert not torch.equal(drawn, other.draw(40))
    assert torch.equal(first.images, again.images)


def test_the_digits_and_the_global_random_numbers_stay_as_they_are(little) -> None:
    images, state = little.train.images.clone(), torch.get_rng_state()
    bank(little.train).draw(100)
    assert torch.equal(little.train.images, images)
    assert torch.equal(torch.get_rng_state(), state)


def test_the_bank_fills_in_parts_and_not_beyond_its_size(little, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outliers, "BANK_SIZE", 100)
    monkeypatch.setattr(outliers, "PART", 30)
    made = bank(little.train)
    sizes = []
    for _ in range(6):
        assert made.draw(8).shape == (8, 32, 32)
        sizes.append(len(made.images))
    assert sizes == [30, 60, 90, 100, 100, 100]


def test_a_short_training_makes_no_more_than_it_shows(little) -> None:
    assert len(filled(little.train, shown=20).images) == 20


def test_batches_come_from_the_whole_bank(little) -> None:
    made = filled(little.train, shown=50)
    assert torch.equal(torch.unique(made.draw(1000), dim=0), torch.unique(made.images, dim=0))


def test_hardly_two_outliers_are_alike(sample) -> None:
    assert len(torch.unique(filled(sample.train, 500).images.flatten(1), dim=0)) >= 498


def test_outliers_are_as_different_from_each_other_as_digits(little) -> None:
    made = fitted(filled(little.train, 256).images)
    assert made.float().std(0).mean() > little.train.images.float().std(0).mean()


def test_outliers_are_inked_as_digits_are_and_lie_where_they_lie(little) -> None:
    made = fitted(filled(little.train, 500).images)
    assert made[:, 0].sum() == made[:, -1].sum() == made[:, :, 0].sum() == made[:, :, -1].sum() == 0
    ink = made.double().flatten(1)
    assert ink.amax(1).min() > 150
    rows = torch.arange(32.0, dtype=torch.double).repeat_interleave(32)
    centre = (ink * rows).sum(1) / ink.sum(1)
    assert (centre - 16).abs().quantile(0.9) < 1.5
    digits = little.train.images.double().flatten(1).mean(1)
    assert made.double().mean() == pytest.approx(float(digits.mean()), rel=0.5)


def test_a_third_of_them_are_corrupted_digits(little, monkeypatch: pytest.MonkeyPatch) -> None:
    counts: Counter[str] = Counter()
    blank = torch.zeros(32, 32, dtype=torch.uint8)

    def drawn(*_: object) -> Tensor:
        counts["drawing"] += 1
        return blank

    monkeypatch.setattr(outliers, "random_drawing", drawn)
    random = Random(0)
    for _ in range(1000):
        make_outlier(little.train, random)
    assert 1000 - counts["drawing"] == pytest.approx(350, abs=50)


def test_all_kinds_are_made(little, monkeypatch: pytest.MonkeyPatch) -> None:
    made: Counter[str] = Counter()

    def recorded(kind):
        def call(*arguments):
            made[kind.__name__] += 1
            return kind(*arguments)

        return call

    for module, table in ((drawings, "DRAWINGS"), (outliers, "CORRUPTIONS")):
        kinds = {recorded(kind): value for kind, value in getattr(module, table).items()}
        monkeypatch.setattr(module, table, kinds)
    filled(little.train, MANY)
    names = "strokes ring scribble zigzag polygon spiral letter quarter_turn mirror halves overlay"
    assert set(made) == set(names.split())
    assert min(made.values()) > MANY / 50


def test_a_turned_digit_lies_on_either_side(little) -> None:
    image = little.train.images[0]
    random = Random(0)
    found = [outliers.quarter_turn(image, image, random) for _ in range(20)]
    sides = image.mT.flip(1), image.mT.flip(0)
    assert all(any(torch.equal(turned, side) for side in sides) for turned in found)
    assert all(any(torch.equal(turned, side) for turned in found) for side in sides)


def test_a_mirrored_digit_has_its_columns_in_reverse(little) -> None:
    image = little.train.images[0]
    mirrored = outliers.mirror(image, image, Random(0))
    assert torch.equal(mirrored[:, 0:32], image[:, torch.arange(31, -1, -1)])


def test_halves_take_each_pixel_from_one_of_two_digits(little) -> None:
    image, other = torch.full((32, 32), 255, dtype=torch.uint8), torch.zeros(32, 32, dtype=torch.uint8)
    random = Random(0)
    shares = []
    for _ in range(100):
        mixed = outliers.halves(image, other, random)
        assert set(mixed.unique().tolist()) == {0, 255}
        shares.append((mixed == 255).double().mean().item())
    assert 0.35 < min(shares) < 0.45 < 0.55 < max(shares) < 0.65


def test_an_overlay_holds_the_ink_of_both(little) -> None:
    image, other = little.train.images[:2]
    over = outliers.overlay(image, other, Random(0))
    assert (over >= image).all()
    assert any(torch.equal(over, torch.maximum(image, other.rot90(turn))) for turn in (1, -1))


@pytest.mark.parametrize(
    ("kind", "label", "other", "allowed"),
    [
        (outliers.quarter_turn, 0, 4, False),  # a lying 0 is a 0
        (outliers.quarter_turn, 4, 0, True),
        *[(outliers.mirror, label, 4, label in (3, 4, 6, 7, 9)) for label in range(10)],  # a mirrored 2 is a 5
        *[(kind, 1, 4, False) for kind in (outliers.halves, outliers.overlay)],  # a flag on a 1
        *[(kind, 4, 0, False) for kind in (outliers.halves, outliers.overlay)],
        *[(kind, 4, 1, False) for kind in (outliers.halves, outliers.overlay)],  # a bar across a 4
        *[(kind, 0, 4, True) for kind in (outliers.halves, outliers.overlay)],
    ],
)
def test_what_would_stay_a_digit_is_left_out(kind, label: int, other: int, allowed: bool) -> None:
    assert outliers.CORRUPTIONS[kind](label, other) == allowed


@pytest.mark.parametrize("kind", outliers.CORRUPTIONS)
def test_a_corrupted_digit_differs_by_half_its_ink(sample, kind, monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = []

    def recorded(image: Tensor, other: Tensor, random: Random) -> Tensor:
        pairs.append((image.double(), kind(image, other, random)))
        return pairs[-1][1]

    monkeypatch.setattr(outliers, "CORRUPTIONS", {recorded: outliers.CORRUPTIONS[kind]})
    random, kept = Random(1), 0
    for _ in range(MANY):
        corrupted = outliers.corrupted_digit(sample.train, random)
        if pairs and (corrupted is not None):
            before, after = pairs[-1]
            assert corrupted is after
            assert (after - before).abs().sum() / before.sum() >= outliers.DIFFERENT
            kept += 1
    assert kept > MANY / 3
    assert kept < MANY


@pytest.mark.parametrize("label", range(10))
def test_a_digit_that_cannot_be_corrupted_gives_way_to_a_drawing(sample, label: int) -> None:
    """Of nothing but 0s, or nothing but 1s, there are outliers too."""
    digits = sample.train[sample.train.labels == label]
    assert len(torch.unique(filled(digits, 64).images.flatten(1), dim=0)) > 60


def test_few_outliers_look_like_digits(sample) -> None:
    """As the pretrained network, which rejects 0.5 % of digits, has it: it takes about one in ten for one."""
    network, threshold = models.load_model("lenet5"), models.load_run("lenet5").threshold
    made = fitted(filled(sample.train, 600, seed=3).images)
    rejected = network.confidence(networks.infer(network, made)) < threshold
    assert rejected.double().mean() > 0.8


def test_making_them_is_cheap(sample) -> None:
    """No step waits long for its part, so that a stop is never late."""
    made = bank(sample.train)
    seconds = []
    for _ in range(8):
        start = time.perf_counter()
        made.draw(32)
        seconds.append(time.perf_counter() - start)
    assert min(seconds) < 0.1  # about 0.015 on a free core
    assert outliers.BANK_SIZE * min(seconds) / outliers.PART < 5  # of the whole bank; about 1
