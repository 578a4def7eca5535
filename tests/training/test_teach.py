from collections.abc import Iterator
from dataclasses import asdict, replace

import pytest
import torch
from mine import digits

from lenet import networks
from lenet.digits import mine
from lenet.digits.data import Data, Digits
from lenet.errors import InvalidError
from lenet.evaluation.before_after import BeforeAfter, is_better, is_same
from lenet.evaluation.report import evaluate
from lenet.runs import models
from lenet.training import loop, teach
from lenet.training.loop import EpochEnd, Finished, Started
from lenet.training.recipe import Recipe
from lenet.training.teach import Checked, Checking

START = models.resolve("lenet5")


def recipe(own: Digits) -> Recipe:
    return teach.recipe("lenet5", START, "sample", own)


def learned(own: Digits, data: Data, **options) -> list:
    start = models.open_model("lenet5")[1]
    return [*teach.learn(recipe(own), replace(data, mine=own), start=start, **options)]


def test_leaving_out_really_leaves_out(short, own: Digits, little: Data, monkeypatch) -> None:
    lessons = []
    make = teach.make_lesson

    def noted(data: Data, taught: Digits, seed: int) -> Data:
        lessons.append((taught, lesson := make(data, taught, seed)))
        return lesson

    monkeypatch.setattr(teach, "make_lesson", noted)
    monkeypatch.setattr(teach, "AUGMENT", 0.0)  # so that a copy is known by its pixels
    learned(own, little)
    (everything, _), *parts = lessons
    assert torch.equal(everything.images, own.images)
    assert len(parts) == teach.PARTS
    left_out = []
    for taught, lesson in parts:
        shown = {image.numpy().tobytes() for image in lesson.train.images}
        missing = [image.numpy().tobytes() for image in own.images if image.numpy().tobytes() not in shown]
        assert len(missing) == len(own) - len(taught) == 2
        left_out += missing
    assert sorted(left_out) == sorted(image.numpy().tobytes() for image in own.images)


def test_every_part_has_its_share_of_every_class(drawings) -> None:
    twenty = digits(drawings)
    for taught, out in teach.leave_out(twenty, 2):
        assert out.labels.tolist() == taught.labels.tolist() == [*range(10)]


