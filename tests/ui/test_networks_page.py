from contextlib import aclosing

import pytest
from awaiting import awaited

from lenet import networks
from lenet.runs import models
from lenet.ui import dead_relu
from lenet.ui.pages import networks as networks_page
from lenet.ui.queue import TrainingQueue


def test_a_network_tells_what_it_is_made_of() -> None:
    told = networks_page.inspect({"network": "lenet5-1998"})
    assert (told["weights"], told["connections"]) == (60_000, 340_908)
    assert [layer["name"] for layer in told["layers"]] == ["C1", "S2", "C3", "S4", "C5", "F6", "output"]
    assert (told["before"], told["wired"]) == ("S2", "C3")
    assert [sum(column) for column in told["wires"]] == [3] * 6 + [4] * 9 + [6]
    assert told["codes"]["shape"] == [10, 12, 7]
    assert any("distance j" in note for note in told["notes"])


@pytest.mark.parametrize("name", networks.REGISTRY)
def test_every_network_can_be_looked_at(name: str) -> None:
    told = networks_page.inspect({"network": name})
    assert told["notes"]
    assert (told["accuracy"] is None) == (name not in models.pretrained())


def test_without_wires_fewer_digits_are_read_and_the_drawing_otherwise(drawings) -> None:
    drawn = {"version": 1, "strokes": drawings[7]["strokes"], "network": "lenet5"}
    whole = networks_page.inspect({**drawn, "off": []})
    assert whole["digit"] == 7
    assert whole["accuracy"] == whole["was"] > 0.98
    cut = networks_page.inspect({**drawn, "off": [[map, source] for map in range(16) for source in range(6)]})
    assert cut["was"] == whole["was"]
    assert cut["accuracy"] < 0.3
    assert cut["probabilities"] != whole["probabilities"]
    assert networks_page.inspect({"network": "lenet5", "off": []})["digit"] is None


@pytest.mark.parametrize(
    ("message", "says"),
    [
        (None, "a message is"),
        ({"network": 5}, "a message is"),
        ({"network": "lenet6"}, "Unknown network 'lenet6'"),
        ({"network": "lenet5", "off": "all"}, "at most 1024 wires"),
        ({"network": "lenet5", "off": [[0, 0]] * 1025}, "at most 1024 wires"),
        ({"network": "lenet5", "off": [5]}, "two whole numbers"),
        ({"network": "lenet5", "off": [[0, 0.5]]}, "two whole numbers"),
        ({"network": "lenet5", "off": [[0, 6]]}, "no connection from map 7"),
        ({"network": "lenet-28-relu", "off": []}, "comes without weights"),
        ({"network": "lenet5", "off": [], "strokes": 5}, "stroke"),
    ],
)
def test_a_message_that_is_no_good_is_told(message, says: str) -> None:
    assert says in networks_page.inspect(message)["error"]


def test_classes_die_under_a_relu_on_the_outputs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dead_relu, "EPOCHS", 1)
    line = TrainingQueue()

    async def watched() -> list[dead_relu.View]:
        async with aclosing(dead_relu.watch(line)) as views:
            return [view async for view in views]

    *_, last = awaited(watched())
    under, without = last.rows
    assert min(under["recall"]) == 0 < min(without["recall"])
    assert under["accuracy"] < 0.8 < without["accuracy"]
    assert "never said any more" in last.text
    assert not line.busy()


def test_it_waits_for_whoever_trains(monkeypatch: pytest.MonkeyPatch) -> None:
    line = TrainingQueue()
    line.join()

    async def first() -> dead_relu.View:
        async with aclosing(dead_relu.watch(line)) as views:
            return await anext(views)

    assert "yours waits" in awaited(first()).text
    assert line.busy()
