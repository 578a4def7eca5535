"""The Compare tab: one drawing, read by all networks side by side while the pen moves."""

from statistics import median
from time import perf_counter
from typing import Any

import gradio as gr
import torch

from lenet import networks
from lenet.errors import LenetError, UnknownModelError
from lenet.networks.activations import trace
from lenet.networks.layers import TableConv2d
from lenet.runs import models
from lenet.ui import components, reading
from lenet.ui.pages import runs as runs_page
from lenet.ui.threads import slow_slot

MOST = 10  # columns
TIMED = 5  # forward passes, whose median time is told


def build() -> gr.HTML:
    """Lay the tab out."""
    with gr.Column(elem_classes="card"):
        return components.compare([*models.pretrained()], MOST, compare, runs_page.manage)


def compare(message: Any) -> dict[str, Any]:
    """Read one drawing with several models: a message as `reading.answer` takes it, with `models` in place of `model`.

    `{"columns": [...]}`, one a model, see `column`; no columns where nothing is drawn. A model that is no longer there
    has `{"error": one line}` for its column; what is wrong with the message comes back as such an object itself.
    """
    try:
        names = message.get("models") if isinstance(message, dict) else None
        if not isinstance(names, list) or len(names) > MOST or not all(isinstance(name, str) for name in names):
            raise ValueError(f'a message is {{"strokes": [...], "models": at most {MOST} names}}')
        with slow_slot():
            found = reading.preprocessed(message)
            return {"columns": [] if found is None else [_column(name, found.image) for name in names]}
    except (ValueError, LenetError) as error:
        return {"error": str(error)}


def _column(name: str, image: torch.Tensor) -> dict[str, Any]:
    try:
        return column(name, image)
    except (UnknownModelError, LenetError) as error:
        return {"error": str(error)}


def column(name: str, image: torch.Tensor) -> dict[str, Any]:
    """What a model makes of a image: `model` (see `reading.described`), `digit`, `probabilities`, `sure`, the
    `milliseconds` of a forward pass, and the `maps` of its first two convolutions between maps (see `encode_int8`).

    Raises as `lenet.model` does.
    """
    network = models.load_model(name)
    seen = trace(network, image)
    maps = [layer for layer, values in seen.layers.items() if _makes_maps(network, layer) and values[0].numel() > 1]
    return {
        "model": reading.described(name),
        "digit": int(seen.probabilities.argmax()),
        "probabilities": seen.probabilities.tolist(),
        "sure": seen.confidence,
        "milliseconds": 1000 * median(_timed(network, image) for _ in range(TIMED)),
        "maps": [reading.encode_int8(layer, seen.layers[layer]) for layer in maps],
    }


def _makes_maps(network: networks.LeNet, layer: str) -> bool:
    return isinstance(network.get_submodule(layer), torch.nn.Conv2d | TableConv2d)


@torch.inference_mode()
def _timed(network: networks.LeNet, image: torch.Tensor) -> float:
    """Seconds of one forward pass."""
    start = perf_counter()
    network(network.preprocess(image.unsqueeze(0)))
    return perf_counter() - start
