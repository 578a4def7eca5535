"""A Hugging Face Space on ZeroGPU lends its GPU to decorated functions only, each run in a process of its own.

In the page's own process CUDA only seems to be there, so training goes through `lent`, and what it yields comes back as
copies on the CPU. Off ZeroGPU, `fit` is the training loop itself.
"""

import os
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import replace

from lenet.digits import mnist
from lenet.runs.cache import Fit
from lenet.training import loop
from lenet.training.loop import EpochEnd, Event, Finished, Progress, Weights
from lenet.training.recipe import Recipe


def lent(recipe: Recipe, start: Weights | None) -> Generator[Event, None, None]:
    """The training loop, where the GPU is. It has no `stop`: closing this generator ends it."""
    yield from loop.fit(recipe, mnist.load(recipe.data), start=start)


def fit_lent(
    recipe: Recipe, digits: mnist.Data, stop: Callable[[], bool], *, start: Weights | None = None
) -> Iterator[Event]:
    """`loop.fit` for the page's own process, with the GPU lent for as long as it lasts."""
    last = Finished(epoch=0, seconds=0.0, stopped=True, weights={})
    with closing(lent(recipe, start)) as events:
        for event in events:
            yield event
            if isinstance(event, EpochEnd | Progress):  # nothing to validate with here: the latest weights
                last = replace(last, epoch=event.epoch, seconds=event.seconds, weights=event.weights)
            if stop() and not isinstance(event, Finished):
                yield last
                return


def _seconds(recipe: Recipe, start: Weights | None) -> int:
    """How long to ask for the GPU; not measured on one, generous against 3 s an epoch on 2 CPU cores."""
    return 30 + 3 * recipe.epochs


fit: Fit = loop.fit

if os.environ.get("SPACES_ZERO_GPU"):
    import spaces

    lent = spaces.GPU(duration=_seconds)(lent)
    fit = fit_lent
