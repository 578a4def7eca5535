"""What a run says of itself, and how it is read back from a header."""

import json
from dataclasses import replace

from fakes import a_run

from lenet.evaluation.report import wilson
from lenet.runs.run import ADDED, Run, is_key
from lenet.training.recipe import Recipe


def test_a_run_is_called_by_its_title_else_by_what_it_was() -> None:
    run = a_run(recipe=Recipe(epochs=2))
    assert run.name == "lenet5, 2 epochs (00000000)"
    assert replace(run, recipe=Recipe(epochs=1)).name == "lenet5, 1 epoch (00000000)"
    assert replace(run, finished=False).name == "lenet5, 2 epochs, unfinished (00000000)"
    assert replace(run, title="mine").name == "mine"


def test_accuracy_comes_with_its_interval() -> None:
    run = a_run(correct=9_958, total=10_000)
    assert run.accuracy == 0.9958
    assert run.interval == wilson(9_958, 10_000)


def test_a_header_is_read_back() -> None:
    row = {"epoch": 1, "seconds": 1.0, "train_loss": 0.1, "train_accuracy": 0.9}
    run = a_run(history=({**row, "validation_loss": 0.1, "validation_accuracy": 0.9},), snapshots=("a", "b"))
    assert Run.from_header(json.loads(json.dumps(run.to_header()))) == run


def test_what_older_headers_do_not_know_is_as_it_was_then() -> None:
    """Before there were smoothed labels and averaged weights, a training had neither, whatever is usual now."""
    header = a_run(recipe=Recipe()).to_header()
    for name in ADDED:
        del header["recipe"][name]
    recipe = Run.from_header(header).recipe
    assert (recipe.smoothing, recipe.average) == (0.0, 0.0)


def test_names_of_older_headers_are_understood() -> None:
    run = a_run(recipe=Recipe(optimizer="adam", augment=0.5, outliers=0.25), threshold=0.4)
    header = run.to_header()
    header["sure"] = header.pop("threshold")
    for old, new in (("optimiser", "optimizer"), ("distort", "augment"), ("rubbish", "outliers")):
        header["recipe"][old] = header["recipe"].pop(new)
    assert Run.from_header(header) == run


def test_a_key_is_64_hexadecimal_digits() -> None:
    assert is_key("0123456789abcdef" * 4)
    assert not any(map(is_key, ("", "0" * 63, "0" * 65, "A" * 64, "../" + "0" * 61, "0" * 63 + "\n")))
