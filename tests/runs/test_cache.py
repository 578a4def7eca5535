import logging
import subprocess
import sys
import time
from dataclasses import fields, replace
from pathlib import Path

import pytest
import spoil
import torch
from training import QUICK, trained

from lenet.errors import DamagedError, InvalidError
from lenet.runs import cache, models, store
from lenet.runs.cache import Trained
from lenet.training.loop import Finished, Started
from lenet.training.recipe import Recipe


def test_a_recipe_is_trained_once(little) -> None:
    first = trained(QUICK, little)
    start = time.perf_counter()
    events = list(cache.train(QUICK, little))
    assert time.perf_counter() - start < 1
    assert not first.cached
    assert events == [Trained(first.run, cached=True)]
    assert cache.stored() == [first.run]


def test_a_run_tells_what_it_reached(little) -> None:
    run = trained(QUICK, little).run
    network = models.load_model(run.key)
    with torch.inference_mode():
        hits = network(network.preprocess(little.test.images)).argmax(1) == little.test.labels
    assert (run.correct, run.total) == (int(hits.sum()), 256)
    assert run.accuracy == run.correct / 256
    assert (run.recipe, run.data, run.device, run.epoch) == (QUICK, "little", "cpu", 1)
    assert [row["epoch"] for row in run.history] == [1]


OTHERS = [
    {"epochs": 2},
    {"batch": 64},
    {"optimizer": "adam"},
    {"rate": 1e-3},
    {"schedule": "constant"},
    {"decay": 0.5},
    {"smoothing": 0.2},
    {"average": 0.9},
    {"augment": 1.0},
    {"styles": 0.5},
    {"outliers": 0.5},
    {"seed": 1},
    {"start": "0" * 64},
]


@pytest.mark.parametrize("other", OTHERS, ids=lambda one: next(iter(one)))
def test_every_part_of_the_recipe_is_part_of_the_key(little, other: dict) -> None:
    assert cache.run_key(replace(QUICK, **other), little) != cache.run_key(QUICK, little)


def test_no_part_of_the_recipe_was_forgotten() -> None:
    """Digits of one's own are tested in test_taught.py."""
    tried = {next(iter(one)) for one in OTHERS}
    assert tried | {"network", "data", "mine"} == {field.name for field in fields(Recipe)}


def test_data_and_network_are_part_of_the_key(little, monkeypatch: pytest.MonkeyPatch) -> None:
    from lenet import networks

    monkeypatch.setitem(networks.REGISTRY, "twin", networks.entry("lenet5"))
    key = cache.run_key(QUICK, little)
    assert cache.run_key(replace(QUICK, network="twin"), little) != key
    assert cache.run_key(QUICK, replace(little, fingerprint="other digits")) != key
    assert cache.run_key(replace(QUICK, data="mnist"), replace(little, name="mnist")) != key
    monkeypatch.setattr(cache, "FORMAT", cache.FORMAT + 1)
    assert cache.run_key(QUICK, little) != key


def test_a_recipe_for_other_data_is_refused(little) -> None:
    with pytest.raises(ValueError, match="asks for data 'mnist', this is 'sample'"):
        cache.run_key(replace(QUICK, data="mnist"), little)


def test_a_run_stopped_before_it_learned_anything_is_not_stored(little, home: Path) -> None:
    *_, last = cache.train(QUICK, little, stop=lambda: True)
    assert isinstance(last, Finished)
    assert last.stopped
    assert cache.stored() == []


def stopped(little, epochs: int = 3) -> Trained:
    """A run that was stopped in its second epoch of two steps each."""
    asked: list[int] = []
    recipe = replace(QUICK, epochs=epochs, batch=128)
    return trained(recipe, little, stop=lambda: asked.append(1) or len(asked) > 3)


def test_what_a_stopped_run_learned_is_kept_as_unfinished(little) -> None:
    run = stopped(little).run
    assert not run.finished
    assert [row["epoch"] for row in run.history] == [1]
    assert len(run.snapshots) == 2
    assert cache.stored() == [run]
    assert cache.run_key(run.recipe, little) != run.key
    assert cache.find(cache.run_key(run.recipe, little)) is None  # asked for again, it is trained


