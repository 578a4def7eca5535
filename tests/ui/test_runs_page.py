import base64
import json

import pytest

from lenet.runs import cache, models
from lenet.runs.run import Run
from lenet.training.recipe import Recipe
from lenet.ui.pages import runs as runs_page


@pytest.fixture
def run(little) -> Run:
    *_, last = cache.train(Recipe(data="sample", epochs=2, batch=64, optimizer="adam"), little)
    return last.run


def listed(*keys: str) -> list[str]:
    return [row["key"] for row in runs_page.manage({"do": "list", "keys": list(keys)})["runs"]]


def test_a_row_tells_what_the_run_was(run: Run) -> None:
    answer = runs_page.manage({"do": "list", "keys": []})
    assert json.loads(json.dumps(answer)).keys() == {"public", "runs"}
    (row,) = answer["runs"]
    assert row["recipe"] == "lenet5, 2 epochs, batch 64, optimizer adam"
    assert row["figure"] == f"{100 * run.accuracy:.2f} %"
    assert [point[0] for point in row["validation"]] == [1, 2]
    assert row["validation"][1][1:] == (run.history[1]["validation_loss"], run.history[1]["validation_accuracy"])


def test_a_run_is_renamed_and_deleted(run: Run) -> None:
    assert runs_page.manage({"do": "rename", "keys": [run.key], "title": "mine"}) == {}
    assert models.load_run(run.key).title == "mine"
    assert runs_page.manage({"do": "delete", "keys": [run.key]}) == {}
    assert listed() == []


@pytest.mark.parametrize(
    ("form", "name", "begins"),
    [("weights", "safetensors", b""), ("history", "csv", b"epoch,"), ("curves", "svg", b"<svg")],
)
def test_a_run_is_taken_home(run: Run, form: str, name: str, begins: bytes) -> None:
    answer = runs_page.manage({"do": form, "keys": [run.key]})
    assert answer["name"] == f"lenet-{run.key[:8]}.{name}"
    assert base64.b64decode(answer["content"]).startswith(begins)


def test_where_strangers_share_the_page_a_run_is_seen_by_who_knows_its_key(run: Run, monkeypatch) -> None:
    monkeypatch.setenv("LENET_PUBLIC", "1")
    assert listed() == []
    assert listed(run.key, "0" * 64, run.key[:8], "../x") == [run.key]
    for what in ("rename", "delete"):
        assert "This page is shared" in runs_page.manage({"do": what, "keys": [run.key], "title": "mine"})["error"]
    assert models.load_run(run.key) == run


def test_a_space_is_public_unless_said_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not runs_page.is_public()
    monkeypatch.setenv("SPACE_ID", "someone/lenet")
    assert runs_page.is_public()
    monkeypatch.setenv("LENET_PUBLIC", "0")
    assert not runs_page.is_public()


@pytest.mark.parametrize(
    ("message", "says"),
    [
        (None, "a message is"),
        ({"do": "list"}, "a message is"),
        ({"do": "list", "keys": [7]}, "a message is"),
        ({"do": "list", "keys": ["0" * 64] * 101}, "at most 100"),
        ({"do": "delete", "keys": []}, "choose a run first"),
        ({"do": "delete", "keys": ["0" * 64]}, "No network or run is called"),
        ({"do": "delete", "keys": ["../../x"]}, "choose a run first"),
    ],
)
def test_what_cannot_be_done_comes_back_as_a_word(message: object, says: str) -> None:
    assert says in runs_page.manage(message)["error"]


@pytest.mark.parametrize("title", [None, {}, 5])
def test_a_title_is_text(run: Run, title: object) -> None:
    assert "a title is text" in runs_page.manage({"do": "rename", "keys": [run.key], "title": title})["error"]


def test_what_is_unknown_comes_back_as_a_word(run: Run) -> None:
    assert "'[]' is none of list" in runs_page.manage({"do": [], "keys": [run.key]})["error"]
    assert "'burn' is none of list" in runs_page.manage({"do": "burn", "keys": [run.key]})["error"]
