import errno
import json
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from lenet.cli.main import main
from lenet.runs import cache, store

ROOT = Path(__file__).parent.parent.parent


def lines(capsys: pytest.CaptureFixture) -> tuple[list[str], list[str]]:
    out, err = capsys.readouterr()
    return out.splitlines(), err.splitlines()


def test_train_test_and_runs_tell_the_same_story(capsys, tmp_path: Path) -> None:
    copy = tmp_path / "out" / "weights.safetensors"
    train = ["train", "--data", "sample", "--epochs", "1", "--batch", "256"]
    assert main([*train, "--output", str(copy)]) == 0
    out, err = lines(capsys)
    assert out[0] == "Training lenet5 on CPU: 3,500 training images, 500 for validation"
    assert re.split(r" {2,}", out[1]) == [
        "epoch",
        "training loss",
        "training accuracy",
        "validation loss",
        "validation accuracy",
        "seconds",
    ]
    assert out[2].split()[0] == "1"
    assert "MNIST" in err[0]  # what the sample's figures are worth
    (run,) = cache.stored()
    assert store.read(copy)[0] == replace(run, snapshots=())

    assert main(train) == 0
    out, _ = lines(capsys)
    assert out[0].startswith("Loaded from an earlier run (20")

    assert main(["test", "--run", run.key[:12], "--data", "sample", "--json"]) == 0
    out, _ = lines(capsys)
    figures = {"correct": run.correct, "total": 1000, "accuracy": run.accuracy}
    assert json.loads(out[0]) == {"network": run.key[:12], "data": "sample", **figures}

    assert main(["runs", "--json"]) == 0
    out, _ = lines(capsys)
    assert json.loads(out[0])["key"] == run.key


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
    (run,) = cache.stored()
    assert not run.finished
    assert f"Resume: lenet train --start {run.key[:12]}" in out


def test_train_tells_its_events_as_json(capsys) -> None:
    assert main(["train", "--data", "sample", "--epochs", "2", "--batch", "500", "--json"]) == 0
    out, _ = lines(capsys)
    events = [json.loads(line) for line in out]
    kinds = [event["event"] for event in events if event["event"] != "progress"]
    assert kinds == ["started", "epoch", "epoch", "finished", "trained"]
    (run,) = cache.stored()
    assert events[0]["recipe"]["batch"] == 500
    assert [event["validation_loss"] for event in events if event["event"] == "epoch"] == [
        row["validation_loss"] for row in run.history
    ]
    assert events[-1]["run"]["key"] == run.key
    assert events[-1]["run"]["accuracy"] == run.accuracy
    assert not any("weights" in event for event in events)


def test_a_preset_is_where_options_begin(capsys) -> None:
    train = ["train", "--data", "sample", "--preset", "sgd", "--epochs", "1", "--batch", "500"]
    assert main(train) == 0
    (run,) = cache.stored()
    recipe = run.recipe
    assert (recipe.optimizer, recipe.schedule, recipe.rate, recipe.decay) == ("sgd", "constant", 1e-3, 0.0)
    assert (recipe.epochs, recipe.batch) == (1, 500)


def test_training_goes_on_from_a_run(capsys) -> None:
    train = ["train", "--data", "sample", "--epochs", "1", "--batch", "500"]
    assert main(train) == 0
    (first,) = cache.stored()
    assert main([*train, "--start", f"{first.key[:8]}@1"]) == 0
    (second,) = (run for run in cache.stored() if run != first)
    assert second.recipe.start == f"{first.key}@1"
    assert main([*train, "--start", "0123456789"]) == 1
    assert "No network or run is called" in lines(capsys)[1][-1]


def test_a_folder_that_cannot_be_written_is_noticed_before_training(capsys, home: Path) -> None:
    home.write_text("a file, not a folder")
    assert main(["train", "--data", "sample", "--epochs", "50"]) == 1
    out, err = lines(capsys)
    assert out == []
    assert "Set LENET_HOME to a folder that you can write to" in err[-1]


LIMITED = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
from lenet.cli.main import main
sys.exit(main(sys.argv[2:]))
"""
SHORT = ["train", "--data", "sample", "--epochs", "1", "--batch", "500"]


@pytest.mark.skipif(sys.platform == "win32", reason="has no such limit")
def test_a_run_that_cannot_be_saved_is_rescued_into_a_file_and_is_a_run_again_once_there_is_room(
    tmp_path: Path, capsys
) -> None:
    command = [sys.executable, "-c", LIMITED, "400000", *SHORT]  # bytes: less than the run with its epochs, 750 kB
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=environment)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert cache.stored() == []
    (file,) = tmp_path.glob("*.safetensors")
    run, _ = store.read(file)
    told = done.stderr.splitlines()[-1]
    assert told == (
        f"lenet: The run could not be saved in {store.folder()} (File too large). Its weights are in "
        f"{file.name}: make room, and move them to that folder as {run.key}.safetensors."
    )
    file.replace(store.path(run.key))
    assert main(SHORT) == 0
    assert lines(capsys)[0][0].startswith("Loaded from an earlier run")


def full(*arguments: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_weights_that_cannot_be_saved_go_where_they_were_wanted(
    tmp_path: Path, capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "save", full)
    file = tmp_path / "out" / "mine.safetensors"
    assert main([*SHORT, "--output", str(file)]) == 1
    run, _ = store.read(file)
    told = lines(capsys)[1][-1]
    assert f"(No space left on device). Its weights are in {file}" in told
    assert told.endswith(f"as {run.key}.safetensors.")


def test_a_run_that_can_be_saved_nowhere_is_told_in_a_sentence(capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "write_bytes", full)
    assert main([*SHORT, "--json"]) == 1
    out, err = lines(capsys)
    assert "nor its weights anywhere else. Make room, and train again." in err[-1]
    told = json.loads(out[-1])
    assert (told["event"], told["reason"], told["run"]["total"]) == ("unsaved", "No space left on device", 1000)


def test_settings_that_are_no_good_are_said_before_training(capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LENET_CACHE_MB", "abc")
    assert main(["train", "--data", "sample", "--epochs", "50"]) == 1
    out, err = lines(capsys)
    assert out == []
    assert "LENET_CACHE_MB=abc is not a number above 0" in err[-1]
