"""Digits of one's own on the command line: taught, tested, and classified."""

import json
from pathlib import Path

import pytest
from mine import write

from lenet.cli.main import main
from lenet.digits import mine
from lenet.runs import cache, models

SAMPLE = ["--data", "sample"]


@pytest.fixture
def files(drawings, tmp_path: Path) -> list[str]:
    """The digits of two people."""
    some = {"anna": drawings[:5], "ben": drawings[5:8]}
    return [str(write(tmp_path / f"{name}.jsonl", own)) for name, own in some.items()]


def test_files_are_taught_together_and_the_honest_figures_printed(short, capsys, files: list[str], own) -> None:
    anna, ben = files
    assert main(["train", *SAMPLE, "--mine", anna, "--mine", ben]) == 0
    out = capsys.readouterr().out
    (run,) = cache.stored()
    assert run.mine == mine.counts(own)
    assert run.recipe.mine == mine.fingerprint(own)
    assert run.recipe.start == models.resolve("lenet5")
    for row, begins in zip(run.before_after, ("Your 8 digits", "1,000 test digits"), strict=True):
        (line,) = [line for line in out.splitlines() if line.startswith(begins)]
        assert f"{100 * row.before / row.total:.1f}" in line
        assert f"{100 * row.after / row.total:.1f}" in line
    assert ("saved all the same" in out) != run.is_better

    assert main(["train", *SAMPLE, "--mine", ben, anna, "--json"]) == 0  # in another order they are the same
    last = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (last["event"], last["cached"], last["run"]["key"]) == ("trained", True, run.key)

    assert main(["train", *SAMPLE, "--mine", anna, "--start", run.key[:12]]) == 0  # a taught one is taught further
    assert {one.recipe.start for one in cache.stored()} == {models.resolve("lenet5"), run.key}


def test_accuracy_is_that_on_the_files(capsys, files: list[str], drawings) -> None:
    wrong = [{**drawings[0], "label": 3}]
    file = write(Path(files[0]).parent / "wrong.jsonl", wrong)
    assert main(["test", "--mine", *files, "--mine", str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "network": "lenet5",
        "data": "mine",
        "accuracy": 8 / 9,
        "correct": 8,
        "total": 9,
    }
    assert main(["test", "--mine", str(file)]) == 0
    assert capsys.readouterr().out.splitlines()[-1].split() == ["3", "0.00%", "–", "0", "(1)"]  # it was never predicted


def test_labels_are_ignored_where_drawings_are_classified(capsys, files: list[str], own) -> None:
    assert main(["predict", files[0], "--json"]) == 0
    told = [json.loads(line)["digit"] for line in capsys.readouterr().out.splitlines()]
    assert told == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ({"digits": [1]}, "anna.jsonl:1: A drawing is"),
        ({"label": 7, "strokes": [[[0, 0], [1, 9]]], "format": 2}, "of a newer lenet: update it first"),
    ],
)
def test_a_file_that_is_none_is_1_and_one_sentence(capsys, files: list[str], line: dict, says: str) -> None:
    file = write(Path(files[0]), [line])
    for command in ("train", "test"):
        assert main([command, "--mine", str(file)]) == 1
        said = capsys.readouterr().err.strip()
        assert says in said
        assert said.endswith(".")
        assert not said.endswith("..")
    assert not [*cache.stored()]


@pytest.mark.parametrize("options", [["train", "--preset", "1998"], ["test", "--data", "sample"]])
def test_what_cannot_be_both_is_2(capsys, files: list[str], options: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*options, "--mine", files[0]])
    assert ended.value.code == 2
    assert "not allowed with" in capsys.readouterr().err


def test_one_digit_cannot_be_left_out(capsys, files: list[str], drawings) -> None:
    file = write(Path(files[0]), drawings[:1])
    assert main(["train", *SAMPLE, "--mine", str(file)]) == 1
    assert "at least 2 digits" in capsys.readouterr().err
