import time
from collections import Counter
from itertools import pairwise
from math import dist
from random import Random

import pytest
import torch
from torch import Tensor

from lenet import networks
from lenet.digits.mnist import Data, Digits
from lenet.runs import models
from lenet.training import outliers
from lenet.training.augment import augment
from lenet.training.outliers import OutlierBank, make_outlier
from lenet.training.styles import pen_width

CPU = torch.device("cpu")
MANY = 300
PEN = 2.4


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


def drawings(draw, n: int = MANY) -> list[list[outliers.Path]]:
    random = Random(1)
    return [draw(random) for _ in range(n)]


def of(data: Data, *labels: int) -> Digits:
    return data.train[torch.isin(data.train.labels, torch.tensor(labels))]


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


def test_the_global_random_numbers_are_left_alone(little) -> None:
    before = torch.get_rng_state()
    bank(little.train).draw(10)
    assert torch.equal(torch.get_rng_state(), before)


def test_the_digits_stay_as_they_are(little) -> None:
    before = little.train.images.clone()
    bank(little.train).draw(100)
    assert torch.equal(little.train.images, before)


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


def test_what_is_drawn_comes_from_the_whole_bank(little) -> None:
    made = filled(little.train, shown=50)
    drawn = {image.numpy().tobytes() for image in made.draw(1000)}
    assert drawn == {image.numpy().tobytes() for image in made.images}


def test_hardly_two_outliers_are_alike(sample) -> None:
    assert len(torch.unique(filled(sample.train, 500).images.flatten(1), dim=0)) >= 498


def test_outliers_are_as_different_from_each_other_as_digits(little) -> None:
    made = fitted(filled(little.train, 256).images)
    variety, digits = (images.float().std(0).mean() for images in (made, little.train.images))
    assert variety > digits


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

    def counted(kind: str) -> Tensor:
        counts[kind] += 1
        return blank

    monkeypatch.setattr(outliers, "corrupted_digit", lambda *_: counted("digit"))
    monkeypatch.setattr(outliers, "render", lambda *_: counted("drawing"))
    random = Random(0)
    for _ in range(1000):
        make_outlier(little.train, random)
    assert counts["digit"] == pytest.approx(350, abs=60)
    assert counts.total() == 1000


def test_all_kinds_are_made(little, monkeypatch: pytest.MonkeyPatch) -> None:
    made: Counter[str] = Counter()

    def recorded(kind):
        def call(*arguments):
            made[kind.__name__] += 1
            return kind(*arguments)

        return call

    for table in ("DRAWINGS", "CORRUPTIONS"):
        kinds = {recorded(kind): value for kind, value in getattr(outliers, table).items()}
        monkeypatch.setattr(outliers, table, kinds)
    filled(little.train, MANY)
    names = "strokes ring scribble zigzag polygon spiral quarter_turn mirror halves overlay"
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


@pytest.mark.parametrize("label", range(10))
def test_a_corrupted_digit_has_lost_or_gained_half_its_ink(sample, label: int, monkeypatch: pytest.MonkeyPatch) -> None:
    digits = of(sample, label, (label + 3) % 10)
    random, made = Random(label), []
    for kind in outliers.CORRUPTIONS:

        def recorded(image, other, random, kind=kind):
            corrupted = kind(image, other, random)
            made.append((image, corrupted))
            return corrupted

        monkeypatch.setattr(outliers, "CORRUPTIONS", {recorded: lambda *_: True})
        corrupted = outliers.corrupted_digit(digits, random)
        image, last = made[-1]
        assert last is corrupted
        changed = (corrupted.double() - image.double()).abs().sum() / image.double().sum()
        assert changed >= outliers.DIFFERENT


def test_strokes_are_lines_and_arcs_between_places_of_a_box() -> None:
    found = drawings(outliers.strokes)
    assert {len(drawing) for drawing in found} == {2, 3, 4, 5}
    lengths = Counter(len(path) for drawing in found for path in drawing)
    assert set(lengths) == {2, outliers.ARC_LINES + 1}
    assert lengths[2] / lengths.total() == pytest.approx(outliers.STRAIGHT, abs=0.05)
    ends = [end for drawing in found for path in drawing for end in (path[0], path[-1])]
    places = [(x, y) for x in (-1, 0, 1) for y in (-1, 0, 1)]
    near = Counter(min(places, key=lambda place: dist(place, end)) for end in ends)
    assert set(near) == set(places)
    assert max(abs(value - round(value)) for end in ends for value in end) <= outliers.JITTER + 1e-9
    assert all(dist(path[0], path[-1]) > 0.5 for drawing in found for path in drawing)  # no dots


