import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from lenet import runs, store
from lenet.cli import main

HERE = Path(__file__).parent


@pytest.fixture
def digit(tmp_path: Path, sample) -> Path:
    """A picture of a sample digit."""
    file = tmp_path / "digit.png"
    Image.fromarray(sample.test.fields[0].numpy()).save(file)
    return file


def lines(capsys: pytest.CaptureFixture) -> tuple[list[str], list[str]]:
    out, err = capsys.readouterr()
    return out.splitlines(), err.splitlines()


def test_predict_answers_a_line_a_drawing_in_order(capsys, drawings) -> None:
    assert main(["predict", str(HERE / "drawings.jsonl"), "--json"]) == 0
    out, err = lines(capsys)
    answers = [json.loads(line) for line in out]
    assert [answer["digit"] for answer in answers] == [one["label"] for one in drawings]
    assert answers[0]["source"].endswith("drawings.jsonl:1")
    assert all(answer.keys() == {"source", "digit", "probabilities"} for answer in answers)
    assert all(sum(answer["probabilities"]) == pytest.approx(1, abs=1e-5) for answer in answers)
    assert all(max(answer["probabilities"]) == answer["probabilities"][answer["digit"]] for answer in answers)
    assert err == []


def test_predict_reads_pictures(capsys, digit: Path, sample) -> None:
    assert main(["predict", str(digit)]) == 0
    out, _ = lines(capsys)
    assert out[0].startswith(f"{digit}: {sample.test.labels[0]} (")


def test_predict_says_what_is_wrong_with_each_file_and_answers_the_others(capsys, tmp_path: Path, digit: Path) -> None:
    for name, content in (("empty.png", b""), ("text.png", b"seven"), ("empty.jsonl", b""), ("cut.png", None)):
        (tmp_path / name).write_bytes(digit.read_bytes()[:90] if content is None else content)
    (tmp_path / "bad.jsonl").write_text('{"strokes": [[[0, 0], [1, 9]]]}\nnot JSON\n{"strokes": 7}\n{"strokes": []}\n')
    Image.new("L", (50, 50), 255).save(tmp_path / "blank.png")
    wrong = {"missing.png", "empty.png", "text.png", "cut.png", "empty.jsonl", "blank.png"}
    names = sorted(wrong | {"bad.jsonl", digit.name, "."})
    assert main(["predict", "--json", *(str(tmp_path / name) for name in names)]) == 1
    out, err = lines(capsys)
    answers = {Path(answer["source"]).name: answer["digit"] for answer in map(json.loads, out)}
    assert answers.pop(digit.name) is not None
    assert answers.pop("bad.jsonl:1") is not None
    assert answers == {"bad.jsonl:4": None, "blank.png": None}
    said = {Path(line.split(": ")[1]).name: line.split(": ", 2)[2] for line in err}
    assert said.keys() == wrong | {"bad.jsonl:2", "bad.jsonl:3", "bad.jsonl:4", tmp_path.name}
    assert said["missing.png"] == "there is no such file"
    assert said["empty.png"] == said["empty.jsonl"] == "the file is empty"
    assert "not a picture" in said["text.png"]
    assert "a drawing is" in said["bad.jsonl:3"]
    assert said["blank.png"] == said["bad.jsonl:4"] == "nothing is drawn on it"


def test_a_blank_answer_has_no_digit_and_no_probabilities(capsys, tmp_path: Path) -> None:
    (tmp_path / "blank.jsonl").write_text('{"strokes": []}\n')
    main(["predict", "--json", str(tmp_path / "blank.jsonl")])
    out, _ = lines(capsys)
    assert json.loads(out[0]) == {"source": f"{tmp_path}/blank.jsonl:1", "digit": None, "probabilities": None}


