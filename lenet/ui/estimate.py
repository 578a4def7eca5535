"""How long a training will take: from a short one that is measured before the click, or from the last of its kind."""

from dataclasses import replace
from functools import partial
from threading import Lock
from typing import Any

from lenet.digits import mnist, pens
from lenet.runs import cache
from lenet.texts import Message
from lenet.training.loop import EpochEnd, fit
from lenet.training.recipe import Recipe
from lenet.training.teach import learn
from lenet.ui import form, threads, zerogpu
from lenet.ui.answers import Answer, ServerFunction, answering
from lenet.ui.queue import TrainingQueue
from lenet.words import rough_duration

STEPS = 12  # of the probe, after as many to warm up
LEAST, MOST = 400, 1500  # images of a probe


def estimator(queue: TrainingQueue) -> ServerFunction:
    """Make the server function `estimate`: the form's values in, `{"message": ...}` out, None if unknown."""
    probing = Lock()

    def seconds(recipe: Recipe) -> float | None:
        """Measured now, unless that would disturb a training or another probe, or mean nothing on a lent GPU."""
        known = queue.pace.get(recipe)
        if known is None and not queue.busy() and zerogpu.fit is learn and probing.acquire(blocking=False):
            try:
                queue.pace.note(recipe, known := threads.run_last(partial(probe, recipe)))
            finally:
                probing.release()
        return known

    @answering
    def estimate(message: Any) -> Answer:
        values = message if isinstance(message, dict) else {}
        wanted = form.chosen_data(values)
        if wanted != "sample" and not mnist.at_hand():
            form.recipe({**values, "start": "scratch"}, "mnist", "")
            key = "estimate.download_first" if wanted == "mnist+pens" else "estimate.download"
            return {"message": Message(key).json()}
        data = mnist.load("sample" if wanted == "sample" else "mnist")
        more = pens.count() if wanted == "mnist+pens" else 0  # to draw them, for the run's key, would take longer
        recipe = form.recipe({**values, "start": "scratch"}, wanted if more else data.name, "")
        if not more and values.get("start") != "current" and cache.find(cache.run_key(recipe, data)):
            return {"message": Message("estimate.cached").json()}
        per_image = seconds(recipe)
        if per_image is None:
            return {"message": None}
        time = rough_duration(per_image * (len(data.train) + more) * recipe.epochs)
        return {"message": Message("estimate.time", {"time": time}).json()}

    return estimate


def probe(recipe: Recipe) -> float:
    """Seconds per image that this recipe takes here and now, validation included, from some steps on the sample."""
    sample = mnist.load("sample")
    count = max(2 * recipe.batch, min(MOST, max(LEAST, STEPS * recipe.batch)))
    few = replace(sample, train=sample.train[:count], validation=sample.validation[: max(1, count // 11)])
    events = fit(replace(recipe, data="sample", epochs=2, start=""), few)
    first, second = (event.seconds for event in events if isinstance(event, EpochEnd))
    return (second - first) / count
