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

from lenet.runs import cache as runs
from lenet.runs import store
from lenet.runs.cache import Trained
from lenet.runs.store import DamagedError
from lenet.settings import LenetError
from lenet.training.loop import Finished, Started
from lenet.training.recipe import Recipe


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
        hits = network(network.preprocess(little.test.fields)).argmax(1) == little.test.labels
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
    {"distort": 1.0},
    {"styles": 0.5},
    {"rubbish": 0.5},
    {"seed": 1},
    {"start": "0" * 64},
]


@pytest.mark.parametrize("other", OTHERS, ids=lambda one: next(iter(one)))
def test_every_part_of_the_recipe_is_part_of_the_key(little, other: dict) -> None:
    assert runs.run_key(replace(QUICK, **other), little) != runs.run_key(QUICK, little)


def test_no_part_of_the_recipe_was_forgotten() -> None:
    tried = {next(iter(one)) for one in OTHERS}
    assert tried | {"network", "data"} == {field.name for field in fields(Recipe)}


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


def test_a_run_stopped_before_it_learned_anything_is_not_stored(little, home: Path) -> None:
    *_, last = runs.train(QUICK, little, stop=lambda: True)
    assert isinstance(last, Finished)
    assert last.stopped
    assert runs.stored() == []


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
    assert runs.stored() == [run]
    assert runs.run_key(run.recipe, little) != run.key
    assert runs.find(runs.run_key(run.recipe, little)) is None  # asked for again, it is trained


def test_a_continued_run_is_its_own_recipe_with_its_parents_key(little) -> None:
    parent = stopped(little).run
    recipe = runs.continued(parent, epochs=1)
    assert recipe == replace(parent.recipe, start=parent.key, epochs=1, schedule="cosine")
    child = trained(recipe, little).run
    assert child.finished
    assert store.read(store.path(child.key), 0)[0].snapshots[0] == parent.weights
    assert trained(recipe, little).cached


def test_what_was_finished_goes_on_gently() -> None:
    run = runs.about("lenet5")
    further = runs.continued(run, 1)
    assert further.rate == run.recipe.rate / 10
    assert runs.continued(replace(run, recipe=further), 1).rate == further.rate
    constant = replace(run, recipe=replace(run.recipe, schedule="constant"))
    assert runs.continued(constant, 1).rate == run.recipe.rate


def test_a_training_starts_from_shipped_weights_too(little) -> None:
    name = runs.whole_name("lenet5")
    first, *_ = runs.train(replace(QUICK, start=name), little)
    weights = runs.model("lenet5").state_dict()
    assert all(torch.equal(values, weights[name]) for name, values in first.weights.items())


def test_a_start_of_another_network_is_refused(little, monkeypatch: pytest.MonkeyPatch) -> None:
    from lenet import networks

    monkeypatch.setitem(networks.REGISTRY, "twin", networks.entry("lenet5"))
    recipe = replace(QUICK, network="twin", start=runs.whole_name("lenet5"))
    with pytest.raises(LenetError, match="a twin cannot start from the weights of a lenet5"):
        list(runs.train(recipe, little))


WAITER = """
import sys
from dataclasses import replace
from lenet.digits import mnist as data
from lenet.runs import cache as runs
from lenet.training.recipe import Recipe
sample = data.load("sample")
little = data.Data("sample", sample.train[:256], sample.validation[:256], sample.test[:256], "", "little")
def fit(*arguments, **options):
    raise AssertionError("trained twice")
for event in runs.train(Recipe(data="sample", epochs=1), little, fit=fit):
    print(type(event).__name__, getattr(event, "cached", ""), flush=True)
"""


def test_of_two_processes_one_trains_and_the_other_waits_and_reads(little) -> None:
    events = runs.train(QUICK, little)
    assert isinstance(next(events), Started)  # this one trains
    other = subprocess.Popen([sys.executable, "-c", WAITER], stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None
    assert other.stdout.readline().split() == ["Waiting"]
    *_, last = events
    said, _ = other.communicate(timeout=30)
    assert said.splitlines()[-1] == "Trained True"
    assert not last.cached
    assert len(runs.stored()) == 1


def test_who_waits_can_stop(little) -> None:
    first = runs.train(QUICK, little)
    next(first)
    asked: list[int] = []
    waiting, last = runs.train(QUICK, little, stop=lambda: asked.append(1) or len(asked) > 1)
    assert isinstance(waiting, runs.Waiting)
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
        runs.model(run.key)
