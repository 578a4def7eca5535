"""The Draw tab: the pad, the bars, the maps and the training, on one screen."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from functools import partial
from typing import Any

import gradio as gr

from lenet.digits import mnist
from lenet.errors import LenetError, UnknownModelError
from lenet.evaluation import paper
from lenet.runs import models
from lenet.settings import is_public
from lenet.texts import Message
from lenet.ui import components, form, teaching
from lenet.ui.answers import ServerFunction
from lenet.ui.description import describe
from lenet.ui.estimate import estimator
from lenet.ui.examples import hard_digits
from lenet.ui.loading import rescuer
from lenet.ui.photo import photo
from lenet.ui.presence import visitor
from lenet.ui.queue import TrainingQueue
from lenet.ui.serving import FIRST_MODEL
from lenet.ui.training import retrain
from lenet.ui.training_view import View


def build(queue: TrainingQueue, load: ServerFunction) -> None:
    """Lay the tab out, and connect its training to the queue; `load` tells of models, see `loading.loader`."""
    with gr.Row(elem_id="top"):
        with gr.Column(elem_classes="card"):
            components.part("pad", server_functions=[load, photo], **pad_props())
        with gr.Column(elem_classes=["card", "answer"]):
            components.part("bars", server_functions=[load], hub=True, **bars_props())
        with gr.Column(elem_classes="card"):
            training = components.part(
                "training", View().json(), ("start", "continue", "teach", "stop"),
                server_functions=[estimator(queue), load, rescuer(queue)],
                form=form.offered(), paper=paper.ACCURACY, public=is_public(),
            )  # fmt: skip
    with gr.Row(elem_id="inside", elem_classes="card"):
        components.part("stages")
        components.part("maps", FIRST_MODEL)
        components.part("sliding")
    _connect(training, queue)


def pad_props() -> dict[str, Any]:
    """What the pad is given; `photos` says whether it takes any."""
    described = [describe(name) for name in models.pretrained()]
    return {"value": {"model": FIRST_MODEL}, "models": described, "hard": hard_digits(), "photos": True}


def bars_props() -> dict[str, Any]:
    """What the bars are given."""
    return {"value": {"model": FIRST_MODEL}, "networks": [*models.pretrained()]}


def _connect(training: gr.HTML, queue: TrainingQueue) -> None:
    """Stream views into the training part when it raises "start", "continue" or "teach".

    "stop" ends what its token names.
    """
    train = partial(retrain, queue)

    async def start(event: gr.EventData, request: gr.Request) -> AsyncIterator[dict[str, Any]]:
        values, model = _data(event).get("form"), _text(event, "model")
        choose = partial(form.recipe, values, model=model)
        async with aclosing(train(form.chosen_data(values), choose, model, visitor(request))) as views:
            async for view in views:
                yield view.json()

    async def proceed(event: gr.EventData, request: gr.Request) -> AsyncIterator[dict[str, Any]]:
        try:
            recipe = form.continuation(_text(event, "key"), _data(event).get("epochs"))
        except UnknownModelError:
            yield View(state="failed", message=Message("training.gone")).json()
            return
        except LenetError as error:
            yield View(state="failed", message=error.message).json()
            return
        async with aclosing(train(recipe.data, lambda name: recipe, _text(event, "model"), visitor(request))) as views:
            async for view in views:
                yield view.json()

    async def teach(event: gr.EventData, request: gr.Request) -> AsyncIterator[dict[str, Any]]:
        model = _text(event, "model")
        try:
            own = teaching.parse(_data(event).get("digits"))
        except LenetError as error:
            yield View(state="failed", message=error.message).json()
            return
        choose = partial(teaching.recipe, own, model=model)
        choice = "auto" if mnist.at_hand() else "sample"  # nobody waits for a download
        async with aclosing(train(choice, choose, model, visitor(request), own)) as views:
            async for view in views:
                yield view.json()

    def stop(event: gr.EventData) -> None:
        queue.stop(_text(event, "token"))

    for name, handler in (("start", start), ("continue", proceed), ("teach", teach)):
        listen = getattr(training, name)
        listen(handler, None, training, concurrency_limit=None, show_progress="hidden", api_visibility="private")
    training.stop(stop, None, None, queue=False, show_progress="hidden", api_visibility="private")


def _data(event: gr.EventData) -> dict[str, Any]:
    """What an event carries, if it is an object."""
    return event._data if isinstance(event._data, dict) else {}


def _text(event: gr.EventData, name: str) -> str:
    """A text that an event carries; "" if it carries anything else."""
    found = _data(event).get(name)
    return found if isinstance(found, str) else ""
