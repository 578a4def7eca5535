"""Trainings that are over at once."""

from lenet.runs import cache
from lenet.runs.cache import Trained
from lenet.training.recipe import Recipe

QUICK = Recipe(data="sample", epochs=1)


def trained(recipe: Recipe, digits, **options) -> Trained:
    *_, last = cache.train(recipe, digits, **options)
    assert isinstance(last, Trained)
    return last
