"""A Hugging Face Space on ZeroGPU lends its GPU to decorated functions only, each run in a process of its own.

In the page's own process CUDA only seems to be there, so training goes through `fit_on_gpu`, whose events come back as
copies on the CPU. Off ZeroGPU, `fit` is the training itself. Digits of one's own are taught in the page's own process
everywhere: it takes seconds on a CPU, and they stay where they came.
"""

import os
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import replace

import gradio as gr
import torch

from lenet.digits import mnist
from lenet.digits.data import Data
from lenet.errors import LenetError
from lenet.runs.cache import Fit
from lenet.texts import Message
from lenet.training import loop
from lenet.training.loop import EpochEnd, Event, Finished, Progress, Weights
from lenet.training.recipe import Recipe
from lenet.training.teach import Checked, Checking, learn


def fit_on_gpu(recipe: Recipe, start: Weights | None) -> Generator[Event | Message, None, None]:
    """Run the training loop in the process that has the GPU. It has no `stop`: closing this generator ends it.

    An error of ours comes as its message, at the end: of what is raised here, only the class would arrive.
    """
    try:
        yield from loop.fit(recipe, mnist.load(recipe.data), start=start)
    except LenetError as error:
        yield error.message


def fit_from_page(
    recipe: Recipe, data: Data, stop: Callable[[], bool], *, start: Weights | None = None
) -> Iterator[Event | Checking | Checked]:
    """Do as `learn` in the page's own process; the GPU is lent until it ends.

    Raise LenetError where none is lent, as to a visitor who has had enough of it today, or where it is taken away.
    """
    if recipe.mine:
        yield from learn(recipe, data, stop, torch.device("cpu"), start)
        return
    last = Finished(epoch=0, seconds=0.0, stopped=True, weights={})
    try:
        with closing(fit_on_gpu(recipe, start)) as events:
            for event in events:
                if isinstance(event, Message):
                    raise LenetError(event.key, **event.values)
                event = _own(event)
                yield event
                if isinstance(event, EpochEnd | Progress):  # no validation here: keep the latest weights
                    last = replace(last, epoch=event.epoch, seconds=event.seconds, weights=event.weights)
                if stop() and not isinstance(event, Finished):
                    yield last
                    return
    except gr.Error as error:  # what ZeroGPU says
        raise LenetError("training.zerogpu", reason=str(error.message).rstrip(".")) from error


def _own(event: Event) -> Event:
    """The event with weights of its own: those from another process are shared memory, an open file each."""
    return replace(event, weights={name: value.clone() for name, value in event.weights.items()})


def _seconds(recipe: Recipe, start: Weights | None) -> int:
    """How long to ask for the GPU. Not measured on one; generous, as 2 CPU cores take 3 s per epoch."""
    return 30 + 3 * recipe.epochs


fit: Fit = learn

if os.environ.get("SPACES_ZERO_GPU"):
    import spaces

    fit_on_gpu = spaces.GPU(duration=_seconds)(fit_on_gpu)
    fit = fit_from_page
