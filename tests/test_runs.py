import json
import logging
import time
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from lenet import runs
from lenet.runs import DamagedError, Trained, UnknownModelError
from lenet.train import Finished, Recipe

QUICK = Recipe(data="sample", epochs=1)


def trained(recipe: Recipe, digits, **options) -> Trained:
    *_, last = runs.train(recipe, digits, **options)
    assert isinstance(last, Trained)
    return last


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    runs.model.cache_clear()


def test_a_recipe_is_trained_once(little) -> None:
    first = trained(QUICK, little)
    start = time.perf_counter()
    events = list(runs.train(QUICK, little))
    assert time.perf_counter() - start < 1
    assert not first.cached
    assert events == [Trained(first.run, cached=True)]
    assert runs.stored() == [first.run]


def test_a_run_tells_what_it_reached(little) -> None:
    run = trained(QUICK, little).run
    network = runs.model(run.key)
    with torch.inference_mode():
        hits = network(network.prepare(little.test.fields)).argmax(1) == little.test.labels
    assert (run.correct, run.total) == (int(hits.sum()), 256)
    assert run.accuracy == run.correct / 256
    assert (run.recipe, run.data, run.device, run.epoch) == (QUICK, "little", "cpu", 1)
    assert [row["epoch"] for row in run.history] == [1]


@pytest.mark.parametrize(
    "other",
    [{"epochs": 2}, {"batch": 64}, {"rate": 1e-3}, {"decay": 0.5}, {"seed": 1}],
    ids=lambda one: next(iter(one)),
)
def test_every_part_of_the_recipe_is_part_of_the_key(little, other: dict) -> None:
    assert runs.run_key(replace(QUICK, **other), little) != runs.run_key(QUICK, little)


def test_data_and_network_are_part_of_the_key(little, monkeypatch: pytest.MonkeyPatch) -> None:
    from lenet import networks

    monkeypatch.setitem(networks.REGISTRY, "twin", networks.entry("lenet5"))
    key = runs.run_key(QUICK, little)
    assert runs.run_key(replace(QUICK, network="twin"), little) != key
    assert runs.run_key(QUICK, replace(little, fingerprint="other digits")) != key
    assert runs.run_key(replace(QUICK, data="mnist"), replace(little, name="mnist")) != key
    monkeypatch.setattr(runs, "FORMAT", runs.FORMAT + 1)
    assert runs.run_key(QUICK, little) != key


def test_a_recipe_for_other_data_is_refused(little) -> None:
    with pytest.raises(ValueError, match="asks for data 'mnist', this is 'sample'"):
        runs.run_key(replace(QUICK, data="mnist"), little)


def test_a_stopped_run_is_not_stored(little, home: Path) -> None:
    *_, last = runs.train(QUICK, little, stop=lambda: True)
    assert isinstance(last, Finished)
    assert last.stopped
    assert list(home.rglob("*")) == [home / "runs"]


def test_a_run_that_cannot_be_written_leaves_nothing(little, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(weights: dict, file: str, metadata: dict) -> None:
        Path(file).write_bytes(b"half a file")
        raise OSError("no space left on device")

    monkeypatch.setattr(runs, "save_file", full)
    with pytest.raises(OSError, match="no space left"):
        list(runs.train(QUICK, little))
    assert list((home / "runs").iterdir()) == []
    assert runs.stored() == []


def spoil_header(file: Path) -> None:
    file.write_bytes(b"\xff" * 64 + file.read_bytes()[64:])


def spoil_weights(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[-100] ^= 1
    file.write_bytes(content)


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:1000])


@pytest.mark.parametrize("spoil", [spoil_header, spoil_weights, cut])
def test_a_damaged_run_is_named_set_aside_and_trained_again(little, caplog: pytest.LogCaptureFixture, spoil) -> None:
    run = trained(QUICK, little).run
    spoil(runs.path(run.key))
    with caplog.at_level(logging.WARNING, "lenet"):
        again = trained(QUICK, little)
    assert not again.cached
    assert again.run.weights == run.weights
    assert str(runs.path(run.key)) in caplog.text
    assert runs.path(run.key).with_suffix(".damaged").is_file()


def test_a_damaged_run_cannot_be_read_with(little) -> None:
    run = trained(QUICK, little).run
    spoil_weights(runs.path(run.key))
    with pytest.raises(DamagedError, match=rf"{run.key}.safetensors is damaged.*train it again"):
        runs.model(run.key)


def test_a_file_of_somebody_elses_is_no_run(tmp_path: Path) -> None:
    save_file({"C1.weight": torch.zeros(3)}, tmp_path / "other.safetensors", metadata={"lenet": json.dumps({})})
    with pytest.raises(DamagedError, match=r"other.safetensors cannot be read as a lenet weights file"):
        runs.read(tmp_path / "other.safetensors")


def test_damaged_shipped_weights_are_named_with_a_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "lenet5.safetensors"
    file.write_bytes(runs.shipped()["lenet5"].read_bytes())
    spoil_weights(file)
    monkeypatch.setattr(runs, "shipped", lambda: {"lenet5": file})
    with pytest.raises(DamagedError, match=r"lenet5.safetensors is damaged.*lenet train --network lenet5 --output"):
        runs.model("lenet5")
    assert file.exists()


def test_a_model_is_found_by_name_key_or_the_keys_start(little) -> None:
    run = trained(QUICK, little).run
    weights = runs.model(run.key).state_dict()
    assert all(torch.equal(values, weights[name]) for name, values in runs.model(run.key[:8]).state_dict().items())
    assert not torch.equal(runs.model("lenet5").state_dict()["C1.weight"], weights["C1.weight"])


@pytest.mark.parametrize("name", ["lenet6", "", "abc", "../../etc/passwd", "0" * 64])
def test_an_unknown_model_is_refused_with_what_is_known(name: str) -> None:
    with pytest.raises(UnknownModelError, match=r"networks: lenet5; runs: see `lenet runs`"):
        runs.model(name)


def test_the_shipped_weights_reach_their_figure_on_mnist(mnist) -> None:
    run, network = runs.about("lenet5"), runs.model("lenet5")
    with torch.inference_mode():
        hits = torch.cat([network(network.prepare(part)).argmax(1) for part in mnist.test.fields.split(1000)])
    correct = int((hits == mnist.test.labels).sum())
    assert run.recipe.data == "mnist"
    assert run.total == 10_000
    assert abs(correct - run.correct) <= 2  # other kinds of processor round otherwise
    assert correct / 10_000 >= 0.992


def test_the_shipped_weights_read_the_sample(sample) -> None:
    network = runs.model("lenet5")
    with torch.inference_mode():
        hits = network(network.prepare(sample.test.fields)).argmax(1) == sample.test.labels
    assert hits.double().mean() >= 0.985
