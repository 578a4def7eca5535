import pytest
from training import QUICK, trained

from lenet.digits.preprocessing import preprocess_drawing
from lenet.digits.strokes import parse_drawing
from lenet.networks.activations import trace
from lenet.runs import models
from lenet.ui.pages import compare


@pytest.fixture
def message(drawings) -> dict:
    return {"version": 1, "strokes": drawings[7]["strokes"], "models": ["lenet5"]}


def test_a_column_is_what_the_model_makes_of_the_drawing(message) -> None:
    (column,) = compare.compare(message)["columns"]
    seen = trace(models.load_model("lenet5"), preprocess_drawing(parse_drawing(message)).image)
    assert column["digit"] == 7
    assert column["probabilities"] == pytest.approx(seen.probabilities.tolist())
    assert column["sure"] == pytest.approx(seen.confidence)
    assert [(layer["name"], layer["shape"]) for layer in column["maps"]] == [("C1", [6, 28, 28]), ("C3", [16, 10, 10])]
    assert 0 < column["milliseconds"] < 1000
    assert column["model"]["name"] == "lenet5"


def test_every_shipped_network_has_two_layers_of_maps(message) -> None:
    answer = compare.compare({**message, "models": [*models.pretrained()]})
    assert [column["model"]["name"] for column in answer["columns"]] == [*models.pretrained()]
    assert all(len(column["maps"]) == 2 for column in answer["columns"])


def test_a_model_that_is_gone_spoils_no_other_column(message, little) -> None:
    run = trained(QUICK, little).run
    first, gone, last = compare.compare({**message, "models": ["lenet5", "0" * 64, run.key]})["columns"]
    assert (first["digit"], last["model"]["title"]) == (7, f"your run {run.key[:8]}")
    assert "No network or run is called" in gone["error"]


def test_nothing_drawn_no_columns(message) -> None:
    assert compare.compare({**message, "strokes": []}) == {"columns": []}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"models": None}, "at most 10 names"),
        ({"models": ["lenet5"] * 11}, "at most 10 names"),
        ({"models": [5]}, "at most 10 names"),
        ({"strokes": "x"}, "stroke"),
        ({"picture": "no picture"}, "picture is damaged"),
    ],
)
def test_a_message_that_is_no_good_is_told(message, change: dict, says: str) -> None:
    assert says in compare.compare({**message, **change})["error"]


@pytest.mark.parametrize("message", [None, 5, [], "strokes"])
def test_no_message_at_all(message) -> None:
    assert "at most 10 names" in compare.compare(message)["error"]
