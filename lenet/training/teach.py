"""Teach a network digits of one's own, so that it does not forget the others; and find out what that is worth.

The network is trained on one lesson: many copies of one's own digits, each augmented anew, among as many digits or
more of those that it learned from, or it would forget them: rehearsal (Robins, "Catastrophic Forgetting, Rehearsal and
Pseudorehearsal", Connection Science 7, 1995). Then it goes back part of the way: its weights become a mean of those of
before and after (Wortsman et al., "Robust Fine-Tuning of Zero-Shot Models", CVPR 2022), so near to the new ones as is
worth most: what it gains less what it forgets.

What it gains is measured by leaving out: each part of the digits in turn is classified by a network that was taught
the others only. The weights in the end are the mean of those of all these networks, which forgets less than each
(Wortsman et al., "Model Soups", ICML 2022).
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import ceil
from typing import Any

import torch
from torch import Tensor

from lenet import networks
from lenet.digits import mine as own
from lenet.digits.data import Data, Digits, join
from lenet.errors import InvalidError
from lenet.networks import LeNet
from lenet.training import loop
from lenet.training.augment import augment
from lenet.training.loop import Event, Finished, Weights
from lenet.training.recipe import Recipe, complete

LEAST = 2  # digits: with one, none can be left out

# Chosen on MNIST's validation digits and on draws of real pen digits other than those that benchmarks/teach.py prints.
LESSON = 5120  # images, at least
COPIES = 16, 80  # of each digit, at least and at most
SHARE = 0.5  # of the lesson, at most, that are one's own
AUGMENT = 1.5  # strength
SETTINGS = complete({"optimizer": "adamw", "epochs": 1, "batch": 128, "rate": 1e-3, "decay": 0.1})

BATCH = 250  # images that a network classifies at a time, as many as the processor's cache holds
PARTS = 4  # into which the digits are split, to be left out in turn
WAYS = (1.0, 0.75, 0.5, 0.25)  # from the old weights to the new ones
KNOWN = 2500  # training digits, besides those for validation, on which it is counted what the network forgets
PER_GAIN = 0.5  # what a gain on one's own digits is worth: two points there as much as one here
LUCK = 1  # digits of such a gain that do not count: they may be chance


@dataclass(frozen=True)
class Checking:
    """A part of the digits is left out, to be classified by a network that is taught the others."""

    part: int  # from 1
    parts: int


@dataclass(frozen=True)
class Checked:
    """How many of one's own digits are classified correctly, before and after; each after by a network that did not
    learn from it. `way` is how far the weights went from those of before to those after the lesson, 0 to 1.
    """

    total: int
    before: int
    after: int
    way: float


def check(mine: Digits) -> None:
    """Raise InvalidError for too few digits to teach."""
    if len(mine) < LEAST:
        raise InvalidError("mine.too_few", least=LEAST)


def recipe(network: str, start: str, data: str, mine: Digits, **settings: Any) -> Recipe:
    """The recipe that teaches a network of this kind some digits, among those of `data`, from the weights of `start`.

    Raise InvalidError for too few digits, or a setting out of bounds.
    """
    check(mine)
    given = {"network": network, "data": data, "start": start, "mine": own.fingerprint(mine)}
    return Recipe(**{**SETTINGS, **settings, **given})


def learn(
    recipe: Recipe,
    data: Data,
    stop: Callable[[], bool] = lambda: False,
    device: torch.device | None = None,
    start: Weights | None = None,
) -> Iterator[Event | Checking | Checked]:
    """Train by the recipe as `loop.fit` does; if it names digits of one's own, teach those of `data.mine`.

    Then the events are those of the lesson, `Checking` for each part that is left out, `Checked`, and `Finished`. If it
    is stopped, nothing comes of it: `epoch` is 0.
    """
    if not recipe.mine:
        yield from loop.fit(recipe, data, stop, device, start)
        return
    assert data.mine
    assert start
    began, finished = time.perf_counter(), None
    for event in loop.fit(recipe, make_lesson(data, data.mine, recipe.seed), stop, device, start):
        if isinstance(event, Finished):
            finished = event
        else:
            yield event
    assert finished
    trial = _Trial(recipe.network, start, data, data.mine)
    parts = min(PARTS, len(data.mine))
    few = replace(data, validation=data.validation[: recipe.batch])  # no epoch is to be chosen
    ends = [finished]
    for part, (taught, left_out) in enumerate(leave_out(data.mine, parts), 1):
        if ends[-1].stopped:
            break
        yield Checking(part, parts)
        another = replace(recipe, seed=recipe.seed + part)
        *_, end = loop.fit(another, make_lesson(few, taught, another.seed), stop, device, start)
        assert isinstance(end, Finished)
        ends.append(end)
        trial.test(end.weights, left_out)
    if ends[-1].stopped:  # half a teaching forgets, and nobody knows what it is worth
        yield Finished(epoch=0, seconds=time.perf_counter() - began, stopped=True, weights={})
        return
    after = _mean([end.weights for end in ends])
    checked = trial.choose(after)
    yield checked
    weights = loop.copy_weights(_between(recipe.network, start, after, checked.way))
    yield replace(finished, weights=weights, seconds=time.perf_counter() - began)


def lesson_size(digits: int) -> int:
    """How many images the lesson has that teaches so many digits."""
    least, _ = COPIES
    return max(LESSON, round(least * digits / SHARE))


def make_lesson(data: Data, mine: Digits, seed: int) -> Data:
    """The data with a lesson in the place of its training digits: augmented copies of one's own, and some of them."""
    generator = torch.Generator().manual_seed(seed)
    size, (_, most) = lesson_size(len(mine)), COPIES
    count = min(most * len(mine), round(SHARE * size))
    copies = mine[_passes(len(mine), count, generator)]
    copies = replace(copies, images=augment(copies.images, copies.labels, AUGMENT, 0.0, generator))
    rehearsed = data.train[_passes(len(data.train), size - count, generator)]
    return replace(data, train=join(copies, rehearsed))