def test_a_continued_run_is_its_own_recipe_with_its_parents_key(little) -> None:
    parent = stopped(little).run
    recipe = models.continue_recipe(parent, epochs=1)
    assert recipe == replace(parent.recipe, start=parent.key, epochs=1, schedule="cosine")
    child = trained(recipe, little).run
    assert child.finished
    assert store.read(store.path(child.key), 0)[0].snapshots[0] == parent.weights
    assert trained(recipe, little).cached


def test_what_was_finished_goes_on_gently() -> None:
    run = models.load_run("lenet5")
    further = models.continue_recipe(run, 1)
    assert str(further.rate) == "0.0006"  # a tenth, without the noise of 0.006 / 10
    assert models.continue_recipe(replace(run, recipe=further), 1).rate == further.rate
    constant = replace(run, recipe=replace(run.recipe, schedule="constant"))
    assert models.continue_recipe(constant, 1).rate == run.recipe.rate


def test_a_training_starts_from_shipped_weights_too(little) -> None:
    name = models.resolve("lenet5")
    first, *_ = cache.train(replace(QUICK, start=name), little)
    weights = models.load_model("lenet5").state_dict()
    assert all(torch.equal(values, weights[name]) for name, values in first.weights.items())


def test_a_start_of_another_network_is_refused(little, monkeypatch: pytest.MonkeyPatch) -> None:
    from lenet import networks

    monkeypatch.setitem(networks.REGISTRY, "twin", networks.entry("lenet5"))
    recipe = replace(QUICK, network="twin", start=models.resolve("lenet5"))
    with pytest.raises(InvalidError, match="twin can't start from the weights of lenet5"):
        list(cache.train(recipe, little))


WAITER = """
import sys
from dataclasses import replace
from lenet.digits.data import Data
from lenet.digits import mnist
from lenet.runs import cache, models
from lenet.training.recipe import Recipe
sample = mnist.load("sample")
little = Data("sample", sample.train[:256], sample.validation[:256], sample.test[:256], (), "little")
def fit(*arguments, **options):
    raise AssertionError("trained twice")
for event in cache.train(Recipe(data="sample", epochs=1), little, fit=fit):
    print(type(event).__name__, getattr(event, "cached", ""), flush=True)
"""


def test_of_two_processes_one_trains_and_the_other_waits_and_reads(little) -> None:
    events = cache.train(QUICK, little)
    assert isinstance(next(events), Started)  # this one trains
    other = subprocess.Popen([sys.executable, "-c", WAITER], stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None
    assert other.stdout.readline().split() == ["Waiting"]
    *_, last = events
    said, _ = other.communicate(timeout=30)
    assert said.splitlines()[-1] == "Trained True"
    assert not last.cached
    assert len(cache.stored()) == 1


def test_who_waits_can_stop(little) -> None:
    first = cache.train(QUICK, little)
    next(first)
    asked: list[int] = []
    waiting, last = cache.train(QUICK, little, stop=lambda: asked.append(1) or len(asked) > 1)
    assert isinstance(waiting, cache.Waiting)
    assert isinstance(last, Finished)
    first.close()


@pytest.mark.parametrize("damage", spoil.ALL)
def test_a_damaged_run_is_named_set_aside_and_trained_again(little, caplog: pytest.LogCaptureFixture, damage) -> None:
    run = trained(QUICK, little).run
    damage(store.path(run.key))
    with caplog.at_level(logging.WARNING, "lenet"):
        again = trained(QUICK, little)
    assert not again.cached
    assert again.run.weights == run.weights
    assert str(store.path(run.key)) in caplog.text
    assert store.path(run.key).with_suffix(".damaged").is_file()


def test_a_damaged_run_cannot_be_read_with(little) -> None:
    run = trained(QUICK, little).run
    spoil.weights(store.path(run.key))
    with pytest.raises(DamagedError, match=rf"{run.key}.safetensors is damaged.*train it again"):
        models.load_model(run.key)
