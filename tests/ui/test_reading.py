import base64
import json
import math
from io import BytesIO

import numpy as np
import pytest
import torch
from PIL import Image

from lenet import networks
from lenet.digits.preprocessing import preprocess_drawing
from lenet.digits.strokes import parse_drawing
from lenet.networks.activations import trace
from lenet.runs import cache, models
from lenet.training.recipe import Recipe
from lenet.ui import reading
from lenet.ui.queue import TrainingQueue

LINE = TrainingQueue()


@pytest.fixture
def message(drawings) -> dict:
    return {"version": 1, "model": "lenet5", "strokes": drawings[7]["strokes"]}


def unpacked(layer: dict) -> torch.Tensor:
    values = np.frombuffer(base64.b64decode(layer["values"]), dtype=np.int8)
    return torch.from_numpy(values.astype(np.float32)).reshape(layer["shape"]) * layer["scale"] / 127


def test_an_answer_is_what_the_network_makes_of_the_drawing(message) -> None:
    answer = reading.answer(message, LINE)
    image = preprocess_drawing(parse_drawing(message)).image
    seen = trace(models.load_model("lenet5"), image)
    assert answer["digit"] == 7
    assert answer["probabilities"] == pytest.approx(seen.probabilities.tolist())
    assert base64.b64decode(answer["way"]["image"]["values"]) == image.numpy().tobytes()
    assert [layer["name"] for layer in answer["layers"]] == ["C1", "S2", "C3", "S4", "C5", "F6", "output"]
    for layer in answer["layers"]:
        values = seen.layers[layer["name"]]
        assert layer["scale"] == pytest.approx(float(values.abs().max()))
        torch.testing.assert_close(unpacked(layer), values, rtol=0, atol=layer["scale"] / 254 * 1.01)


def test_an_answer_says_who_gave_it(message) -> None:
    run = models.load_run("lenet5")
    assert reading.answer(message, LINE)["model"] == {
        "name": "lenet5",
        "title": f"your run {run.key[:8]}",
        "weights": 61_706,
        "accuracy": run.accuracy,
        "sure": run.threshold,
        "shipped": True,
        "live": False,
    }


def test_an_epoch_of_a_run_says_which_it_is(message, little) -> None:
    *_, last = cache.train(Recipe(data="sample", epochs=1), little)
    run = last.run
    after = reading.answer({**message, "model": f"{run.key}@1"}, LINE)
    assert after["model"]["title"] == f"your run {run.key[:8]} after epoch 1"
    assert after["model"]["accuracy"] == run.history[0]["validation_accuracy"]
    before = reading.answer({**message, "model": f"{run.key}@0"}, LINE)
    assert before["model"]["accuracy"] is None
    assert before["probabilities"] != after["probabilities"]


def test_weights_in_training_are_read_by_who_has_their_name(message) -> None:
    line = TrainingQueue()
    ticket = line.join()
    ticket.network = "lenet5"
    weights = networks.create("lenet5", torch.Generator().manual_seed(5)).state_dict()
    live = {**message, "model": ticket.show(weights, "after epoch 1")}
    answer = reading.reader(line)(live)
    expected = trace(networks.restore("lenet5", weights), preprocess_drawing(parse_drawing(message)).image)
    assert answer["probabilities"] == pytest.approx(expected.probabilities.tolist())
    assert answer["model"]["title"] == "weights in training, after epoch 1"
    assert (answer["model"]["live"], answer["model"]["accuracy"], answer["model"]["weights"]) == (True, None, 61_706)
    line.leave(ticket)
    assert reading.reader(line)(live) == {"error": "This training is over.", "gone": True}


def test_another_model_reads_beside_when_asked_for(message, little) -> None:
    *_, last = cache.train(Recipe(data="sample", epochs=1), little)
    answer = reading.answer({**message, "beside": last.run.key}, LINE)
    alone = reading.answer({**message, "model": last.run.key}, LINE)
    assert answer["beside"] == pytest.approx(alone["probabilities"], abs=1e-5)
    assert answer["model"]["name"] == "lenet5"
    assert "beside" not in reading.answer({**message, "beside": "0" * 64}, LINE)  # it is gone


def test_the_first_kernels_come_along(message) -> None:
    kernels = unpacked(reading.answer(message, LINE)["kernels"])
    weights = models.load_model("lenet5").C1.weight[:, 0]
    torch.testing.assert_close(kernels, weights, rtol=0, atol=float(weights.abs().max()) / 254 * 1.01)


def test_a_layer_of_zeros_can_be_packed() -> None:
    assert unpacked(reading.encode_int8("C1", torch.zeros(2, 3, 3))).abs().max() == 0