def test_train_test_and_runs_tell_the_same_story(capsys, tmp_path: Path) -> None:
    copy = tmp_path / "out" / "weights.safetensors"
    train = ["train", "--data", "sample", "--epochs", "1", "--batch", "256"]
    assert main([*train, "--output", str(copy)]) == 0
    out, err = lines(capsys)
    assert [line.split()[0] for line in out[2:3]] == ["1"]
    assert "no test figure of MNIST" in err[0]
    (run,) = runs.stored()
    assert store.read(copy)[0] == replace(run, snapshots=())

    assert main(train) == 0
    out, _ = lines(capsys)
    assert out[0].startswith("Trained before, on 20")

    assert main(["test", "--run", run.key[:12], "--data", "sample", "--json"]) == 0
    out, _ = lines(capsys)
    figures = {"correct": run.correct, "total": 1000, "accuracy": run.accuracy}
    assert json.loads(out[0]) == {"network": run.key[:12], "data": "sample", **figures}

    assert main(["runs", "--json"]) == 0
    out, _ = lines(capsys)
    assert json.loads(out[0])["key"] == run.key


def test_networks_says_what_each_is(capsys) -> None:
    assert main(["networks", "--json"]) == 0
    out, _ = lines(capsys)
    lenet5 = next(row for row in map(json.loads, out) if row["name"] == "lenet5")
    assert lenet5.keys() == {"name", "parameters", "input", "year", "source", "accuracy"}
    assert (lenet5["parameters"], lenet5["input"], lenet5["year"]) == (61_706, [1, 32, 32], 1998)
    assert lenet5["accuracy"] == runs.about("lenet5").accuracy


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["train", "--data", "sample", "--optimiser", "adagrad"], "choose from"),
        (["train", "--preset", "z"], "choose from"),
        (["train", "--data", "sample", "--output", "."], ". is a folder; name the file"),
        (["runs", "--rename", "mine"], "name the run by its KEY"),
        (["runs", "--delete"], "name the runs by their KEYs"),
        (["runs", "--curves", "curves.png"], "name the runs by their KEYs"),
        (["train", "--data", "sample", "--epochs", "0"], "epochs 0 is out of bounds: 1 to 50"),
        (["train", "--data", "sample", "--epochs", "51"], "epochs 51 is out of bounds: 1 to 50"),
        (["train", "--network", "lenet6"], "choose from 'lenet5'|choose from lenet5"),
        (["test", "--data", "cifar"], "choose from"),
        (["predict"], "FILE"),
        ([], "COMMAND"),
    ],
)
def test_wrong_use_is_2_and_says_what_is_known(capsys, arguments: list[str], says: str) -> None:
    try:
        code = main(arguments)
    except SystemExit as left:
        code = left.code
    assert code == 2
    said = capsys.readouterr().err
    assert any(part in said for part in says.split("|"))


def test_an_unknown_run_is_1_and_one_line(capsys) -> None:
    assert main(["test", "--run", "0123456789ab", "--data", "sample"]) == 1
    out, err = lines(capsys)
    assert out == []
    assert len(err) == 1
    assert "no network or run '0123456789ab'" in err[0]


def test_mnist_that_cannot_be_had_is_1_and_one_line(capsys, no_network) -> None:
    assert main(["test", "--data", "mnist"]) == 1
    _, err = lines(capsys)
    assert len(err) == 1
    assert "Set LENET_DATA" in err[0]


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_ctrl_c_stops_cleanly_with_130(home: Path) -> None:
    command = [sys.executable, "-m", "lenet", "train", "--data", "sample", "--epochs", "50"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ})
    assert process.stdout is not None
    for line in process.stdout:
        if line.split()[:1] == ["1"]:  # the first epoch's row
            break
    start = time.monotonic()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert time.monotonic() - start < 5
    assert "Traceback" not in err
    (run,) = runs.stored()
    assert not run.finished
    assert f"Go on: lenet train --start {run.key[:12]}" in out


def test_a_bad_line_spoils_no_other(capsys, tmp_path: Path) -> None:
    good = b'{"strokes": [[[0, 0], [1, 9]]]}\n'
    (tmp_path / "mixed.JSONL").write_bytes(b"\xef\xbb\xbf" + good + b"[" * 100_000 + b"\n\xff\xfe\n" + good)
    assert main(["predict", "--json", str(tmp_path / "mixed.JSONL")]) == 1
    out, err = lines(capsys)
    assert [json.loads(line)["source"][-1] for line in out] == ["1", "4"]
    assert len(err) == 2


def test_a_folder_that_cannot_be_written_is_noticed_before_training(capsys, home: Path) -> None:
    home.write_text("a file, not a folder")
    assert main(["train", "--data", "sample", "--epochs", "50"]) == 1
    out, err = lines(capsys)
    assert out == []
    assert "Set LENET_HOME to a folder that can be written" in err[-1]


