from contextlib import aclosing
from dataclasses import replace
from itertools import pairwise

import pytest
from awaiting import awaited
from said import said
from visiting import NOBODY

from lenet import networks
from lenet.digits import mnist
from lenet.ui import dead_relu
from lenet.ui.facts import FACTS
from lenet.ui.pages import networks as networks_page
from lenet.ui.queue import TrainingQueue


@pytest.mark.parametrize("name", networks.REGISTRY)
def test_every_network_has_notes(name: str) -> None:
    assert all(said(fact.json()) for fact in FACTS[name])


def test_without_connections_fewer_digits_are_classified() -> None:
    whole = networks_page.prune({"network": "lenet5", "pruned": []})
    assert whole["accuracy"] == whole["accuracy_before"] > 0.98
    every = [[map, source] for map in range(16) for source in range(6)]
    cut = networks_page.prune({"network": "lenet5", "pruned": every})
    assert (cut["accuracy_before"], cut["total"]) == (whole["accuracy_before"], whole["total"])
    assert cut["accuracy"] < 0.3


@pytest.mark.parametrize(
    ("message", "says"),
    [
        (None, "No pretrained weights"),
        ({"network": 5}, "No pretrained weights"),
        ({"network": ["lenet5"]}, "No pretrained weights"),
        ({"network": "lenet6"}, "No pretrained weights"),
        ({"network": "lenet5", "pruned": "all"}, "at most 1,024 connections"),
        ({"network": "lenet5", "pruned": [[0, 0]] * 1025}, "at most 1,024 connections"),
        ({"network": "lenet5", "pruned": [5]}, "5 is not a connection"),
        ({"network": "lenet5", "pruned": [[0, 0.5]]}, "two whole numbers"),
        ({"network": "lenet5", "pruned": [[0, 6]]}, "from map 7"),
        ({"network": "lenet-28-relu", "pruned": []}, "No pretrained weights"),
    ],
)
def test_a_message_that_is_no_good_is_told(message, says: str) -> None:
    assert says in said(networks_page.prune(message)["error"])


def test_classes_die_under_a_relu_on_the_logits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dead_relu, "EPOCHS", 1)
    queue = TrainingQueue()

    async def watched() -> list[dead_relu.View]:
        async with aclosing(dead_relu.watch(queue, NOBODY)) as views:
            return [view async for view in views]

    *earlier, last = awaited(watched())
    assert any(one == other for one, other in pairwise(earlier))  # a heartbeat between news
    under, without = last.rows
    assert min(under.recall) == 0 < min(without.recall)
    assert under.accuracy < 0.8 < without.accuracy
    assert str(last.message).startswith("With ReLU, class")
    assert "never predicted" in str(last.message)
    assert not last.running
    assert said(last.json()["message"]) == str(last.message)
    assert not queue.busy()


def test_it_waits_for_whoever_trains(monkeypatch: pytest.MonkeyPatch) -> None:
    queue = TrainingQueue()
    queue.join()

    async def first() -> dead_relu.View:
        async with aclosing(dead_relu.watch(queue, NOBODY)) as views:
            return await anext(views)

    assert str(awaited(first()).message) == "In the queue: another training is running."
    assert queue.busy()


@pytest.mark.parametrize("waiting", [False, True])
def test_it_stops_when_asked(waiting: bool) -> None:
    queue = TrainingQueue()
    other = queue.join() if waiting else None

    async def watched() -> list[dead_relu.View]:
        views = []
        async with aclosing(dead_relu.watch(queue, NOBODY)) as stream:
            async for view in stream:
                views.append(view)
                queue.stop(view.token)
        return views

    first, *_, last = awaited(watched())
    assert (first.running, last.running, str(last.message)) == (True, False, "Stopped.")
    if other:
        queue.leave(other)
    assert not queue.busy()


def test_accuracies_are_of_what_is_at_hand_now(sample, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = networks_page.prune({"network": "lenet5", "pruned": []})
    later = replace(sample, test=sample.test[:300])
    monkeypatch.setattr(mnist, "at_hand", lambda: True)
    monkeypatch.setattr(mnist, "load", lambda choice: later)
    answer = networks_page.prune({"network": "lenet5", "pruned": []})
    assert (whole["total"], answer["total"]) == (1000, 300)
    assert answer["accuracy"] == answer["accuracy_before"]
