from contextlib import aclosing
from dataclasses import replace
from itertools import pairwise

import pytest
from awaiting import awaited
from said import said

from lenet import networks
from lenet.digits import mnist
from lenet.runs import models
from lenet.ui import dead_relu
from lenet.ui.pages import networks as networks_page
from lenet.ui.queue import TrainingQueue


def test_a_network_tells_what_it_is_made_of() -> None:
    told = networks_page.inspect({"network": "lenet5-1998"})
    assert (told["parameters"], told["connections"]) == (60_000, 340_908)
    assert [layer["name"] for layer in told["layers"]] == ["C1", "S2", "C3", "S4", "C5", "F6", "output"]
    assert (told["source_layer"], told["table_layer"]) == ("S2", "C3")
    assert [sum(column) for column in told["table"]] == [3] * 6 + [4] * 9 + [6]
    assert told["codes"]["shape"] == [10, 12, 7]
    assert any("distance j" in said(fact) for fact in told["facts"])
    kinds = ["convolution", "subsampling", "table_convolution", "subsampling", "convolution", "linear", "rbf"]
    assert [layer["kind"] for layer in told["layers"]] == kinds


@pytest.mark.parametrize("name", networks.REGISTRY)
def test_every_network_can_be_looked_at(name: str) -> None:
    told = networks_page.inspect({"network": name})
    assert told["facts"]
    assert all(said(fact) for fact in told["facts"])
    assert (told["accuracy"] is None) == (name not in models.pretrained())


def test_without_connections_fewer_digits_are_classified_and_the_drawing_otherwise(drawings) -> None:
    drawn = {"version": 1, "strokes": drawings[7]["strokes"], "network": "lenet5"}
    whole = networks_page.inspect({**drawn, "pruned": []})
    assert whole["digit"] == 7
    assert whole["accuracy"] == whole["accuracy_before"] > 0.98
    cut = networks_page.inspect({**drawn, "pruned": [[map, source] for map in range(16) for source in range(6)]})
    assert cut["accuracy_before"] == whole["accuracy_before"]
    assert cut["accuracy"] < 0.3
    assert cut["probabilities"] != whole["probabilities"]
    assert networks_page.inspect({"network": "lenet5", "pruned": []})["digit"] is None


@pytest.mark.parametrize(
    ("message", "says"),
    [
        (None, "can't read this request"),
        ({"network": 5}, "can't read this request"),
        ({"network": "lenet6"}, "lenet6"),
        ({"network": "lenet5", "pruned": "all"}, "at most 1,024 connections"),
        ({"network": "lenet5", "pruned": [[0, 0]] * 1025}, "at most 1,024 connections"),
        ({"network": "lenet5", "pruned": [5]}, "5 is not a connection"),
        ({"network": "lenet5", "pruned": [[0, 0.5]]}, "two whole numbers"),
        ({"network": "lenet5", "pruned": [[0, 6]]}, "from map 7"),
        ({"network": "lenet-28-relu", "pruned": []}, "No pretrained weights"),
        ({"network": "lenet5", "pruned": [], "strokes": 5}, "A drawing is"),
    ],
)
def test_a_message_that_is_no_good_is_told(message, says: str) -> None:
    assert says in said(networks_page.inspect(message)["error"])


def test_classes_die_under_a_relu_on_the_logits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dead_relu, "EPOCHS", 1)
    queue = TrainingQueue()

    async def watched() -> list[dead_relu.View]:
        async with aclosing(dead_relu.watch(queue)) as views:
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
        async with aclosing(dead_relu.watch(queue)) as views:
            return await anext(views)

    assert str(awaited(first()).message) == "In the queue: another training is running."
    assert queue.busy()


@pytest.mark.parametrize("waiting", [False, True])
def test_it_stops_when_asked(waiting: bool) -> None:
    queue = TrainingQueue()
    other = queue.join() if waiting else None

    async def watched() -> list[dead_relu.View]:
        views = []
        async with aclosing(dead_relu.watch(queue)) as stream:
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
    whole = networks_page.inspect({"network": "lenet5", "pruned": []})
    later = replace(sample, test=sample.test[:300])
    monkeypatch.setattr(mnist, "at_hand", lambda: True)
    monkeypatch.setattr(mnist, "load", lambda choice: later)
    answer = networks_page.inspect({"network": "lenet5", "pruned": []})
    assert (whole["total"], answer["total"]) == (1000, 300)
    assert answer["accuracy"] == answer["accuracy_before"]