def leave_out(digits: Digits, parts: int) -> Iterator[tuple[Digits, Digits]]:
    """Split digits in turn into those to be taught and a part that is left out, of every class its share."""
    number = torch.arange(len(digits)) % parts  # they are sorted by class
    for part in range(parts):
        yield digits[number != part], digits[number == part]


def _passes(number: int, count: int, generator: torch.Generator) -> Tensor:
    """Indices of so many things, each as often as the others, in a random order."""
    orders = [torch.randperm(number, generator=generator) for _ in range(ceil(count / number))]
    return torch.cat(orders)[:count]


def _mean(several: list[Weights]) -> Weights:
    """The mean of several weights of one network; what is no floating-point number is the same in all."""
    first = several[0]
    values = {name: torch.stack([one[name] for one in several]) for name in first}
    return {name: value.mean(0) if value.is_floating_point() else first[name] for name, value in values.items()}


def _between(network: str, before: Weights, after: Weights, way: float) -> LeNet:
    """A network whose weights lie between two others, in the order of memory in which it is quickest."""
    mean = {name: torch.lerp(old, after[name], way) if old.is_floating_point() else old for name, old in before.items()}
    return networks.restore(network, mean).to(memory_format=torch.channels_last)


class _Trial:
    """Finds out how far from the old weights to go: as far as is worth most."""

    def __init__(self, network: str, before: Weights, data: Data, mine: Digits) -> None:
        self.network, self.before, self.total = network, before, len(mine)
        self.known = join(data.validation, data.train[:KNOWN])  # the validation digits alone are few
        self.correct = self._correct(before, 0.0, mine)
        self.hits = dict.fromkeys(WAYS, 0)  # of the digits left out, on each way

    def test(self, after: Weights, left_out: Digits) -> None:
        """Classify digits that were not taught."""
        for way in WAYS:
            self.hits[way] += self._correct(after, way, left_out)

    def choose(self, after: Weights) -> Checked:
        """Take the way that is worth most: what is gained less what is forgotten; of several, the longest."""
        known = self._correct(after, 0.0, self.known)

        def worth(way: float) -> float:
            forgotten = (known - self._correct(after, way, self.known)) / len(self.known)
            gained = max(0, self.hits[way] - self.correct - LUCK) / self.total
            return PER_GAIN * gained - forgotten

        way = max(WAYS, key=worth)
        return Checked(self.total, self.correct, self.hits[way], way)

    def _correct(self, after: Weights, way: float, digits: Digits) -> int:
        network = _between(self.network, self.before, after, way)
        return int((networks.infer(network, digits.images, BATCH).argmax(1) == digits.labels).sum())
