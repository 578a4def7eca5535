"""A training as the page asks for it."""

from collections.abc import Callable

from awaiting import awaited
from visiting import NOBODY

from lenet.ui import form, training
from lenet.ui.queue import TrainingQueue
from lenet.ui.training import retrain
from lenet.ui.training_view import View


def wished(epochs: object = 2, **other: object) -> training.Choose:
    values = {**form.defaults(), "epochs": epochs, **other}
    return lambda name: form.recipe(values, name, "lenet5")


def views(
    choose: training.Choose,
    queue: TrainingQueue | None = None,
    choice: str = "sample",
    handler: Callable[[View], object] = id,
) -> list[View]:
    """All views of a training; `handler` is called with each."""

    async def gathered() -> list[View]:
        found = []
        async for view in retrain(queue or TrainingQueue(), choice, choose, "lenet5", NOBODY):
            handler(view)
            found.append(view)
        return found

    return awaited(gathered())
