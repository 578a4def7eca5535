"""Every model, by its name."""

from dataclasses import replace
from pathlib import Path

import pytest
import spoil
import torch
from training import QUICK, trained

from lenet.errors import DamagedError, UnknownModelError
from lenet.runs import models, store
from lenet.training import loop
from lenet.training.loop import EpochEnd, Started


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
