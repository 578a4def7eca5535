"""Trainings that are over at once."""

from lenet import runs
from lenet.recipe import Recipe
from lenet.runs import Trained

QUICK = Recipe(data="sample", epochs=1)


def trained(recipe: Recipe, digits, **options) -> Trained:
    *_, last = runs.train(recipe, digits, **options)
    assert isinstance(last, Trained)
    return last
