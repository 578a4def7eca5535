"""The Networks tab: what each network is made of, and what becomes of it when connections are removed."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import asdict
from functools import lru_cache
from reprlib import repr as shortened
from typing import Any

import gradio as gr

from lenet import networks
from lenet.digits import mnist
from lenet.errors import InvalidError
from lenet.evaluation.report import evaluate
from lenet.networks import plan
from lenet.networks.activations import trace
from lenet.runs import models
from lenet.ui import components, dead_relu
from lenet.ui.answers import Answer, answering
from lenet.ui.data import name_at_hand
from lenet.ui.facts import FACTS
from lenet.ui.message import has_drawing, input_of, preprocess
from lenet.ui.queue import TrainingQueue
from lenet.ui.reading import rbf_codes
from lenet.ui.threads import slow_slot
from lenet.words import rough_duration

TESTED = 1000  # test digits, classified after each change of connections
MAX_PRUNED = 1024  # connections

Connection = tuple[int, int]  # map, source: both from 0


def build(queue: TrainingQueue) -> None:
    """Lay the tab out; what is trained on it waits in the queue."""
    with gr.Column(elem_classes="card"):
        components.part("networks", [*networks.REGISTRY], server_functions=[inspect])
    with gr.Column(elem_classes="card"):
        time = rough_duration(dead_relu.SECONDS).json()
        part = components.part("dead_relu", dead_relu.View().json(), ("start", "stop"), time=time)

    async def start() -> AsyncIterator[dict[str, Any]]:
        async with aclosing(dead_relu.watch(queue)) as views:
            async for view in views:
                yield view.json()

    def stop(event: gr.EventData) -> None:
        queue.stop(event._data.get("token") if isinstance(event._data, dict) else None)

    part.start(start, None, part, concurrency_limit=None, show_progress="hidden")
    part.stop(stop, None, None, queue=False, show_progress="hidden")


@answering
def inspect(message: Any) -> Answer:
    """Answer `{"network": name}` as `describe_network` says.

    With `pruned`, connections as [map, source] from 0, and perhaps a drawing as `reading.answer` takes it, answer as
    `prune` says.
    """
    if not isinstance(message, dict) or not isinstance(message.get("network"), str):
        raise InvalidError("request.inspect")
    with slow_slot():
        if message.get("pruned") is None:
            return describe_network(message["network"])
        return prune(message["network"], _connections(message["pruned"]), message)


def describe_network(name: str) -> dict[str, Any]:
    """Describe a network: figures, `layers` (see `plan.Layer`), `facts`, `codes` if it has any, and the `table` (maps
    by sources) of connections from its `source_layer` to its `table_layer`. Raise InvalidError for an unknown name.
    """
    entry, network = networks.entry(name), _network(name)
    layers = plan.summary(network)
    table_layer = plan.table_layer(network)
    codes = rbf_codes(network)
    return {
        "name": name,
        "year": entry.year,
        "activation": network.activation,
        "accuracy": models.load_run(name).accuracy if name in models.pretrained() else None,
        "parameters": sum(layer.parameters for layer in layers),
        "connections": sum(layer.connections for layer in layers),
        "layers": [asdict(layer) for layer in layers],
        "table_layer": table_layer,
        "source_layer": network.layers[network.layers.index(table_layer) - 1],
        "table": plan.connection_table(network).tolist(),
        "facts": [fact.json() for fact in FACTS.get(name, [])],
    } | ({"codes": codes} if codes else {})


def prune(name: str, connections: list[Connection], message: dict[str, Any]) -> dict[str, Any]:
    """Remove connections: `accuracy` on `total` test digits, `accuracy_before`; of the message's drawing, `digit` and
    `probabilities`, None if there is none. Raise InvalidError for a connection that is not there, or no weights.
    """
    if name not in models.pretrained():
        raise InvalidError("networks.no_weights")
    network = plan.prune(models.load_model(name), connections)
    drawn = preprocess(message, colours=True) if has_drawing(message) else None
    probabilities = trace(network, input_of(network, drawn)).probabilities if drawn else None
    data = name_at_hand()
    return {
        "accuracy": _accuracy(network, data),
        "accuracy_before": _pretrained_accuracy(name, data),
        "total": len(_tested(data)),
        "digit": None if probabilities is None else int(probabilities.argmax()),
        "probabilities": None if probabilities is None else probabilities.tolist(),
    }


def _connections(pruned: Any) -> list[Connection]:
    if not isinstance(pruned, list) or len(pruned) > MAX_PRUNED:
        raise InvalidError("request.pruned", limit=MAX_PRUNED)
    for pair in pruned:
        if not (isinstance(pair, list) and len(pair) == 2 and all(type(number) is int for number in pair)):
            raise InvalidError("request.connection", value=shortened(pair))
    return [(map, source) for map, source in pruned]


def _network(name: str) -> networks.LeNet:
    return models.load_model(name) if name in models.pretrained() else networks.entry(name).build()


def _tested(data: str) -> mnist.Digits:
    return mnist.load(data).test[:TESTED]


def _accuracy(network: networks.LeNet, data: str) -> float:
    digits = _tested(data)
    return evaluate(network, digits.images, digits.labels).accuracy


@lru_cache
def _pretrained_accuracy(name: str, data: str) -> float:
    return _accuracy(models.load_model(name), data)
