"""The Networks tab: what each network is made of, and what becomes of it when connections are removed."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from functools import lru_cache
from reprlib import repr as shortened
from typing import Any

import gradio as gr

from lenet import networks
from lenet.digits import mnist
from lenet.digits.data import Digits
from lenet.errors import InvalidError
from lenet.evaluation.report import evaluate
from lenet.networks import pruning
from lenet.runs import models
from lenet.texts import Message
from lenet.ui import components, dead_relu
from lenet.ui.answers import Answer, ServerFunction, answering
from lenet.ui.data import name_at_hand
from lenet.ui.description import describe
from lenet.ui.facts import FACTS
from lenet.ui.presence import visitor
from lenet.ui.queue import TrainingQueue
from lenet.ui.threads import slow_turn
from lenet.words import rough_duration

TESTED = 1000  # test digits, classified after each change of connections
MAX_PRUNED = 1024  # connections

Connection = tuple[int, int]  # map, source: both from 0


def build(queue: TrainingQueue, load: ServerFunction) -> None:
    """Lay the tab out; what is trained on it waits in the queue, and `load` tells of models, see `loading.loader`."""
    with gr.Column(elem_classes="card"):
        components.part("networks", server_functions=[load, prune], **props())
    with gr.Column(elem_classes="card"):
        time = rough_duration(dead_relu.SECONDS).json()
        part = components.part("dead_relu", dead_relu.View().json(), ("start", "stop"), time=time)

    async def start(request: gr.Request) -> AsyncIterator[dict[str, Any]]:
        async with aclosing(dead_relu.watch(queue, visitor(request))) as views:
            async for view in views:
                yield view.json()

    def stop(event: gr.EventData) -> None:
        queue.stop(event._data.get("token") if isinstance(event._data, dict) else None)

    part.start(start, None, part, concurrency_limit=None, show_progress="hidden", api_visibility="private")
    part.stop(stop, None, None, queue=False, show_progress="hidden", api_visibility="private")


def props() -> dict[str, Any]:
    """What the first part is given; `untrained` is said of a network that has no weights."""
    return {
        "value": [*networks.REGISTRY],
        "models": [describe(name) for name in models.pretrained()],
        "facts": {name: [fact.json() for fact in facts] for name, facts in FACTS.items()},
        "untrained": Message("networks.no_weights.train").json(),
    }


@answering
def prune(message: Any) -> Answer:
    """Test a pretrained network without some connections: `{"network": name, "pruned": [[map, source], ...]}`, from 0.

    Answer `accuracy` on `total` test digits, and `accuracy_before`. Raise InvalidError for a network without weights,
    or a connection that is not there.
    """
    name = message.get("network") if isinstance(message, dict) else None
    if not isinstance(name, str) or name not in models.pretrained():
        raise InvalidError("networks.no_weights")
    connections = _connections(message.get("pruned"))
    data = name_at_hand()
    with slow_turn():
        return {
            "accuracy": _accuracy(pruning.prune(models.load_model(name), connections), data),
            "accuracy_before": _pretrained_accuracy(name, data),
            "total": len(_tested(data)),
        }


def _connections(pruned: Any) -> list[Connection]:
    if not isinstance(pruned, list) or len(pruned) > MAX_PRUNED:
        raise InvalidError("request.pruned", limit=MAX_PRUNED)
    for pair in pruned:
        if not (isinstance(pair, list) and len(pair) == 2 and all(type(number) is int for number in pair)):
            raise InvalidError("request.connection", value=shortened(pair))
    return [(map, source) for map, source in pruned]


def _tested(data: str) -> Digits:
    return mnist.load(data).test[:TESTED]


def _accuracy(network: networks.LeNet, data: str) -> float:
    digits = _tested(data)
    return evaluate(network, digits.images, digits.labels).accuracy


@lru_cache
def _pretrained_accuracy(name: str, data: str) -> float:
    return _accuracy(models.load_model(name), data)
