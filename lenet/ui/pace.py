"""How long an image takes in training, by what in a recipe matters to that."""

from lenet.training.recipe import Recipe


class Pace:
    """Seconds per image, validation included, of each kind of recipe; the last measurement counts."""

    def __init__(self) -> None:
        self._seconds: dict[tuple[object, ...], float] = {}

    def get(self, recipe: Recipe) -> float | None:
        """What was last measured for this kind of recipe, or None."""
        return self._seconds.get(_kind(recipe))

    def note(self, recipe: Recipe, seconds: float) -> None:
        """Keep a measurement."""
        self._seconds[_kind(recipe)] = seconds


def _kind(recipe: Recipe) -> tuple[object, ...]:
    extras = recipe.augment > 0, recipe.styles > 0, recipe.outliers > 0
    return recipe.network, recipe.batch, recipe.optimizer, *extras
