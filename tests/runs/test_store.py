import json
import os
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

import pytest
import spoil
import torch
from fakes import a_run, files, weights
from safetensors.torch import save_file

from lenet.errors import DamagedError, InvalidError, UnknownModelError
from lenet.runs import cache, store

HERE = Path(__file__).parent.parent


def test_what_is_kept_is_read_again(folder: Path) -> None:
    kept = store.save(a_run(), weights(2), [weights(0), weights(2)])
    for epoch, seed in ((None, 2), (0, 0), (1, 2)):
        run, values = store.read(store.path(kept.key), epoch)
        assert run == kept
        assert all(torch.equal(values[name], value) for name, value in weights(seed).items())
        assert values.keys() == weights().keys()


def test_an_epoch_that_is_not_kept_is_no_model(folder: Path) -> None:
    store.save(a_run(), weights(), [weights()])
    with pytest.raises(UnknownModelError, match=r"no weights of epoch 1\. It keeps those of epochs 0 to 0"):
        store.read(store.path(a_run().key), 1)


@pytest.mark.parametrize("damage", spoil.ALL)
def test_a_damaged_file_is_named(folder: Path, damage) -> None:
    store.save(a_run(), weights(), [])
    damage(store.path(a_run().key))
    with pytest.raises(DamagedError, match=a_run().key):
        store.read(store.path(a_run().key))


def test_a_damaged_epoch_is_noticed_and_spoils_no_other(folder: Path) -> None:
    file = store.path(a_run().key)
    store.save(a_run(), weights(1), [weights(2), weights(3)])
    content = file.read_bytes()
    place = content.index(weights(3)["C1.weight"].numpy().tobytes())
    file.write_bytes(content[:place] + b"\0\0\0\1" + content[place + 4 :])
    assert store.read(file)[0] == store.read(file, 0)[0]
    with pytest.raises(DamagedError, match="is damaged"):
        store.read(file, 1)


def test_a_file_of_somebody_elses_is_no_run(tmp_path: Path) -> None:
    save_file({"C1.weight": torch.zeros(3)}, tmp_path / "other.safetensors", metadata={"lenet": json.dumps({})})
    with pytest.raises(DamagedError, match=r"other.safetensors can't be read as a lenet weights file"):
        store.read(tmp_path / "other.safetensors")


@pytest.mark.parametrize(
    "wrong",
    [
        {"total": 0},
        {"correct": 11},
        {"correct": "9"},
        {"seconds": None},
        {"date": "today"},
        {"key": "zz"},
        {"history": [{"epoch": 1}]},
        {"history": [7]},
        {"recipe": {"epochs": 99}},
        {"recipe": 5},
        {"recipe": {"network": ["lenet5"]}},
        {"recipe": {"rate": float("inf")}},
        {"title": 7},
        {"history": [{"epoch": "1"}]},
        {"threshold": "low"},
        {"key": 5},
        {"date": None},
        {"snapshots": 5},
    ],
    ids=str,
)
def test_a_header_that_is_none_is_damage(tmp_path: Path, wrong: dict) -> None:
    about = {**asdict(a_run()), "weights": store.digest(weights()), **wrong}
    save_file(weights(), tmp_path / "wrong.safetensors", metadata={"lenet": json.dumps(about)})
    with pytest.raises(DamagedError, match=r"wrong.safetensors can't be read"):
        store.read(tmp_path / "wrong.safetensors")


@pytest.mark.parametrize(
    "header", ["[]", "5", "null", "{}", '"x"', "[" * 100_000, '{"a":' * 100_000, '{"recipe": []}', "NaN"], ids=len
)
def test_what_is_no_header_is_damage(tmp_path: Path, header: str) -> None:
    save_file(weights(), tmp_path / "wrong.safetensors", metadata={"lenet": header})
    with pytest.raises(DamagedError, match=r"wrong.safetensors can't be read"):
        store.read(tmp_path / "wrong.safetensors")


def test_a_run_that_cannot_be_written_leaves_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(file: Path, content: bytes) -> None:
        with file.open("wb") as half:
            half.write(content[:99])
        raise OSError("no space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="no space left"):
        store.save(a_run(), weights(), [])
    assert files(folder) == set()


def test_a_title_is_given_and_taken_away(folder: Path) -> None:
    kept = store.save(a_run(), weights(1), [weights(0), weights(1)])
    assert store.rename(kept.key, "  my\n first ").title == "my first"
    run, values = store.read(store.path(kept.key), 0)
    assert run == replace(kept, title="my first")
    assert torch.equal(values["C1.weight"], weights(0)["C1.weight"])
    assert store.rename(kept.key, "\x1b[31mred\0\ud800").title == "[31mred"
    assert store.rename(kept.key, "") == kept
    with pytest.raises(InvalidError, match=r"Title too long \(61 characters; maximum 60\)"):
        store.rename(kept.key, "x" * 61)


def test_a_deleted_run_is_gone(folder: Path) -> None:
    store.save(a_run(), weights(), [])
    store.delete(a_run().key)
    assert files(folder) == set()
    with pytest.raises(FileNotFoundError):
        store.delete(a_run().key)


def test_what_killed_processes_left_is_swept(folder: Path) -> None:
    (folder / ".abc-123.tmp").write_bytes(b"half a file")
    (folder / f".{a_run(7).key}.lock").touch()
    with store.training(a_run(8).key) as lock:
        lock.acquire()
        store.save(a_run(), weights(), [])
        left = {file.name for file in folder.iterdir()} - {".writing.lock"}
        assert left == {store.path(a_run().key).name, f".{a_run(8).key}.lock"}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_at_any_moment_200_times_no_run_is_damaged_or_made_up(home: Path, tmp_path: Path) -> None:
    told = tmp_path / "told"
    subprocess.run([sys.executable, HERE / "killed.py", told, "200"], check=True, timeout=300)
    finished = {int(line) for line in told.read_text().splitlines()}
    found = cache.stored()
    assert {run.recipe.seed for run in found} <= finished | set(range(5))
    assert 20 < len(found) < len(finished) + 5  # some were killed while they stored: else it tells nothing
    assert all(run.finished for run in found)
    for run in found:
        for epoch in (0, 1):
            store.read(store.path(run.key), epoch)
    assert not list((home / "runs").glob("*.damaged"))
    store.save(a_run(), weights(), [])
    assert {file.suffix for file in (home / "runs").iterdir() if file.name != ".writing.lock"} == {".safetensors"}
