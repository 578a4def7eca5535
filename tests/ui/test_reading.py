import base64
import json
import math
from io import BytesIO

import numpy as np
import pytest
import torch
from PIL import Image
from said import said

from lenet import networks
from lenet.digits.preprocessing import preprocess_drawing
from lenet.digits.strokes import parse_drawing
from lenet.networks.activations import trace
from lenet.runs import cache, models
from lenet.training.recipe import Recipe
from lenet.ui import reading
from lenet.ui.description import describe
from lenet.ui.encoding import encode_int8
from lenet.ui.queue import TrainingQueue

QUEUE = TrainingQueue()


@pytest.fixture
def message(drawings) -> dict:
    return {"version": 1, "model": "lenet5", "strokes": drawings[7]["strokes"]}


def unpacked(layer: dict) -> torch.Tensor:
    values = np.frombuffer(base64.b64decode(layer["values"]), dtype=np.int8)
    return torch.from_numpy(values.astype(np.float32)).reshape(layer["shape"]) * layer["scale"] / 127


def test_an_answer_is_what_the_network_makes_of_the_drawing(message) -> None:
    answer = reading.answer(message, QUEUE)
    image = preprocess_drawing(parse_drawing(message)).image
    seen = trace(models.load_model("lenet5"), image)
    assert answer["digit"] == 7
    assert answer["confidence"] == seen.confidence
    assert answer["probabilities"] == pytest.approx(seen.probabilities.tolist())
    assert base64.b64decode(answer["preprocessing"]["input"]["values"]) == image.numpy().tobytes()
    assert [layer["name"] for layer in answer["layers"]] == ["C1", "S2", "C3", "S4", "C5", "F6", "output"]
    for layer in answer["layers"]:
        values = seen.layers[layer["name"]]
        assert layer["scale"] == pytest.approx(float(values.abs().max()))
        torch.testing.assert_close(unpacked(layer), values, rtol=0, atol=layer["scale"] / 254 * 1.01)


def test_an_answer_says_who_gave_it(message) -> None:
    run = models.load_run("lenet5")
    assert reading.answer(message, QUEUE)["model"] == {
        "id": "lenet5",
        "network": "lenet5",
        "run": "",
        "title": "",
        "epoch": None,
        "images": None,
        "year": 1998,
        "parameters": 61_706,
        "accuracy": run.accuracy,
        "data": "mnist",
        "part": "test",
        "threshold": run.threshold,
        "pretrained": True,
        "live": False,
    }


def test_an_epoch_of_a_run_says_which_it_is(message, little) -> None:
    *_, last = cache.train(Recipe(data="sample", epochs=1), little)
    run = last.run
    after = reading.answer({**message, "model": f"{run.key}@1"}, QUEUE)
    expected = {"id": f"{run.key}@1", "run": run.key[:8], "epoch": 1, "data": "sample", "part": "validation"}
    assert after["model"] == after["model"] | expected | {"pretrained": False, "threshold": 0.0}
    assert after["model"]["accuracy"] == run.history[0]["validation_accuracy"]
    before = reading.answer({**message, "model": f"{run.key}@0"}, QUEUE)
    assert before["model"]["accuracy"] is None
    assert before["probabilities"] != after["probabilities"]


def test_weights_in_training_are_read_by_who_has_their_name(message) -> None:
    queue = TrainingQueue()
    ticket = queue.join()
    weights = networks.create("lenet5", torch.Generator().manual_seed(5)).state_dict()
    live = {**message, "model": ticket.show(Recipe(data="sample"), weights, epoch=1)}
    answer = reading.reader(queue)(live)
    expected = trace(networks.restore("lenet5", weights), preprocess_drawing(parse_drawing(message)).image)
    assert answer["probabilities"] == pytest.approx(expected.probabilities.tolist())
    expected = {"id": live["model"], "network": "lenet5", "epoch": 1, "images": None, "data": "sample"}
    assert answer["model"] == answer["model"] | expected
    assert (answer["model"]["live"], answer["model"]["accuracy"], answer["model"]["parameters"]) == (True, None, 61_706)
    assert answer["model"].keys() == describe("lenet5").keys()
    queue.leave(ticket)
    assert reading.reader(queue)(live) == {"error": {"key": "training.over", "values": {}}, "gone": True}


