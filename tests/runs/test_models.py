"""Every model, by its name."""

import errno
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
import spoil
import torch
from fakes import a_run
from training import QUICK, trained

from lenet.errors import DamagedError, UnknownModelError
from lenet.runs import cache, models, store
from lenet.training import loop
from lenet.training.loop import EpochEnd, Started
from lenet.training.recipe import Recipe


def test_every_epoch_of_a_run_is_a_model(little) -> None:
    run = trained(replace(QUICK, epochs=2), little).run
    reached = {}
    for event in loop.fit(replace(QUICK, epochs=2), little):
        if isinstance(event, Started | EpochEnd):
            reached[getattr(event, "epoch", 0)] = event.weights
    for epoch, weights in reached.items():
        network = models.load_model(f"{run.key[:10]}@{epoch}")
        assert all(torch.equal(values, weights[name]) for name, values in network.state_dict().items())
    assert not torch.equal(reached[0]["C1.weight"], reached[2]["C1.weight"])
    with pytest.raises(UnknownModelError, match=r"no weights of epoch 3\. It keeps those of epochs 0 to 2"):
        models.load_model(f"{run.key}@3")
    with pytest.raises(UnknownModelError, match="“x” is not an epoch"):
        models.load_model(f"{run.key}@x")
    with pytest.raises(UnknownModelError, match="keeps only its final weights"):
        models.load_model("lenet5@1")


def test_damaged_shipped_weights_are_named_with_a_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "lenet5.safetensors"
    file.write_bytes(models.pretrained()["lenet5"].read_bytes())
    spoil.weights(file)
    monkeypatch.setattr(models, "pretrained", lambda: {"lenet5": file})
    with pytest.raises(DamagedError, match=r"lenet5.safetensors is damaged.*lenet train --network lenet5 --output"):
        models.load_model("lenet5")
    assert file.exists()


def test_a_model_is_found_by_name_key_or_the_keys_start(little) -> None:
    run = trained(QUICK, little).run
    weights = models.load_model(run.key).state_dict()
    assert all(
        torch.equal(values, weights[name]) for name, values in models.load_model(run.key[:8]).state_dict().items()
    )
    assert not torch.equal(models.load_model("lenet5").state_dict()["C1.weight"], weights["C1.weight"])


def test_a_prefix_of_several_keys_is_ambiguous(home: Path) -> None:
    store.ensure_writable()
    for end in "ab":
        (home / "runs" / f"{'0' * 63}{end}.safetensors").touch()
    with pytest.raises(UnknownModelError, match=r"2 runs begin with 00000000. Give more of the key"):
        models.load_model("0" * 8)


def test_a_run_that_goes_while_it_is_opened_is_unknown(little, monkeypatch: pytest.MonkeyPatch) -> None:
    run = trained(QUICK, little).run
    monkeypatch.setattr(models, "whole_key", lambda prefix: prefix)
    store.delete(run.key)
    with pytest.raises(UnknownModelError, match="No network or run is called"):
        models.load_model(run.key)


@pytest.mark.parametrize("name", ["lenet6", "", "abc", "../../etc/passwd", "0" * 64])
def test_an_unknown_model_is_refused_with_what_is_known(name: str) -> None:
    with pytest.raises(UnknownModelError, match=r"Networks: lenet5, .*`lenet runs`"):
        models.load_model(name)


def test_all_names_of_the_same_weights_mean_one_model(little) -> None:
    run = trained(QUICK, little).run
    names = [run.key[:length] for length in (8, 9, 64)]
    assert len({id(models.load_model(name)) for name in names}) == 1
    assert len({id(models.load_model(f"{name}@{epoch}")) for name in names for epoch in ("0", "00", "000")}) == 1
    assert models.resolve(f"{run.key[:8]}@00") == f"{run.key}@0"
    assert models.load_model(models.load_run("lenet5").key) is models.load_model("lenet5")


def test_a_run_that_is_trained_anew_is_read_anew(little) -> None:
    run = trained(QUICK, little).run
    before = models.load_model(run.key)
    store.write(store.path(run.key), replace(run, title="anew"), {k: v + 1 for k, v in before.state_dict().items()})
    assert models.load_run(run.key).title == "anew"
    assert not torch.equal(models.load_model(run.key).state_dict()["C1.weight"], before.state_dict()["C1.weight"])
    store.delete(run.key)
    with pytest.raises(UnknownModelError):
        models.load_model(run.key)


def test_in_public_a_run_is_opened_by_its_whole_key_alone(little, monkeypatch: pytest.MonkeyPatch) -> None:
    run = trained(QUICK, little).run
    monkeypatch.setenv("LENET_PUBLIC", "1")
    assert models.load_run(run.key) == run
    for length in (8, 32, 63):
        with pytest.raises(UnknownModelError):
            models.load_run(run.key[:length])


@pytest.mark.skipif(sys.platform == "win32", reason="has no such permissions")
def test_a_run_in_a_folder_that_cannot_be_written_is_read(little, monkeypatch: pytest.MonkeyPatch) -> None:
    run = trained(QUICK, little).run
    os.utime(store.path(run.key), (1, 1))

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(os, "utime", refuse)  # whoever runs this may be root, whom permissions do not stop
    monkeypatch.setattr(store, "_writing", refuse)
    assert models.load_run(run.key) == run
    assert models.open_model(run.key)[0] == run
    spoil.weights(store.path(run.key))
    with pytest.raises(DamagedError, match="is damaged"):
        models.load_run(run.key)


def test_runs_that_go_while_others_are_read_disturb_nobody(home: Path) -> None:
    store.ensure_writable()
    network = models.load_model("lenet1-1989").state_dict()
    told: list[object] = []
    over = threading.Event()

    def read() -> None:
        while not over.is_set():
            told.append(len(cache.stored()))
            with suppress(UnknownModelError):
                told.append(models.load_run(a_run(3).key).key)

    with ThreadPoolExecutor(2) as pool:
        readers = [pool.submit(read) for _ in range(2)]
        try:
            for turn in range(60):
                store.save(a_run(1 + turn % 5, recipe=Recipe(network="lenet1-1989")), network, [])
                with suppress(FileNotFoundError):
                    store.delete(a_run(1 + (turn + 3) % 5).key)
        finally:
            over.set()
        for reader in readers:
            reader.result()
    assert a_run(3).key in told
    assert max(number for number in told if isinstance(number, int)) > 1
