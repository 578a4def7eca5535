"""The Networks tab: what each network is made of, and what becomes of it when wires are cut."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import asdict
from functools import cache, lru_cache
from typing import Any

import gradio as gr

from lenet import networks
from lenet.digits import mnist as data
from lenet.digits.mnist import Digits
from lenet.evaluation.report import report
from lenet.networks import plan as anatomy
from lenet.networks.activations import look
from lenet.networks.layers import RBF
from lenet.runs import cache as runs
from lenet.settings import LenetError
from lenet.ui import components, reading
from lenet.ui import dead_relu as dying
from lenet.ui.facts import NOTES
from lenet.ui.queue import Line
from lenet.ui.threads import turn

TESTED = 1000  # digits, after each change of wires
MOST_OFF = 1024  # wires


def build(line: Line) -> None:
    """Lay the tab out; what is trained on it waits in the line."""
    with gr.Column(elem_classes="card"):
        components.networks([*networks.REGISTRY], inspect)
    with gr.Column(elem_classes="card"):
        shown = components.dying(dying.View().json())
        button = gr.Button("Train both", elem_classes="plain-button")

    async def train() -> AsyncIterator[dict[str, Any]]:
        async with aclosing(dying.watch(line)) as views:
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
        with turn():
            return about(message["network"]) if off is None else cut(message["network"], off, message)
    except (ValueError, LenetError) as error:
        return {"error": str(error)}


def about(name: str) -> dict[str, Any]:
    """What is told of a network: its source, figures, `layers`, the `wires` (maps by sources) of its layer `wired` and
    the layer `before` that, `notes`, and its `codes` (packed), if it has any. ValueError for an unknown one.
    """
    row, network = networks.entry(name), _network(name)
    layers = anatomy.layers(network)
    wired = anatomy.wired(network)
    told = {
        "name": name,
        "title": row.title,
        "year": row.year,
        "source": row.source,
        "activation": network.activation,
        "accuracy": runs.about(name).accuracy if name in runs.shipped() else None,
        "weights": sum(layer.weights for layer in layers),
        "connections": sum(layer.connections for layer in layers),
        "layers": [asdict(layer) for layer in layers],
        "wired": wired,
        "before": network.layers[network.layers.index(wired) - 1],
        "wires": anatomy.wires(network).tolist(),
        "notes": NOTES.get(name, []),
    }
    if isinstance(output := network.get_submodule("output"), RBF):
        told["codes"] = reading.packed("codes", output.codes.view(-1, *networks.original.CODE))
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
    if name not in runs.shipped():
        raise ValueError(f"{name!r} comes without weights; train it on the Draw tab")
    network = anatomy.without(_network(name), [(map, source) for map, source in pairs])
    found = reading.way_of(drawn) if "strokes" in drawn or "picture" in drawn else None
    seen = look(network, found.field) if found else None
    return {
        "accuracy": _accuracy(network),
        "was": _accuracy_as_shipped(name),
        "total": len(_tested()),
        "digit": int(seen.probabilities.argmax()) if seen else None,
        "probabilities": seen.probabilities.tolist() if seen else None,
    }


def _network(name: str) -> networks.LeNet:
    return runs.model(name) if name in runs.shipped() else networks.entry(name).build()


@cache
def _tested() -> Digits:
    """The first test digits of what is at hand."""
    return data.load("mnist" if data.at_hand() else "sample").test[:TESTED]


def _accuracy(network: networks.LeNet) -> float:
    digits = _tested()
    return report(network, networks.infer(network, digits.fields), digits.labels).accuracy


@lru_cache
def _accuracy_as_shipped(name: str) -> float:
    return _accuracy(runs.model(name))
