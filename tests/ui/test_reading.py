import base64
import math

import numpy as np
import pytest
import torch

from lenet import ink, runs
from lenet.look import look
from lenet.ui import reading


@pytest.fixture
def message(drawings) -> dict:
    return {"version": 1, "model": "lenet5", "strokes": drawings[7]["strokes"]}


def unpacked(layer: dict) -> torch.Tensor:
    values = np.frombuffer(base64.b64decode(layer["values"]), dtype=np.int8)
    return torch.from_numpy(values.astype(np.float32)).reshape(layer["shape"]) * layer["scale"] / 127


def test_an_answer_is_what_the_network_makes_of_the_drawing(message) -> None:
    answer = reading.answer(message)
    field = ink.from_strokes(ink.parse(message))
    seen = look(runs.model("lenet5"), field)
    assert answer["digit"] == 7
    assert answer["probabilities"] == pytest.approx(seen.probabilities.tolist())
    assert base64.b64decode(answer["field"]) == field.numpy().tobytes()
    assert [layer["name"] for layer in answer["layers"]] == ["C1", "S2", "C3", "S4", "C5", "F6", "output"]
    for layer in answer["layers"]:
        values = seen.layers[layer["name"]]
        assert layer["scale"] == pytest.approx(float(values.abs().max()))
        torch.testing.assert_close(unpacked(layer), values, rtol=0, atol=layer["scale"] / 254 * 1.01)


def test_an_answer_says_who_gave_it(message) -> None:
    run = runs.about("lenet5")
    assert reading.answer(message)["model"] == {
        "name": "lenet5",
        "title": f"your run: {run.recipe.epochs} epochs, {100 * run.accuracy:.2f} %",
        "weights": 61_706,
        "accuracy": run.accuracy,
        "shipped": True,
    }


def test_a_layer_of_zeros_can_be_packed() -> None:
    assert unpacked(reading.packed("C1", torch.zeros(2, 3, 3))).abs().max() == 0


def test_nothing_drawn_is_no_digit() -> None:
    assert reading.answer({"version": 1, "model": "lenet5", "strokes": []}) == {"digit": None}


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"version": 2}, "a message is"),
        ({"model": 5}, "a message is"),
        ({"model": "lenet6"}, "no network or run 'lenet6'"),
        ({"model": "../weights/lenet5"}, "no network or run"),
        ({"strokes": None}, "a drawing is"),
        ({"strokes": [[[1, math.inf]]]}, "a point is"),
        ({"strokes": [[[0, 0]]] * 500}, "500 strokes; at most 200"),
    ],
)
def test_what_cannot_be_read_comes_back_as_a_word(message, wrong: dict, says: str) -> None:
    answer = reading.reader()({**message, **wrong})
    assert answer.keys() == {"error"}
    assert says in answer["error"]


@pytest.mark.parametrize("message", [None, [], "seven", 7])
def test_what_is_no_message_comes_back_as_a_word(message: object) -> None:
    assert "a message is" in reading.reader()(message)["error"]


def test_a_crowd_is_told_to_wait(message, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "AT_ONCE", 0)
    monkeypatch.setattr(reading, "PATIENCE", 0.01)
    assert "Many people" in reading.reader()(message)["error"]
