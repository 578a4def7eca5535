"""How long a training will take, from a short one measured before the click."""

from collections.abc import Callable
from dataclasses import replace
from threading import Lock
from typing import Any

import torch

from lenet.digits import mnist
from lenet.errors import LenetError
from lenet.runs import cache
from lenet.training.loop import EpochEnd, fit
from lenet.training.recipe import Recipe
from lenet.ui import form, threads, zerogpu
from lenet.ui.queue import TrainingQueue

STEPS = 12  # of the probe, after as many to warm up
LEAST, MOST = 400, 1500  # digits of a probe

Estimate = Callable[[dict[str, Any]], dict[str, str]]


def estimator(queue: TrainingQueue) -> Estimate:
    """A function for the form to call with what is filled in; it answers `{"text": ...}`, empty where unknown."""
    measured: dict[tuple[object, ...], float] = {}  # seconds a digit
    probing = Lock()

    def estimate(message: dict[str, Any]) -> dict[str, str]:
        try:
            values = message if isinstance(message, dict) else {}
            digits = mnist.load("mnist" if values.get("data") == "auto" and mnist.at_hand() else "sample")
            recipe = form.filled({**values, "start": "scratch"}, digits.name, "")
        except (ValueError, LenetError) as error:
            return {"text": str(error)}
        if values.get("start") != "current" and cache.find(cache.run_key(recipe, digits)):
            return {"text": "Already trained: it is there at once."}
        made = recipe.augment > 0, recipe.styles > 0, recipe.outliers > 0
        kind = (recipe.network, recipe.batch, recipe.optimizer, *made)
        if kind not in measured and not queue.busy() and zerogpu.fit is fit and probing.acquire(blocking=False):
            try:
                measured[kind] = probe(recipe)
            finally:
                probing.release()
        if kind not in measured:
            return {"text": ""}
        return {"text": f"About {in_words(measured[kind] * len(digits.train) * recipe.epochs)}."}

    return estimate


def probe(recipe: Recipe) -> float:
    """Seconds a digit that this recipe takes here and now, validation included, from some steps on the sample."""
    sample = mnist.load("sample")
    count = max(2 * recipe.batch, min(MOST, max(LEAST, STEPS * recipe.batch)))
    few = mnist.Data(
        **{**vars(sample), "train": sample.train[:count], "validation": sample.validation[: max(1, count // 11)]}
    )
    torch.set_num_threads(threads.CORES)
    try:
        events = fit(replace(recipe, data="sample", epochs=2, start=""), few)
        first, second = (event.seconds for event in events if isinstance(event, EpochEnd))
    finally:
        threads.use_one_core()
    return (second - first) / count


def in_words(seconds: float) -> str:
    """Seconds as a person says them, no more exact than a short probe can be."""
    if seconds < 10:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds, -1):.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"