def test_another_model_is_compared_with_when_asked_for(message, little) -> None:
    *_, last = cache.train(Recipe(data="sample", epochs=1), little)
    answer = reading.answer({**message, "previous": last.run.key}, QUEUE)
    alone = reading.answer({**message, "model": last.run.key}, QUEUE)
    assert answer["previous"] == pytest.approx(alone["probabilities"], abs=1e-5)
    assert answer["model"]["network"] == "lenet5"
    assert "previous" not in reading.answer({**message, "previous": "0" * 64}, QUEUE)  # it is gone


def test_the_first_kernels_come_along(message) -> None:
    kernels = unpacked(reading.answer(message, QUEUE)["kernels"])
    weights = models.load_model("lenet5").C1.weight[:, 0]
    torch.testing.assert_close(kernels, weights, rtol=0, atol=float(weights.abs().max()) / 254 * 1.01)


def test_a_layer_of_zeros_can_be_encoded() -> None:
    assert unpacked(encode_int8("C1", torch.zeros(2, 3, 3))).abs().max() == 0


def test_nothing_drawn_is_no_digit() -> None:
    nothing = {"digit": None, "model": describe("lenet5")}
    assert reading.answer({"version": 1, "model": "lenet5", "strokes": []}, QUEUE) == nothing


def blank_picture(side: int) -> str:
    file = BytesIO()
    Image.new("1", (side, side)).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"version": 2}, "can't read this request"),
        ({"model": 5}, "can't read this request"),
        ({"model": "lenet6"}, "lenet6"),
        ({"model": "../weights/lenet5"}, "../weights/lenet5"),
        ({"strokes": None}, "A drawing is"),
        ({"strokes": [[[1, math.inf]]]}, "A point is"),
        ({"strokes": [[[0, 0]]] * 500}, "500 strokes; the limit is 200"),
        ({"saliency": 10}, "10 is not a digit"),
        ({"saliency": True}, "True is not a digit"),
        ({"saliency": 1.0}, "1.0 is not a digit"),
        ({"unit": "C1"}, "'C1' is not a unit"),
        ({"unit": ["C1", 7, 1, 1]}, "has no unit"),
        ({"unit": ["C1", 1, None, 1]}, "has no unit"),
        ({"unit": [["C1"], 1, 1, 1]}, "There is no layer"),
        ({"previous": 5}, "5 is not the name of a model"),
        ({"model": "live:other:1"}, "This training has finished"),
        ({"picture": 5}, "too large to send"),
        ({"picture": "A" * 4_000_001}, "too large to send"),
        ({"picture": "seven!"}, "The image is damaged"),
        ({"picture": base64.b64encode(b"seven").decode()}, "The image is damaged"),
        ({"picture": blank_picture(20_000)}, "The image is too large; the limit is 50,000,000 pixels"),
        ({"picture": blank_picture(8_000)}, "The image is 8,000×8,000 pixels"),
    ],
)
def test_what_cannot_be_read_comes_back_as_a_word(message, wrong: dict, says: str) -> None:
    answer = reading.reader(QUEUE)({**message, **wrong})
    assert says in said(answer.pop("error"))
    assert answer == ({"gone": True} if "model" in wrong and isinstance(wrong["model"], str) else {})


@pytest.mark.parametrize("message", [None, [], "seven", 7])
def test_what_is_no_message_comes_back_as_a_word(message: object) -> None:
    assert "can't read this request" in said(reading.reader(QUEUE)(message)["error"])


