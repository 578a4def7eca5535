"""A Hugging Face Space on ZeroGPU lends its GPU to decorated functions only, each run in a process of its own.

In the page's own process CUDA only seems to be there, so training goes through `fit_on_gpu`, whose events come back as
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


def fit_on_gpu(recipe: Recipe, start: Weights | None) -> Generator[Event, None, None]:
    """Run the training loop in the process that has the GPU. It has no `stop`: closing this generator ends it."""
    yield from loop.fit(recipe, mnist.load(recipe.data), start=start)


def fit_from_page(
    recipe: Recipe, data: mnist.Data, stop: Callable[[], bool], *, start: Weights | None = None
) -> Iterator[Event]:
    """Do as `loop.fit` in the page's own process; the GPU is lent until it ends."""
    last = Finished(epoch=0, seconds=0.0, stopped=True, weights={})
    with closing(fit_on_gpu(recipe, start)) as events:
        for event in events:
            yield event
            if isinstance(event, EpochEnd | Progress):  # no validation here: keep the latest weights
                last = replace(last, epoch=event.epoch, seconds=event.seconds, weights=event.weights)
            if stop() and not isinstance(event, Finished):
                yield last
                return


def _seconds(recipe: Recipe, start: Weights | None) -> int:
    """How long to ask for the GPU. Not measured on one; generous, as 2 CPU cores take 3 s per epoch."""
    return 30 + 3 * recipe.epochs


fit: Fit = loop.fit

if os.environ.get("SPACES_ZERO_GPU"):
    import spaces

    fit_on_gpu = spaces.GPU(duration=_seconds)(fit_on_gpu)
    fit = fit_from_page
