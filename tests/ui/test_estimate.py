import pytest
import torch
from said import said

from lenet.digits import mnist as mnist_data
from lenet.digits import pens
from lenet.runs import cache
from lenet.training.recipe import Recipe
from lenet.ui import estimate, form
from lenet.ui.queue import TrainingQueue


@pytest.fixture
def probes(monkeypatch: pytest.MonkeyPatch) -> list[Recipe]:
    """A digit takes a millisecond; gives what was probed."""
    probed: list[Recipe] = []
    monkeypatch.setattr(estimate, "probe", lambda recipe: probed.append(recipe) or 1e-3)
    return probed


def answer(queue: TrainingQueue | None = None, **values: object) -> dict:
    return estimate.estimator(queue or TrainingQueue())({**form.defaults(), "data": "sample", **values})


def asked(queue: TrainingQueue | None = None, **values: object) -> str:
    return said(answer(queue, **values)["message"])


def test_an_estimate_is_epochs_times_digits(probes: list[Recipe]) -> None:
    assert asked(epochs=2) == "Estimated time: about 7 s"  # 3,500 digits an epoch
    assert asked(epochs=20) == "Estimated time: about 70 s"
    assert asked(epochs=50) == "Estimated time: about 3 min"


def test_each_kind_of_training_is_probed_once(probes: list[Recipe]) -> None:
    ask = estimate.estimator(TrainingQueue())
    values = {**form.defaults(), "data": "sample"}
    for change in ({}, {"epochs": 9}, {"rate": 0.1}, {"batch": 10}, {"augment": 1.0}, {"augment": 0.5}):
        ask({**values, **change})
    assert [(recipe.batch, recipe.augment) for recipe in probes] == [(128, 0), (10, 0), (128, 1)]


def test_a_measurement_of_a_training_counts_more_than_a_probe(probes: list[Recipe]) -> None:
    queue = TrainingQueue()
    assert asked(queue, epochs=2) == "Estimated time: about 7 s"
    queue.pace.note(Recipe(data="sample", epochs=9, rate=0.01), 1e-4)
    assert asked(queue, epochs=20) == "Estimated time: about 7 s"
    assert len(probes) == 1


def test_without_mnist_at_hand_a_download_is_announced(probes: list[Recipe]) -> None:
    assert asked(data="auto") == "Downloads MNIST first (11 MB), or uses the sample."
    assert asked(data="mnist+pens") == "Downloads MNIST first (11 MB)."


def test_pens_are_counted_before_they_are_drawn(probes: list[Recipe], mnist, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pens, "training_digits", lambda: 1 / 0)
    assert asked(data="mnist+pens", epochs=1) == "Estimated time: about 80 s"  # 81,838 digits


def test_what_was_trained_before_is_said(little, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mnist_data, "load", lambda choice: little)
    list(cache.train(Recipe(data="sample", epochs=1), little))
    assert asked(epochs=1) == "Already trained; loads instantly."


def test_nobody_is_disturbed_who_trains(probes: list[Recipe]) -> None:
    queue = TrainingQueue()
    queue.join()
    assert answer(queue) == {"message": None}
    assert probes == []


@pytest.mark.parametrize("message", [None, [], 5, "x"])
def test_what_is_no_form_gets_an_answer(probes: list[Recipe], message: object) -> None:
    assert estimate.estimator(TrainingQueue())(message)["message"]["key"] == "estimate.download"


def test_a_form_that_cannot_be_trained_gets_a_word(probes: list[Recipe]) -> None:
    assert said(answer(epochs=99)["error"]) == "Epochs must be a whole number from 1 to 50."
    assert probes == []


def test_a_probe_measures_and_leaves_the_thread_as_it_was() -> None:
    torch.set_num_threads(1)
    one, many = (estimate.probe(Recipe(batch=batch)) for batch in (2, 256))
    assert 1e-6 < many < one < 1  # seconds a digit: small batches are slow
    assert torch.get_num_threads() == 1
