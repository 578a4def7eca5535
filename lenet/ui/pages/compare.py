"""The Compare tab: one drawing, classified by several models side by side while the pen moves."""

from statistics import median
from time import perf_counter
from typing import Any

import gradio as gr
import torch
from torch import Tensor, nn

from lenet.digits.preprocessing import Preprocessed
from lenet.errors import InvalidError, LenetError
from lenet.networks import LeNet
from lenet.networks.activations import trace
from lenet.networks.layers import TableConv2d
from lenet.runs import models
from lenet.ui import components
from lenet.ui.answers import Answer, answering, failure
from lenet.ui.description import describe
from lenet.ui.encoding import encode_int8
from lenet.ui.message import VERSION, input_of, preprocess
from lenet.ui.pages.runs import manage
from lenet.ui.threads import slow_slot

MAX_COLUMNS = 10
TIMED = 5  # forward passes, of which the median time is given


def build() -> None:
    """Lay the tab out."""
    with gr.Column(elem_classes="card"):
        names = [*models.pretrained()]
        components.part(
            "compare",
            names,
            server_functions=[compare, manage],
            models=[describe(name) for name in names],
            most=MAX_COLUMNS,
        )


@answering
def compare(message: Any) -> Answer:
    """Classify one drawing with several models: a message as `reading.answer` takes it, with `models` for `model`.

    Answer `{"columns": [...]}`, one per model: see `column`, or `{"error": message}` if it is gone. Nothing drawn, no
    columns.
    """
    names = message.get("models") if isinstance(message, dict) and message.get("version") == VERSION else None
    if not isinstance(names, list) or len(names) > MAX_COLUMNS or not all(isinstance(name, str) for name in names):
        raise InvalidError("request.compare", version=VERSION, limit=MAX_COLUMNS)
    with slow_slot():
        drawn = preprocess(message, colours=True)
        return {"columns": [_column(name, drawn) for name in names] if drawn else []}


def _column(name: str, drawn: Preprocessed) -> Answer:
    try:
        return column(name, drawn)
    except LenetError as error:
        return failure(error)


def column(name: str, drawn: Preprocessed) -> dict[str, Any]:
    """What a model makes of a drawing: `model` (see `describe`), `digit`, `probabilities`, `confidence`, `milliseconds`
    of a forward pass, and `maps`, the activations of its convolutions.

    Raise UnknownModelError or DamagedError as `models.load_model` does.
    """
    network = models.load_model(name)
    image = input_of(network, drawn)
    activations = trace(network, image)
    maps = [layer for layer, values in activations.layers.items() if _has_maps(network, layer, values)]
    return {
        "model": describe(name),
        "digit": int(activations.probabilities.argmax()),
        "probabilities": activations.probabilities.tolist(),
        "confidence": activations.confidence,
        "milliseconds": 1000 * median(_seconds(network, image) for _ in range(TIMED)),
        "maps": [encode_int8(layer, activations.layers[layer]) for layer in maps],
    }


def _has_maps(network: LeNet, layer: str, values: Tensor) -> bool:
    return isinstance(network.get_submodule(layer), nn.Conv2d | TableConv2d) and values[0].numel() > 1


@torch.inference_mode()
def _seconds(network: LeNet, image: Tensor) -> float:
    """Time one forward pass."""
    start = perf_counter()
    network(network.preprocess(image.unsqueeze(0)))
    return perf_counter() - start
