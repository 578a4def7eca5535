import re
from dataclasses import replace

import pytest

from lenet.errors import InvalidError
from lenet.runs import models
from lenet.texts import Message
from lenet.training.recipe import BOUNDS, OPTIMIZERS, PRESETS, SCHEDULES, Recipe


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"epochs": 0}, "Epochs must be a whole number from 1 to 50."),
        ({"epochs": 51}, "Epochs must be a whole number from 1 to 50."),
        ({"epochs": 2.0}, "Epochs must be"),
        ({"network": "lenet6"}, "Network must be one of: lenet5, "),
        ({"network": {}}, "Network must be one of: lenet5, "),
        ({"data": "auto"}, "Data must be one of: mnist, mnist+pens, sample."),
        ({"batch": 0}, "Batch size must be a whole number from 1 to 1,024."),
        ({"batch": True}, "Batch size must be"),
        ({"optimizer": "adagrad"}, "Optimizer must be one of: muon, adamw, adam, "),
        ({"optimizer": ["sgd"]}, "Optimizer must be one of: muon, adamw, adam, "),
        ({"schedule": "none"}, "Learning-rate schedule must be one of: linear, one-cycle, "),
        ({"rate": 0.0}, "Peak learning rate must be above 0 and at most 1."),
        ({"rate": 1.1}, "Peak learning rate must be above 0 and at most 1."),
        ({"rate": float("nan")}, "Peak learning rate must be"),
        ({"rate": "fast"}, "Peak learning rate must be"),
        ({"decay": -0.1}, "Weight decay must be a number from 0 to 1."),
        ({"decay": 0.1, "optimizer": "sdlm"}, "Weight decay must be 0 with this optimizer: Stochastic diagonal"),
        ({"smoothing": 0.6}, "Label smoothing must be a number from 0 to 0.5."),
        ({"average": 1.0}, "Weight averaging must be a number from 0 to 0.9999."),
        ({"augment": 2.1}, "Augmentation strength must be a number from 0 to 2."),
        ({"styles": 1.1}, "Rare handwriting (fraction) must be a number from 0 to 1."),
        ({"outliers": None}, "Non-digit examples (fraction) must be a number from 0 to 1."),
        ({"outliers": 1.1}, "Non-digit examples (fraction) must be a number from 0 to 1."),
        ({"seed": -1}, "Random seed must be a whole number from 0 to "),
        ({"seed": 2**63}, "Random seed must be a whole number from 0 to "),
        ({"start": "lenet5"}, "Initialize from: give a run's whole key (64 characters), or KEY@EPOCH."),
        ({"start": None}, "Initialize from: give a run's whole key"),
    ],
)
def test_a_recipe_out_of_bounds_is_refused_with_the_rule(wrong: dict, says: str) -> None:
    with pytest.raises(InvalidError, match=re.escape(says)):
        Recipe(**wrong)


@pytest.mark.parametrize("name", BOUNDS)
def test_bounds_are_what_a_recipe_takes(name: str) -> None:
    low, high = BOUNDS[name]
    for value in (low or 1e-6, high):
        assert getattr(Recipe(**{name: value}), name) == value
    for value in (low - 0.001, high + 0.001):
        with pytest.raises(InvalidError):
            Recipe(**{name: value})


def test_a_whole_number_where_a_broken_one_may_stand_is_the_same_recipe() -> None:
    assert repr(Recipe(rate=1, augment=1)) == repr(Recipe(rate=1.0, augment=1.0))


@pytest.mark.parametrize("name", PRESETS)
def test_presets_are_recipes_with_a_title(name: str) -> None:
    Recipe(**PRESETS[name].settings)
    assert str(Message(f"preset.{name}")) != f"preset.{name}"


def test_presets_of_published_descriptions_say_which() -> None:
    published = {name: preset.description for name, preset in PRESETS.items() if preset.description}
    assert published == {"adam-b10": "A", "sgd": "B", "adam-b64": "D"}  # C and E tell no optimizer
    assert all(f"description {letter}" in str(Message(f"preset.{name}")) for name, letter in published.items())


def test_every_choice_has_a_label() -> None:
    keys = [f"optimizer.{name}" for name in OPTIMIZERS] + [f"schedule.{name}" for name in SCHEDULES]
    assert not [key for key in keys if str(Message(key)) == key]


def test_the_thorough_preset_is_how_the_pretrained_weights_were_trained() -> None:
    assert Recipe(**PRESETS["thorough"].settings) == replace(models.load_run("lenet5").recipe, seed=0)


def test_the_first_preset_is_what_a_recipe_is_by_itself() -> None:
    assert Recipe(**PRESETS["quick"].settings) == Recipe()
