from dataclasses import replace

import pytest

from lenet.runs import models
from lenet.training.recipe import PRESETS, Recipe


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"epochs": 0}, "epochs 0 is out of bounds: 1 to 50"),
        ({"epochs": 51}, "epochs 51 is out of bounds: 1 to 50"),
        ({"epochs": 2.0}, "epochs 2.0"),
        ({"network": "lenet6"}, "unknown network 'lenet6'; known: lenet5"),
        ({"data": "auto"}, "data 'auto' is out of bounds: mnist or sample"),
        ({"batch": 0}, "batch 0"),
        ({"batch": True}, "batch True"),
        ({"optimizer": "adagrad"}, "optimizer 'adagrad' is out of bounds: adamw, adam"),
        ({"schedule": "none"}, "schedule 'none' is out of bounds: one-cycle"),
        ({"rate": 0.0}, "rate 0.0"),
        ({"rate": float("nan")}, "rate nan"),
        ({"rate": "fast"}, "rate 'fast'"),
        ({"decay": -0.1}, "decay -0.1"),
        ({"augment": 2.1}, "augment 2.1 is out of bounds: 0 to 2"),
        ({"styles": 1.1}, "styles 1.1 is out of bounds: 0 to 1"),
        ({"seed": -1}, "seed -1"),
        ({"start": "lenet5"}, "start 'lenet5' is out of bounds: KEY"),
    ],
)
def test_a_recipe_out_of_bounds_is_refused_with_the_rule(wrong: dict, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Recipe(**wrong)


def test_a_whole_number_where_a_broken_one_may_stand_is_the_same_recipe() -> None:
    assert repr(Recipe(rate=1, augment=1)) == repr(Recipe(rate=1.0, augment=1.0))


@pytest.mark.parametrize("name", PRESETS)
def test_presets_are_recipes(name: str) -> None:
    Recipe(**PRESETS[name].settings)


def test_the_careful_preset_is_how_the_shipped_weights_were_trained() -> None:
    assert Recipe(**PRESETS["thorough"].settings) == replace(models.load_run("lenet5").recipe, seed=0)


def test_the_first_preset_is_what_a_recipe_is_by_itself() -> None:
    assert Recipe(**PRESETS["quick"].settings) == Recipe()