def test_no_runs_is_said(capsys) -> None:
    assert main(["runs"]) == 0
    assert "No run is stored yet" in lines(capsys)[1][0]


def test_train_tells_its_events_as_json(capsys) -> None:
    assert main(["train", "--data", "sample", "--epochs", "2", "--batch", "500", "--json"]) == 0
    out, _ = lines(capsys)
    events = [json.loads(line) for line in out]
    kinds = [event["event"] for event in events if event["event"] != "progress"]
    assert kinds == ["started", "epoch", "epoch", "finished", "trained"]
    (run,) = runs.stored()
    assert events[0]["recipe"]["batch"] == 500
    assert [event["validation_loss"] for event in events if event["event"] == "epoch"] == [
        row["validation_loss"] for row in run.history
    ]
    assert events[-1]["run"]["key"] == run.key
    assert events[-1]["run"]["accuracy"] == run.accuracy
    assert not any("weights" in event for event in events)


def test_a_preset_is_where_options_begin(capsys) -> None:
    train = ["train", "--data", "sample", "--preset", "tutorial-b", "--epochs", "1", "--batch", "500"]
    assert main(train) == 0
    (run,) = runs.stored()
    recipe = run.recipe
    assert (recipe.optimiser, recipe.schedule, recipe.rate, recipe.decay) == ("sgd", "constant", 1e-3, 0.0)
    assert (recipe.epochs, recipe.batch) == (1, 500)


def test_training_goes_on_from_a_run(capsys) -> None:
    train = ["train", "--data", "sample", "--epochs", "1", "--batch", "500"]
    assert main(train) == 0
    (first,) = runs.stored()
    assert main([*train, "--start", f"{first.key[:8]}@1"]) == 0
    (second,) = (run for run in runs.stored() if run != first)
    assert second.recipe.start == f"{first.key}@1"
    assert main([*train, "--start", "0123456789"]) == 1
    assert "no network or run" in lines(capsys)[1][-1]


def test_runs_are_looked_after(capsys, tmp_path: Path) -> None:
    for seed in ("0", "1"):
        main(["train", "--data", "sample", "--epochs", "1", "--batch", "500", "--seed", seed])
    lines(capsys)
    first, second = (run.key for run in runs.stored())
    assert main(["runs", first[:8], "--rename", "my first"]) == 0
    assert "my first: " in lines(capsys)[0][0]
    assert main(["runs", first, second, "--curves", str(tmp_path / "curves.png")]) == 0
    with Image.open(tmp_path / "curves.png") as curves:
        assert curves.size == (1200, 480)
    assert main(["runs", first, "--history", str(tmp_path / "history.csv")]) == 0
    assert (tmp_path / "history.csv").read_text().splitlines()[0].startswith("epoch,train_loss,")
    assert main(["runs", first, "--weights", str(tmp_path / "weights.safetensors")]) == 0
    assert store.read(tmp_path / "weights.safetensors")[0].key == first
    lines(capsys)
    assert main(["runs", "--json"]) == 0
    rows = [json.loads(line) for line in lines(capsys)[0]]
    assert {row["title"] for row in rows} == {"my first", ""}
    assert all(row["interval"][0] < row["accuracy"] < row["interval"][1] for row in rows)
    assert main(["runs", first, "--rename", "x" * 61]) == 2
    assert "at most 60" in lines(capsys)[1][0]
    assert main(["runs", first, "--weights", str(store.path(second))]) == 1
    assert "in the folder of the runs themselves" in lines(capsys)[1][0]
    for other in ("lenet5", f"{first}@1", first[:4]):
        assert main(["runs", other, "--delete"]) == 1
        assert "no network or run" in lines(capsys)[1][0]
    assert main(["runs", first, second, first, "--delete"]) == 0
    assert runs.stored() == []


def test_settings_that_are_no_good_are_said_before_training(capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LENET_CACHE_MB", "abc")
    assert main(["train", "--data", "sample", "--epochs", "50"]) == 1
    out, err = lines(capsys)
    assert out == []
    assert "LENET_CACHE_MB=abc is not a number above 0" in err[-1]
