import base64
import json
from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest
import safetensors.torch
import torch
from said import said
from training import trained

from lenet.runs import cache, models, store
from lenet.runs.run import Run
from lenet.training.recipe import Recipe, complete
from lenet.ui import threads
from lenet.ui.description import describe
from lenet.ui.pages import runs as runs_page

KNOWN = ["list", "weights", "history", "curves", "rename", "delete"]


@pytest.fixture
def run(little) -> Run:
    *_, last = cache.train(
        Recipe(**complete({"data": "sample", "epochs": 2, "batch": 64, "optimizer": "adam", "rate": 0.002})), little
    )
    return last.run


def listed(*keys: str) -> list[str]:
    return [row["key"] for row in runs_page.manage({"do": "list", "keys": list(keys)})["runs"]]


def test_a_row_tells_what_the_run_was(run: Run) -> None:
    answer = runs_page.manage({"do": "list", "keys": []})
    assert json.loads(json.dumps(answer)).keys() == {"public", "runs"}
    (row,) = answer["runs"]
    assert (row["network"], row["epochs"], row["finished"], row["title"], row["start"]) == ("lenet5", 2, True, "", "")
    assert row["settings"] == [["batch", 64], ["optimizer", "adam"], ["rate", 0.002]]
    assert (row["correct"], row["total"], row["accuracy"]) == (run.correct, run.total, run.accuracy)
    assert row["interval"] == list(run.interval)
    assert datetime.fromisoformat(row["date"]).utcoffset() == timedelta(0)
    assert [point[0] for point in row["validation"]] == [1, 2]
    assert row["validation"][1][1:] == [run.history[1]["validation_loss"], run.history[1]["validation_accuracy"]]


def test_a_run_is_renamed_and_deleted(run: Run) -> None:
    assert runs_page.manage({"do": "rename", "keys": [run.key], "title": "mine"}) == {}
    assert models.load_run(run.key).title == "mine"
    assert runs_page.manage({"do": "delete", "keys": [run.key]}) == {}
    assert listed() == []


@pytest.mark.parametrize(("form", "name", "begins"), [("history", "csv", b"epoch,"), ("curves", "svg", b"<svg")])
def test_a_run_is_downloaded(run: Run, form: str, name: str, begins: bytes) -> None:
    answer = runs_page.manage({"do": form, "keys": [run.key]})
    assert answer["name"] == f"lenet-{run.key[:8]}.{name}"
    assert base64.b64decode(answer["content"]).startswith(begins)


def test_curves_are_in_the_language_asked_for(run: Run) -> None:
    said = {"zh": "验证", "en": "validation", "xx": "validation", "": "validation"}
    for language, word in said.items():
        answer = runs_page.manage({"do": "curves", "keys": [run.key], "language": language})
        assert word in base64.b64decode(answer["content"]).decode()
    assert runs_page.manage({"do": "curves", "keys": [run.key], "language": ["zh"]})["name"]


def test_the_weights_of_a_run_are_downloaded(run: Run) -> None:
    answer = runs_page.manage({"do": "weights", "keys": [run.key]})
    assert answer["name"] == f"lenet-{run.key[:8]}.safetensors"
    expected = models.load_model(run.key).state_dict()
    weights = safetensors.torch.load(base64.b64decode(answer["content"]))
    assert weights.keys() == expected.keys()
    assert all(torch.equal(values, expected[name]) for name, values in weights.items())


def test_where_strangers_share_the_page_a_run_is_seen_by_who_knows_its_key(run: Run, monkeypatch) -> None:
    monkeypatch.setenv("LENET_PUBLIC", "1")
    assert listed() == []
    assert listed(run.key, "0" * 64, run.key[:8], "../x") == [run.key]
    for what in ("rename", "delete"):
        answer = runs_page.manage({"do": what, "keys": [run.key], "title": "mine"})
        assert "This page is shared" in said(answer["error"])
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
        (None, "can't read this request"),
        ({"do": "list"}, "can't read this request"),
        ({"do": "list", "keys": [7]}, "can't read this request"),
        ({"do": "list", "keys": ["0" * 64] * 101}, "at most 100"),
        ({"do": "delete", "keys": []}, "Select a run first"),
        ({"do": "delete", "keys": ["0" * 64]}, "0000"),
        ({"do": "delete", "keys": ["../../x"]}, "Select a run first"),
    ],
)
def test_what_cannot_be_done_comes_back_as_a_word(message: object, says: str) -> None:
    assert says in said(runs_page.manage(message)["error"])


@pytest.mark.parametrize("title", [None, {}, 5])
def test_a_title_is_text(run: Run, title: object) -> None:
    answer = runs_page.manage({"do": "rename", "keys": [run.key], "title": title})
    assert said(answer["error"]) == f"{title} is not a title. A title is text."


def test_what_is_unknown_comes_back_as_a_word(run: Run) -> None:
    for what in ([], "burn", None, {}):
        answer = runs_page.manage({"do": what, "keys": [run.key]})
        assert said(answer["error"]) == f"{what!r} is not available here. Choose from: {', '.join(KNOWN)}."


def test_a_title_that_is_too_long_is_told(run: Run) -> None:
    answer = runs_page.manage({"do": "rename", "keys": [run.key], "title": 70 * "x"})
    assert said(answer["error"]) == "Title too long (70 characters; maximum 60)."


def test_a_new_title_is_told_at_once_by_what_describes_the_run(run: Run) -> None:
    assert describe(run.key)["title"] == ""
    runs_page.manage({"do": "rename", "keys": [run.key], "title": "mine"})
    assert describe(run.key)["title"] == "mine"


def test_a_run_that_started_from_another_names_it(run: Run, little) -> None:
    further = trained(models.continue_recipe(run, 1), little).run
    rows = {row["key"]: row for row in runs_page.manage({"do": "list", "keys": []})["runs"]}
    assert rows[further.key]["start"] == run.key
    assert models.short_name(f"{models.load_run('lenet-28').key}@2") == "lenet-28@2"


def test_equal_keys_are_one(run: Run) -> None:
    once, often = (runs_page.manage({"do": "curves", "keys": [run.key] * count}) for count in (1, 100))
    assert often == once


def test_what_is_listed_again_is_not_read_again(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert listed() == [run.key]
    monkeypatch.setattr(store, "read", None)
    assert listed() == [run.key]
    assert models.load_run(run.key) == run


def test_a_crowd_that_asks_for_curves_is_told_to_wait(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "PATIENCE", 0.01)
    with threads.slow_turn(), threads.slow_turn():
        assert runs_page.manage({"do": "curves", "keys": [run.key]})["again"]


def test_a_title_in_any_language_spoils_no_curves(run: Run) -> None:
    for title in (r"$\frac{$", "</title><script>", "名前", "a & b"):
        store.rename(run.key, title)
        answer = runs_page.manage({"do": "curves", "keys": [run.key]})
        assert title in "".join(ElementTree.fromstring(base64.b64decode(answer["content"])).itertext())