def test_a_crowd_is_told_to_wait(message, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_READINGS", 0)
    monkeypatch.setattr(reading, "PATIENCE", 0.01)
    answer = reading.reader(QUEUE)(message)
    assert answer == {"error": {"key": "server.busy.drawing", "values": {}}, "again": True}


def test_a_picture_is_read_like_a_drawing(message, sample) -> None:
    file = BytesIO()
    Image.fromarray(255 - sample.test.images[5].numpy()).resize((320, 320)).save(file, "JPEG")
    picture = {"version": 1, "model": "lenet5", "picture": base64.b64encode(file.getvalue()).decode()}
    answer = reading.answer(picture, QUEUE)
    assert answer["digit"] == int(sample.test.labels[5])
    assert [stage["name"] for stage in answer["preprocessing"]["stages"]] == [
        "original",
        "cropped",
        "scaled",
        "centred",
    ]


def test_without_preprocessing_the_sheet_is_only_shrunk(message) -> None:
    small = [[[x * 0.2, y * 0.2] for x, y in stroke] for stroke in message["strokes"]]
    recipe = reading.answer({**message, "strokes": small}, QUEUE)
    plain = reading.answer({**message, "strokes": small, "raw": True}, QUEUE)
    assert recipe["digit"] == 7
    assert [stage["name"] for stage in plain["preprocessing"]["stages"]] == ["original", "shrunk"]
    assert plain["probabilities"][7] < recipe["probabilities"][7]


def test_a_unit_and_the_saliency_come_when_asked_for(message) -> None:
    answer = reading.answer({**message, "unit": ["C3", 6, 4, 7], "saliency": 1}, QUEUE)
    image = preprocess_drawing(parse_drawing(message)).image
    seen = trace(models.load_model("lenet5"), image)
    unit = answer["unit"]
    assert (unit["kind"], unit["activation"], unit["source_layer"]) == ("sum", "ReLU", "S2")
    assert unit["value"] == float(seen.layers["C3"][5, 3, 6])
    assert unit["receptive_field"] == [6, 12, 14, 14]
    assert sum(source["contribution"] for source in unit["sources"]) + unit["bias"] == pytest.approx(
        unit["total"], abs=1e-4
    )
    assert answer["saliency"]["shape"] == [32, 32]
    assert json.loads(json.dumps(answer)).keys() == answer.keys()
    assert not {"unit", "saliency", "previous", "codes"} & reading.answer(message, QUEUE).keys()


def test_a_picture_is_seen_in_its_colours_by_the_network_that_can(sample) -> None:
    image = sample.test.images[0].numpy()
    image = Image.fromarray(np.stack([np.full_like(image, 255), 255 - image, 255 - image], -1))  # red on white
    file = BytesIO()
    image.save(file, "PNG")
    message = {
        "version": 1,
        "picture": base64.b64encode(file.getvalue()).decode(),
        "unit": ["C1", 1, 14, 14],
        "saliency": 3,
    }
    seen = reading.answer({**message, "model": "lenet-rgb"}, QUEUE)
    assert seen["preprocessing"]["colours"]["shape"] == [3, 32, 32]
    red, green, blue = np.frombuffer(base64.b64decode(seen["preprocessing"]["colours"]["values"]), np.uint8).reshape(
        3, 32, 32
    )
    assert red.max() == 0 < green.max() == blue.max()
    assert len(seen["unit"]["sources"]) == 3
    assert seen["saliency"]["shape"] == [32, 32]
    assert "colours" not in reading.answer({**message, "model": "lenet5"}, QUEUE)["preprocessing"]
    assert "colours" not in reading.answer({**message, "model": "lenet-rgb", "raw": True}, QUEUE)["preprocessing"]


def test_a_picture_with_more_pixels_than_can_be_looked_at_says_so(message, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lenet.digits.photo.MAX_PIXELS", 99)
    file = BytesIO()
    Image.new("L", (10, 10), 255).save(file, "PNG")
    picture = {"version": 1, "model": "lenet5", "picture": base64.b64encode(file.getvalue()).decode()}
    error = reading.reader(QUEUE)(picture)["error"]
    assert said(error) == "The image is 10×10 pixels; the limit is 99 pixels in total."


def test_a_model_is_the_same_by_any_of_its_names(little) -> None:
    assert describe(models.load_run("lenet5").key) == describe("lenet5")
    *_, last = cache.train(Recipe(data="sample", epochs=1), little)
    assert describe(last.run.key[:8]) == describe(last.run.key)
    assert describe(last.run.key)["run"] == last.run.key[:8]
