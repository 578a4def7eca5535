"""The Draw tab: the pad, the bars, the maps, and retraining, on one screen."""

import base64
import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import gradio as gr
import torch
from PIL import Image

from lenet import networks
from lenet.digits.geometry import INPUT_SIDE
from lenet.digits.mnist import load
from lenet.errors import LenetError, UnknownModelError
from lenet.networks.activations import trace
from lenet.runs import models
from lenet.ui import components, form, reading
from lenet.ui.estimate import Estimate
from lenet.ui.queue import TrainingQueue
from lenet.ui.training import Choose, View, retrain

SHIPPED = "lenet5"


@dataclass(frozen=True)
class Tab:
    """The parts that are wired to each other."""

    pad: gr.HTML
    form: gr.HTML
    retrain: gr.Button
    stop: gr.Button
    longer: gr.Button
    again: gr.Button
    progress: gr.HTML


def build(read: reading.Reader, estimate: Estimate) -> Tab:
    """Lay the tab out. `read` is what the pad calls while the pen moves, `estimate` what the form does."""
    with gr.Row(elem_id="top"):
        with gr.Column(elem_classes="card"):
            pad = components.pad(SHIPPED, json.loads(components.static("examples.json")), _hard_digits(), read)
        with gr.Column(elem_classes="card"):
            components.bars(SHIPPED, [*models.pretrained()])
        with gr.Column(elem_classes="card"):
            filled = components.form(form.offered(), form.defaults(), estimate)
            with gr.Row(elem_id="actions"):
                start = gr.Button("Retrain", variant="primary")
                stop = gr.Button("Stop", interactive=False)
                longer = gr.Button("+1 epoch", visible=False)
                again = gr.Button("Continue", visible=False)
            progress = components.progress(View().json())
    with gr.Row(elem_id="inside", elem_classes="card"):
        components.seen()
        components.maps(_layers())
    components.unit()
    return Tab(pad, filled, start, stop, longer, again, progress)


def wire(tab: Tab, queue: TrainingQueue) -> None:
    """Connect the parts: training shows its weights to the pad, and its run at the end; Stop ends it."""

    async def from_form(values: Any, pad: Any) -> AsyncIterator[dict[Any, Any]]:
        reads = _text(pad, "model")
        data = _text(values, "data") or "auto"
        async for shown in payload(data, lambda name: form.filled(values, name, reads), reads):
            yield shown

    async def go_on(view: Any, pad: Any, epochs: int | None) -> AsyncIterator[dict[Any, Any]]:
        try:
            run = models.load_run(_text(view, "key"))
        except (LenetError, UnknownModelError):
            failed = View(state="failed", text="This run is no longer here. Train it again.")
            yield {tab.progress: failed.json(), **_buttons(tab, failed)}
            return
        missing = max(1, run.recipe.epochs - len(run.history))
        recipe = models.continue_recipe(run, epochs or (run.recipe.epochs if run.finished else missing))
        async for shown in payload(recipe.data, lambda _: recipe, _text(pad, "model")):
            yield shown

    async def payload(data: str, choose: Choose, before: str) -> AsyncIterator[dict[Any, Any]]:
        async with aclosing(retrain(queue, data, choose, before)) as views:
            async for view in views:  # every part every time: of two answers in haste, Gradio shows the last
                yield {tab.progress: view.json(), **_buttons(tab, view)}

    async def one_more(view: Any, pad: Any) -> AsyncIterator[dict[Any, Any]]:
        async for shown in go_on(view, pad, 1):
            yield shown

    async def all_again(view: Any, pad: Any) -> AsyncIterator[dict[Any, Any]]:
        async for shown in go_on(view, pad, None):
            yield shown

    def stop(view: Any) -> None:
        if ticket := queue.find(_text(view, "token")):
            ticket.stop.set()

    outputs = [tab.progress, tab.retrain, tab.stop, tab.longer, tab.again]
    for button, handler, source in (
        (tab.retrain, from_form, tab.form),
        (tab.longer, one_more, tab.progress),
        (tab.again, all_again, tab.progress),
    ):
        button.click(handler, [source, tab.pad], outputs, concurrency_limit=None, show_progress="hidden")
    tab.stop.click(stop, tab.progress, queue=False, show_progress="hidden")


def _text(value: Any, name: str) -> str:
    """A text that the browser sent in an object, empty where it sent anything else."""
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, str) else ""


def _buttons(tab: Tab, view: View) -> dict[Any, Any]:
    over = view.state not in ("waiting", "training")
    more = gr.update(visible=over and bool(view.key))
    return {
        tab.retrain: gr.update(interactive=over),
        tab.stop: gr.update(interactive=not over),
        tab.longer: more,
        tab.again: more,
    }


def _layers() -> list[dict[str, Any]]:
    """Names and shapes of the shipped network's layers, as its answers will have them."""
    blank = trace(models.load_model(SHIPPED), torch.zeros(INPUT_SIDE, INPUT_SIDE, dtype=torch.uint8))
    return [{"name": name, "shape": list(values.shape)} for name, values in blank.layers.items()]


def _hard_digits(count: int = 10) -> list[str]:
    """Of the sample's test digits those whose label the shipped network finds least likely, as PNG in data URLs."""
    digits = load("sample").test
    logits = networks.infer(models.load_model(SHIPPED), digits.images)
    likely = logits.softmax(1).gather(1, digits.labels[:, None])[:, 0]
    return [_data_url(digits.images[place]) for place in likely.argsort()[:count].tolist()]


def _data_url(image: torch.Tensor) -> str:
    file = BytesIO()
    Image.fromarray(255 - image[2:-2, 2:-2].numpy()).save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode("ascii")