def test_an_arc_is_half_an_ellipse_as_high_as_its_bulge() -> None:
    start, end = (0.0, 0.0), (2.0, 0.0)
    path = outliers._arc(start, end, 0.5)
    assert path[0] == start
    assert path[-1] == pytest.approx(end)
    assert all(dist(point, (1, 0)) == pytest.approx(1) for point in path)  # a circle's half
    assert max(y for _, y in path) == pytest.approx(1)
    assert min(y for _, y in outliers._arc(start, end, -0.25)) == pytest.approx(-0.5)
    assert outliers._arc(start, end, 0) == [start, end]


def test_a_ring_is_closed_and_its_strokes_end_beside_it() -> None:
    for drawing in drawings(outliers.ring):
        left, right, *beside = drawing
        assert left[0] == right[0]
        assert left[-1] == pytest.approx(right[-1])
        centre, radius = tuple((a + b) / 2 for a, b in zip(left[0], left[-1], strict=True)), dist(left[0], left[-1]) / 2
        assert all(dist(point, centre) == pytest.approx(radius) for point in left + right)
        assert 2 * radius <= outliers.LARGEST_RING
        assert len(beside) in (2, 3)
        assert all(max(dist(path[0], centre), dist(path[-1], centre)) > radius for path in beside)
        assert holes(outliers.render(drawing, 1.6, 1.0)) >= 1 or radius < 0.6  # a small ring may be filled


def test_a_scribble_is_one_stroke_of_four_parts_or_more() -> None:
    found = drawings(outliers.scribble)
    assert {len(drawing) for drawing in found} == {4, 5, 6}
    for drawing in found:
        assert all(first[-1] == pytest.approx(second[0]) for first, second in pairwise(drawing))
    assert max(len({path[0] for path in drawing}) for drawing in found) == 6


def test_a_zigzag_turns_back_at_every_corner() -> None:
    found = [path for (path,) in drawings(outliers.zigzag)]
    assert {len(path) for path in found} == {5, 6, 7}
    sideways = 0
    for path in found:
        across = [[b[axis] - a[axis] for a, b in pairwise(path)] for axis in (0, 1)]
        turning = [all(a * b < 0 for a, b in pairwise(steps)) for steps in across]
        assert any(turning)
        sideways += turning[1]
    assert 0.3 < sideways / len(found) < 0.7


def test_a_polygon_is_closed_has_three_or_four_equal_sides_and_one_hole() -> None:
    found = [path for (path,) in drawings(outliers.polygon)]
    assert {len(path) for path in found} == {4, 5}
    for path in found:
        assert path[0] == pytest.approx(path[-1])
        sides = [dist(a, b) for a, b in pairwise(path)]
        assert sides == pytest.approx([sides[0]] * len(sides))
        assert holes(outliers.render([path], PEN, 1.0)) == 1


def test_a_spiral_winds_at_least_twice_and_outwards() -> None:
    found = [path for (path,) in drawings(outliers.spiral)]
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
    assert outliers._is_bar(drawing) == bar


def test_no_drawing_is_a_bar(little, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else it would be a 1."""
    straight, cross = [[(0.0, 0.0), (0.0, 1.0)]], [[(-1.0, 0.0), (1.0, 0.0)], [(0.0, -1.0), (0.0, 1.0)]]
    offered = [straight, straight, cross]
    shown = []
    monkeypatch.setattr(outliers, "CORRUPTED", 0.0)
    monkeypatch.setattr(outliers, "DRAWINGS", {lambda _: offered.pop(0): 1.0})
    monkeypatch.setattr(outliers, "render", lambda drawing, *_: shown.append(drawing))
    make_outlier(little.train, Random(0))
    assert shown == [cross]


@pytest.mark.parametrize("draw", outliers.DRAWINGS)
def test_a_drawing_is_as_large_as_a_digit_and_centred(draw) -> None:
    for drawing in drawings(draw, 40):
        image = outliers.render(drawing, PEN, 1.0)
        rows, columns = (torch.nonzero(image.amax(axis) > 64).flatten() for axis in (1, 0))
        sides = [int(line[-1] - line[0]) + 1 for line in (rows, columns)]
        assert 18 <= max(sides) <= 22
        assert all(line[0] + line[-1] == pytest.approx(31, abs=2) for line in (rows, columns))


@pytest.mark.parametrize("pen", [1.6, 2.4, 4.0])
def test_a_drawing_is_made_with_its_pen(pen: float) -> None:
    image = outliers.render([[(0.0, 0.0), (1.0, 1.0)], [(0.0, 1.0), (1.0, 0.0)]], pen, 1.0)
    assert pen_width(image[None].float() / 255).item() == pytest.approx(pen, rel=0.2)


def test_a_narrower_drawing_is_as_high() -> None:
    (square,) = [[(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0)]]
    image = outliers.render([square], PEN, 0.6) > 64
    width, height = (int(image.any(axis).sum()) for axis in (0, 1))
    assert height == pytest.approx(20, abs=1)
    assert width == pytest.approx(0.6 * (20 - PEN) + PEN, abs=1.5)


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
