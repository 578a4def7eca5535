from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
import torch

from lenet import networks
from lenet.digits import mnist as mnist_data
from lenet.digits import pens as embedded
from lenet.digits.pens import PenDigit
from lenet.digits.preprocessing import preprocess_drawing
from lenet.digits.strokes import Drawing, parse_drawing
from lenet.runs import models
from lenet.texts import text


def test_the_embedded_digits_are_those_of_the_collection(pens: list[dict]) -> None:
    found = embedded.read()
    assert [(pen.label, pen.source) for pen in found] == [(pen["label"], pen["source"]) for pen in pens]
    assert [len(pen.drawing.strokes) for pen in found] == [len(pen["strokes"]) for pen in pens]


def test_what_was_left_out_of_strokes_shows_in_no_image(pens: list[dict]) -> None:
    """A few centres of mass are rounded to the next pixel instead, which moves the whole digit."""
    alike = 0
    for pen, original in zip(embedded.read()[::50], pens[::50], strict=True):
        images = [preprocess_drawing(one).image.float() for one in (pen.drawing, parse_drawing(original))]
        alike += (images[0] - images[1]).abs().mean() < 1  # of 255
    assert alike > 0.9 * len(pens[::50])


def line(*points: tuple[float, float]) -> Drawing:
    return Drawing((np.array(points, dtype=np.float64),))


@pytest.mark.parametrize(
    ("label", "drawing", "wrong"),
    [
        (1, line((0, 0), (0, 250)), False),
        (1, line((60, 0), (0, 250)), False),
        (1, line((0, 0), (250, 20)), True),
        (4, line((0, 0), (0, 250)), True),
        (0, line((200, 0), (0, 250)), True),
        (7, line((0, 0), (150, 0), (60, 250)), False),
        (0, line((0, 0), (100, 0), (100, 250), (0, 250), (0, 0)), False),
    ],
)
def test_a_bare_stroke_is_a_1_and_only_upright(label: int, drawing: Drawing, wrong: bool) -> None:
    assert embedded.is_mislabelled(PenDigit(label, "ibm", drawing)) is wrong


def test_what_is_left_out_is_little_and_of_one_source() -> None:
    left_out = [pen for pen in embedded.read() if embedded.is_mislabelled(pen)]
    assert {pen.source for pen in left_out} == {"ibm"}
    assert len(left_out) == 59


def test_no_network_takes_what_is_left_out_for_its_label() -> None:
    left_out = [pen for pen in embedded.read() if embedded.is_mislabelled(pen)]
    digits = embedded.digits((pen.label, pen.drawing) for pen in left_out)
    found = networks.infer(models.load_model("lenet5"), digits.images).argmax(1)
    assert (found == digits.labels).double().mean() < 0.1


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[PenDigit]]:
    """Every hundredth of them, for a test that draws."""
    chosen = [pen for pen in embedded.read()[::100] if not embedded.is_mislabelled(pen)]
    monkeypatch.setattr(embedded, "kept", lambda: chosen)
    embedded.training_digits.cache_clear()
    yield chosen
    embedded.training_digits.cache_clear()


def test_copies_are_always_the_same_and_each_another(few: list[PenDigit]) -> None:
    first = embedded.training_digits()
    embedded.training_digits.cache_clear()
    again = embedded.training_digits()
    assert torch.equal(first.images, again.images)
    assert len(first.images.unique(dim=0)) == len(first) == embedded.COPIES * len(few)
    counted = Counter(pen.label for pen in few)
    assert Counter(first.labels.tolist()) == {label: embedded.COPIES * count for label, count in counted.items()}


def test_a_source_left_out_leaves_the_other_copies_as_they_are(few: list[PenDigit]) -> None:
    without = embedded.training_digits("syn")
    kept = torch.tensor([pen.source != "syn" for pen in few] * embedded.COPIES)
    assert torch.equal(without.images, embedded.training_digits().images[kept])


def test_pens_are_trained_with_and_neither_validated_nor_tested_on(few: list[PenDigit], little) -> None:
    data = embedded.add_to(replace(little, name="mnist"))
    assert data.name == "mnist+pens"
    assert len(data.train) == len(little.train) + embedded.COPIES * len(few)
    assert torch.equal(data.train.images[: len(little.train)], little.train.images)
    assert data.validation is little.validation
    assert data.test is little.test
    assert len({data.fingerprint, little.fingerprint, embedded.add_to(little, "syn").fingerprint}) == 3


def test_texts_tell_how_many_images_that_are(mnist) -> None:
    data = mnist_data.load("mnist+pens")
    assert len(data.train) == len(mnist.train) + embedded.count()
    assert f"{len(data.train):,} training images" in text("form.data.mnist+pens")
    assert f"{len(embedded.kept()):,} digits of real pens" in text("card.trained.mnist+pens")
