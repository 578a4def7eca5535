"""The model card: honest figures, in YAML and Markdown that nothing from outside can end."""

import re

import pytest
import yaml
from fakes import a_run

from lenet.runs.hub.card import escape, model_card
from lenet.runs.run import Run
from lenet.training.recipe import Recipe

NASTY = ['a: "b"', "---", "# x", "<script>alert(1)</script>", "[x](javascript:1) ![y](z)", "| a | b |", "`c` *d* _e_"]


def parts(run: Run) -> tuple[dict, str]:
    _, head, body = model_card(run, "mia/mine").split("---\n", 2)
    return yaml.safe_load(head), body


def test_the_card_tells_the_figures_with_their_number_and_interval() -> None:
    run = a_run(correct=9958, total=10_000, epoch=37, recipe=Recipe(epochs=40, seed=3), threshold=0.38)
    head, body = parts(run)
    assert (head["license"], head["library_name"], head["datasets"]) == ("mit", "lenet", ["ylecun/mnist"])
    assert {"lenet", "mnist", "lenet5"} <= {*head["tags"]}
    (result,) = head["model-index"][0]["results"]
    assert result["dataset"] == {"name": "MNIST's test set", "type": "ylecun/mnist", "split": "test"}
    (metric,) = result["metrics"]
    assert (metric["type"], metric["value"]) == ("accuracy", 0.9958)
    assert metric["name"] == "Test accuracy, 10,000 digits, 95% interval 99.43% to 99.69%"
    assert "| MNIST's test set | 9,958 of 10,000 | 99.58% | 99.43% to 99.69% |" in body
    assert "Weights of epoch 37" in body
    assert "| `epochs` | 40 |" in body
    assert "| `seed` | 3 |" in body
    assert 'lenet.load_model("hf:mia/mine")' in body
    assert run.key in body


def test_a_run_of_the_sample_says_that_it_is_one() -> None:
    head, body = parts(a_run(recipe=Recipe(data="sample")))
    assert "built-in sample" in head["model-index"][0]["results"][0]["dataset"]["name"]
    assert body.count("built-in sample of MNIST") == 2


def test_a_run_that_was_stopped_or_continued_says_so() -> None:
    body = parts(a_run(finished=False, recipe=Recipe(start="0" * 64 + "@2")))[1]
    assert "where it was stopped" in body
    assert "0" * 64 + "@2" in body
    assert "from random weights" in parts(a_run())[1]


@pytest.mark.parametrize("words", NASTY)
def test_words_from_outside_mean_nothing(words: str) -> None:
    run = a_run(title=f"mine\n{words}\n---\n", device=words, date="2026-01-01T00:00:00+00:00")
    head, body = parts(run)
    assert head["model-index"][0]["name"] == "mia/mine"
    title = body.splitlines()[0]
    assert title == f"# {escape(run.title)}"
    assert not re.search(r"(?<!\\)[<\[\]`*_|!]", title)
    assert len(body.splitlines()) == len(parts(a_run())[1].splitlines())
