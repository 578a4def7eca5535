"""The Draw tab: the pad, the bars, the maps, and retraining, on one screen."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import gradio as gr
import torch
from PIL import Image

from lenet import networks, runs
from lenet.data import load
from lenet.look import look
from lenet.settings import max_epochs
from lenet.train import EPOCHS, Recipe
from lenet.ui import components, reading
from lenet.ui.training import View, retrain

SHIPPED = "lenet5"
DATA = [("MNIST · 60,000 digits", "auto"), ("Sample · 4,000 digits", "sample")]


@dataclass(frozen=True)
class Tab:
    """The parts that are wired to each other."""

    pad: gr.HTML
    network: gr.HTML
    data: gr.HTML
    epochs: gr.HTML
    retrain: gr.Button
    stop: gr.Button
    progress: gr.HTML


def build(read: reading.Reader) -> Tab:
    """Lay the tab out. `read` is what the pad calls while the pen moves."""
    with gr.Row(elem_id="top"):
        with gr.Column(elem_classes="card"):
            pad = components.pad(SHIPPED, json.loads(components.static("examples.json")), _hard_digits(), read)
        with gr.Column(elem_classes="card"):
            components.bars(SHIPPED)
        with gr.Column(elem_classes="card"):
            with gr.Row(elem_id="form"):
                choices = [(f"{name} · {row.title}", name) for name, row in networks.REGISTRY.items()]
                network = components.choice("Network", choices, SHIPPED)
                data = components.choice("Data", DATA, "auto")
                epochs = components.epochs(Recipe.epochs, max_epochs(EPOCHS[-1]))
            with gr.Row(elem_id="actions"):
                start = gr.Button("Retrain", variant="primary")
                stop = gr.Button("Stop", interactive=False)
            progress = components.progress(View().json())
    with gr.Row(elem_id="inside", elem_classes="card"):
        components.seen()
        components.maps(_layers())
    components.unit()
    return Tab(pad, network, data, epochs, start, stop, progress)


def wire(tab: Tab) -> None:
    """Connect the parts: Retrain trains and hands its run to the pad, Stop ends it and changes nothing."""
    buttons = [tab.retrain, tab.stop]
    outputs = [tab.progress, tab.pad, *buttons]
    asked = tab.retrain.click(_waiting, outputs=[tab.progress, *buttons], queue=False, show_progress="hidden")
    training = asked.then(
        _retrain,
        inputs=[tab.network, tab.data, tab.epochs],
        outputs=outputs,
        concurrency_limit=1,
        concurrency_id="training",
        show_progress="hidden",
    )
    tab.stop.click(_stopped, outputs=[tab.progress, *buttons], cancels=[training], queue=False, show_progress="hidden")


def _waiting() -> tuple[Any, ...]:
    view = View(state="waiting", text="Waiting for its turn: one network is trained at a time.")
    return view.json(), *_buttons(training=True)


def _retrain(network: str, data: str, epochs: int) -> Iterator[tuple[Any, ...]]:
    for view in retrain(network, data, epochs):
        pad = {"model": view.key} if view.key else gr.skip()
        yield view.json(), pad, *_buttons(training=view.state == "training")


def _stopped() -> tuple[Any, ...]:
    return View(state="stopped", text="Stopped. Your network is as it was.").json(), *_buttons(training=False)


def _buttons(training: bool) -> tuple[Any, Any]:
    return gr.update(interactive=not training), gr.update(interactive=training)


def _layers() -> list[dict[str, Any]]:
    """Names and shapes of the shipped network's layers, as its answers will have them."""
    blank = look(runs.model(SHIPPED), torch.zeros(networks.FIELD, networks.FIELD, dtype=torch.uint8))
    return [{"name": name, "shape": list(values.shape)} for name, values in blank.layers.items()]


def _hard_digits(count: int = 10) -> list[str]:
    """Of the sample's test digits those whose label the shipped network finds least likely, as PNG in data URLs."""
    digits = load("sample").test
    logits = networks.infer(runs.model(SHIPPED), digits.fields)
    likely = logits.softmax(1).gather(1, digits.labels[:, None])[:, 0]
    return [_data_url(digits.fields[place]) for place in likely.argsort()[:count].tolist()]


def _data_url(field: torch.Tensor) -> str:
    file = BytesIO()
    Image.fromarray(255 - field[2:-2, 2:-2].numpy()).save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode("ascii")