def test_nothing_drawn_is_no_digit() -> None:
    assert reading.answer({"version": 1, "model": "lenet5", "strokes": []}, LINE) == {"digit": None}


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"version": 2}, "a message is"),
        ({"model": 5}, "a message is"),
        ({"model": "lenet6"}, "no network or run 'lenet6'"),
        ({"model": "../weights/lenet5"}, "no network or run"),
        ({"strokes": None}, "A drawing is"),
        ({"strokes": [[[1, math.inf]]]}, "A point is"),
        ({"strokes": [[[0, 0]]] * 500}, "500 strokes; the limit is 200"),
        ({"matter": 10}, "matter 10 is no digit"),
        ({"matter": True}, "matter True is no digit"),
        ({"matter": 1.0}, "matter 1.0 is no digit"),
        ({"unit": "C1"}, "unit 'C1' is not"),
        ({"unit": ["C1", 7, 1, 1]}, "no unit"),
        ({"unit": ["C1", 1, None, 1]}, "no unit"),
        ({"unit": [["C1"], 1, 1, 1]}, "no layer"),
        ({"beside": 5}, "beside 5 is no model's name"),
        ({"model": "live:other:1"}, "This training is over"),
        ({"picture": 5}, "a picture is"),
        ({"picture": "A" * 4_000_001}, "a picture is"),
        ({"picture": "seven!"}, "of no form known"),
        ({"picture": base64.b64encode(b"seven").decode()}, "of no form known"),
    ],
)
def test_what_cannot_be_read_comes_back_as_a_word(message, wrong: dict, says: str) -> None:
    answer = reading.reader(LINE)({**message, **wrong})
    assert says in answer.pop("error")
    assert answer == ({"gone": True} if "model" in wrong and isinstance(wrong["model"], str) else {})


@pytest.mark.parametrize("message", [None, [], "seven", 7])
def test_what_is_no_message_comes_back_as_a_word(message: object) -> None:
    assert "a message is" in reading.reader(LINE)(message)["error"]


def test_a_crowd_is_told_to_wait(message, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "AT_ONCE", 0)
    monkeypatch.setattr(reading, "PATIENCE", 0.01)
    answer = reading.reader(LINE)(message)
    assert "Many people" in answer["error"]
    assert answer["again"]


def test_a_picture_is_read_like_a_drawing(message, sample) -> None:
    file = BytesIO()
    Image.fromarray(255 - sample.test.images[5].numpy()).resize((320, 320)).save(file, "JPEG")
    picture = {"version": 1, "model": "lenet5", "picture": base64.b64encode(file.getvalue()).decode()}
    answer = reading.answer(picture, LINE)
    assert answer["digit"] == int(sample.test.labels[5])
    assert [stage["name"] for stage in answer["way"]["stages"]] == ["original", "cropped", "scaled", "centred"]


def test_as_drawn_the_sheet_is_only_shrunk(message) -> None:
    small = [[[x * 0.2, y * 0.2] for x, y in stroke] for stroke in message["strokes"]]
    recipe = reading.answer({**message, "strokes": small}, LINE)
    plain = reading.answer({**message, "strokes": small, "drawn": True}, LINE)
    assert recipe["digit"] == 7
    assert [stage["name"] for stage in plain["way"]["stages"]] == ["original", "shrunk"]
    assert plain["probabilities"][7] < recipe["probabilities"][7]


def test_a_unit_and_what_mattered_come_when_asked_for(message) -> None:
    answer = reading.answer({**message, "unit": ["C3", 6, 4, 7], "matter": 1}, LINE)
    image = preprocess_drawing(parse_drawing(message)).image
    seen = trace(models.load_model("lenet5"), image)
    unit = answer["unit"]
    assert unit["value"] == float(seen.layers["C3"][5, 3, 6])
    assert unit["receptive_field"] == (6, 12, 14, 14)
    assert sum(source["share"] for source in unit["sources"]) + unit["bias"] == pytest.approx(unit["total"], abs=1e-4)
    assert answer["matter"]["shape"] == [32, 32]
    assert json.loads(json.dumps(answer)).keys() == answer.keys()
    assert not {"unit", "matter"} & reading.answer(message, LINE).keys()


def test_a_picture_is_seen_in_its_colours_by_the_network_that_can(sample) -> None:
    image = sample.test.images[0].numpy()
    image = Image.fromarray(np.stack([np.full_like(image, 255), 255 - image, 255 - image], -1))  # red on white
    file = BytesIO()
    image.save(file, "PNG")
    message = {
        "version": 1,
        "picture": base64.b64encode(file.getvalue()).decode(),
        "unit": ["C1", 1, 14, 14],
        "matter": 3,
    }
    seen = reading.answer({**message, "model": "lenet-rgb"}, LINE)
    assert seen["way"]["colours"]["shape"] == [3, 32, 32]
    red, green, blue = np.frombuffer(base64.b64decode(seen["way"]["colours"]["values"]), np.uint8).reshape(3, 32, 32)
    assert red.max() == 0 < green.max() == blue.max()
    assert len(seen["unit"]["sources"]) == 3
    assert seen["matter"]["shape"] == [32, 32]
    assert "colours" not in reading.answer({**message, "model": "lenet5"}, LINE)["way"]
    assert "colours" not in reading.answer({**message, "model": "lenet-rgb", "drawn": True}, LINE)["way"]
