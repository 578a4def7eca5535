import base64
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from said import said
from training import QUICK, trained

from lenet.digits.preprocessing import preprocess_drawing
from lenet.digits.strokes import parse_drawing
from lenet.networks.activations import trace
from lenet.runs import models
from lenet.ui.pages import compare
from lenet.ui.queue import TrainingQueue
from lenet.ui.reading import answer


@pytest.fixture
def message(drawings) -> dict:
    return {"version": 1, "strokes": drawings[7]["strokes"], "models": ["lenet5"]}


def test_a_column_is_what_the_model_makes_of_the_drawing(message) -> None:
    (column,) = compare.compare(message)["columns"]
    seen = trace(models.load_model("lenet5"), preprocess_drawing(parse_drawing(message)).image)
    assert column["digit"] == 7
    assert column["probabilities"] == pytest.approx(seen.probabilities.tolist())
    assert column["confidence"] == pytest.approx(seen.confidence)
    assert [(layer["name"], layer["shape"]) for layer in column["maps"]] == [("C1", [6, 28, 28]), ("C3", [16, 10, 10])]
    assert 0 < column["milliseconds"] < 1000
    assert column["model"]["network"] == "lenet5"


def test_every_pretrained_network_has_two_layers_of_maps(message) -> None:
    answer = compare.compare({**message, "models": [*models.pretrained()]})
    assert [column["model"]["id"] for column in answer["columns"]] == [*models.pretrained()]
    assert all(len(column["maps"]) == 2 for column in answer["columns"])


def test_a_model_that_is_gone_spoils_no_other_column(message, little) -> None:
    run = trained(QUICK, little).run
    first, gone, last = compare.compare({**message, "models": ["lenet5", "0" * 64, run.key]})["columns"]
    assert (first["digit"], last["model"]["run"]) == (7, run.key[:8])
    assert (gone["error"]["key"], gone["gone"]) == ("model.unknown", True)


def test_nothing_drawn_no_columns(message) -> None:
    assert compare.compare({**message, "strokes": []}) == {"columns": []}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"models": None}, "at most 10 names"),
        ({"models": ["lenet5"] * 11}, "at most 10 names"),
        ({"models": [5]}, "at most 10 names"),
        ({"strokes": "x"}, "stroke"),
        ({"picture": "no picture"}, "image is damaged"),
        ({"version": 2}, "at most 10 names"),
    ],
)
def test_a_message_that_is_no_good_is_told(message, change: dict, says: str) -> None:
    assert says in said(compare.compare({**message, **change})["error"])


@pytest.mark.parametrize("message", [None, 5, [], "strokes"])
def test_no_message_at_all(message) -> None:
    assert "at most 10 names" in said(compare.compare(message)["error"])


def test_a_picture_is_seen_in_colour_by_the_network_that_can(message) -> None:
    image = np.full((28, 28, 3), 255, np.uint8)
    image[4:24, 12:16, 1:] = 0  # a red stroke on white
    file = BytesIO()
    Image.fromarray(image).save(file, "PNG")
    picture = {"version": 1, "picture": base64.b64encode(file.getvalue()).decode()}
    (column,) = compare.compare({**picture, "models": ["lenet-rgb"]})["columns"]
    read = answer({**picture, "model": "lenet-rgb"}, TrainingQueue())
    assert column["probabilities"] == pytest.approx(read["probabilities"])
