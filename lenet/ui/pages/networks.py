"""The Networks tab: what each network is made of, and what becomes of it when wires are cut."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import asdict
from functools import cache, lru_cache
from typing import Any

import gradio as gr

from lenet import networks
from lenet.digits import mnist
from lenet.digits.mnist import Digits
from lenet.errors import LenetError
from lenet.evaluation.report import evaluate
from lenet.networks import plan
from lenet.networks.activations import trace
from lenet.networks.layers import RBF
from lenet.runs import models
from lenet.ui import components, dead_relu, reading
from lenet.ui.facts import NOTES
from lenet.ui.queue import TrainingQueue
from lenet.ui.threads import slow_slot

TESTED = 1000  # digits, after each change of wires
MOST_OFF = 1024  # wires


def build(queue: TrainingQueue) -> None:
    """Lay the tab out; what is trained on it waits in the queue."""
    with gr.Column(elem_classes="card"):
        components.networks([*networks.REGISTRY], inspect)
    with gr.Column(elem_classes="card"):
        shown = components.dying(dead_relu.View().json())
        button = gr.Button("Train both", elem_classes="plain-button")

    async def train() -> AsyncIterator[dict[str, Any]]:
        async with aclosing(dead_relu.watch(queue)) as views:
            async for view in views:
                yield view.json()

    button.click(train, None, shown, concurrency_limit=None, show_progress="hidden")


def inspect(message: Any) -> dict[str, Any]:
    """Answer the tab: `{"network": name}` is told what `about` tells; with `off`, a list of wires as [map, source] from
    0, and perhaps a drawing as `reading.answer` takes it, what `cut` tells.

    What a visitor can cause comes back as `{"error": one line}`.
    """
    try:
        if not isinstance(message, dict) or not isinstance(message.get("network"), str):
            raise ValueError('a message is {"network": name, "off": wires, "strokes": [...]}')
        off = message.get("off")
        with slow_slot():
            return about(message["network"]) if off is None else cut(message["network"], off, message)
    except (ValueError, LenetError) as error:
        return {"error": str(error)}


def about(name: str) -> dict[str, Any]:
    """What is told of a network: its source, figures, `layers`, the `wires` (maps by sources) of its layer `wired` and
    the layer `before` that, `notes`, and its `codes` (see `encode_int8`), if it has any. ValueError for an unknown one.
    """
    row, network = networks.entry(name), _network(name)
    layers = plan.summary(network)
    wired = plan.table_layer(network)
    told = {
        "name": name,
        "title": row.title,
        "year": row.year,
        "source": row.source,
        "activation": network.activation,
        "accuracy": models.load_run(name).accuracy if name in models.pretrained() else None,
        "weights": sum(layer.parameters for layer in layers),
        "connections": sum(layer.connections for layer in layers),
        "layers": [asdict(layer) for layer in layers],
        "wired": wired,
        "before": network.layers[network.layers.index(wired) - 1],
        "wires": plan.connection_table(network).tolist(),
        "notes": NOTES.get(name, []),
    }
    if isinstance(output := network.get_submodule("output"), RBF):
        told["codes"] = reading.encode_int8("codes", output.codes.view(-1, *networks.lenet1998.CODE))
    return told


def cut(name: str, off: Any, drawn: dict[str, Any]) -> dict[str, Any]:
    """What becomes of a network without some wires: `accuracy` on so many (`total`) test digits, `was` before, and of
    the drawing `digit` and `probabilities`, None where there is none. ValueError or LenetError where something is off.
    """
    if not isinstance(off, list) or len(off) > MOST_OFF:
        raise ValueError(f"off is a list of at most {MOST_OFF} wires")
    pairs = [tuple(wire) for wire in off if isinstance(wire, list)]
    if len(pairs) != len(off) or not all(len(pair) == 2 and all(type(n) is int for n in pair) for pair in pairs):
        raise ValueError("a wire is [map, source], two whole numbers")
    if name not in models.pretrained():
        raise ValueError(f"{name!r} comes without weights; train it on the Draw tab")
    network = plan.prune(_network(name), [(map, source) for map, source in pairs])
    found = reading.preprocessed(drawn) if "strokes" in drawn or "picture" in drawn else None
    seen = trace(network, found.image) if found else None
    return {
        "accuracy": _accuracy(network),
        "was": _accuracy_as_shipped(name),
        "total": len(_tested()),
        "digit": int(seen.probabilities.argmax()) if seen else None,
        "probabilities": seen.probabilities.tolist() if seen else None,
    }


def _network(name: str) -> networks.LeNet:
    return models.load_model(name) if name in models.pretrained() else networks.entry(name).build()


@cache
def _tested() -> Digits:
    """The first test digits of what is at hand."""
    return mnist.load("mnist" if mnist.at_hand() else "sample").test[:TESTED]


def _accuracy(network: networks.LeNet) -> float:
    digits = _tested()
    return evaluate(network, digits.images, digits.labels).accuracy


@lru_cache
def _accuracy_as_shipped(name: str) -> float:
    return _accuracy(models.load_model(name))