def test_a_lesson_shows_every_digit_as_often_and_never_alike(own: Digits, sample: Data) -> None:
    lesson = teach.make_lesson(sample, own, 0)
    least, most = teach.COPIES
    count = most * len(own)
    copies, rehearsed = lesson.train[:count], lesson.train[count:]
    assert len(lesson.train) == teach.LESSON
    assert torch.bincount(copies.labels, minlength=10).tolist() == [most * n for n in mine.counts(own)]
    assert len({image.numpy().tobytes() for image in copies.images}) == count
    assert len(rehearsed) > count
    many = teach.make_lesson(sample, own[torch.arange(500) % len(own)], 0)
    size = teach.lesson_size(500)
    assert len(many.train) == size == 2 * least * 500  # half of it rehearsed
    first = many.train[: size // 2]
    known = {image.numpy().tobytes() for image in sample.train.images}
    assert not known & {image.numpy().tobytes() for image in first.images}
    assert known >= {image.numpy().tobytes() for image in many.train[size // 2 :].images}


def test_the_events_are_those_of_a_training_and_what_was_left_out(short, own: Digits, little: Data) -> None:
    started, end, *parts, checked, finished = [e for e in learned(own, little) if not isinstance(e, loop.Progress)]
    assert (type(started), type(end), type(checked), type(finished)) == (Started, EpochEnd, Checked, Finished)
    assert parts == [Checking(part, teach.PARTS) for part in range(1, teach.PARTS + 1)]
    assert (started.train, checked.total) == (256, 8)
    assert 0 <= checked.after <= 8
    assert checked.way in teach.WAYS


def test_the_weights_lie_between_those_of_before_and_the_mean_of_all_lessons(
    short, own: Digits, little: Data, monkeypatch
) -> None:
    ends = []
    fit = loop.fit

    def noted(*arguments) -> Iterator[loop.Event]:
        for event in fit(*arguments):
            if isinstance(event, Finished):
                ends.append(event.weights)
            yield event

    monkeypatch.setattr(loop, "fit", noted)
    monkeypatch.setattr(teach, "WAYS", (0.25,))
    *_, finished = learned(own, little)
    assert len(ends) == 1 + teach.PARTS
    for name, before in models.open_model("lenet5")[1].items():
        mean = torch.stack([end[name] for end in ends]).mean(0)
        assert not torch.equal(mean, before)
        torch.testing.assert_close(finished.weights[name], 0.75 * before + 0.25 * mean)


def test_the_same_digits_in_another_order_teach_the_same(short, drawings, little: Data) -> None:
    one, other = (learned(digits(some), little)[-1] for some in (drawings[:8], drawings[7::-1]))
    assert all(torch.equal(one.weights[name], other.weights[name]) for name in one.weights)


def test_a_stop_ends_it_in_the_lesson_and_while_parts_are_left_out(short, own: Digits, little: Data) -> None:
    *_, last = learned(own, little, stop=lambda: True)
    assert (last.stopped, last.epoch) == (True, 0)
    asked = []

    def in_the_second_part() -> bool:
        asked.append(1)
        return len(asked) > 2 * 2 + 1  # a lesson of 256 images has two steps

    *events, last = learned(own, little, stop=in_the_second_part)
    assert [event.part for event in events if isinstance(event, Checking)] == [1, 2]
    assert (last.stopped, last.epoch, last.weights) == (True, 0, {})
    assert not any(isinstance(event, Checked) for event in events)


def test_a_misread_style_is_learned_and_the_rest_remembered(pens, mnist: Data) -> None:
    """Ones with a flag, which it reads as sevens: some are taught, among other digits, and more of them are read."""
    network = models.load_model("lenet5")
    ones = digits(pen for pen in pens if pen["label"] == 1 and pen["source"] in ("apa", "ibm"))
    flagged = ones[network(network.preprocess(ones.images)).argmax(1) == 7]
    others = [
        next(pen for pen in pens if (pen["source"], pen["label"]) == ("app", label)) for label in (0, *range(2, 10))
    ]
    other = digits(others)
    taught = mine.merge(zip([1] * 5 + other.labels.tolist(), [*flagged.images[:5], *other.images], strict=True))
    data, start = replace(mnist, mine=taught), models.open_model("lenet5")[1]
    *_, checked, last = teach.learn(teach.recipe("lenet5", START, "mnist", taught), data, start=start)
    assert checked.after >= checked.before + 3
    after, rest = networks.restore("lenet5", last.weights), flagged[5:]
    assert len(rest) > 10
    assert evaluate(after, rest.images, rest.labels).accuracy >= 1 / 4
    remembered, known = (evaluate(each, *vars(mnist.validation).values()).accuracy for each in (after, network))
    assert remembered >= known - 0.015


def test_one_digit_is_too_few_and_a_fingerprint_needs_a_start(own: Digits) -> None:
    with pytest.raises(InvalidError, match="at least 2 digits"):
        teach.recipe("lenet5", START, "sample", own[:1])
    with pytest.raises(InvalidError, match="SHA-256"):
        Recipe(**{**asdict(recipe(own)), "start": ""})
    with pytest.raises(InvalidError, match="SHA-256"):
        Recipe(**{**asdict(recipe(own)), "mine": "7"})


def test_in_sum_means_the_own_digits_and_the_test_digits() -> None:
    gained, lost = BeforeAfter("mine", 10, 5, 6), BeforeAfter("test", 1000, 990, 880)
    assert is_better([gained, BeforeAfter("test", 1000, 990, 900)])
    assert not is_better([gained, lost])
    assert not is_better([BeforeAfter("mine", 10, 5, 5), BeforeAfter("test", 1000, 990, 999)])  # by chance
    assert is_same([BeforeAfter("mine", 10, 5, 5), BeforeAfter("test", 1000, 990, 999)])
    assert not is_same([gained, lost])
    assert not is_better([gained, lost, BeforeAfter("sample", 100, 0, 100)])  # they are MNIST's, too
    for wrong in (("mine", 10, 11, 5), ("mine", 0, 0, 0), ("yours", 10, 1, 1), ("mine", 10, 1.0, 1)):
        with pytest.raises(ValueError, match=r"correct|comparison"):
            BeforeAfter(*wrong)
