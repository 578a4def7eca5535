"""A common mistake to watch: a ReLU on the logits, under which classes die, beside the same network without it."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Any

from lenet import networks
from lenet.digits import mnist
from lenet.errors import LenetError
from lenet.evaluation.report import evaluate
from lenet.texts import Message
from lenet.training.loop import EpochEnd
from lenet.training.recipe import PRESETS, Recipe
from lenet.ui import zerogpu
from lenet.ui.components import update
from lenet.ui.presence import Visitor
from lenet.ui.queue import Ticket, TrainingQueue
from lenet.ui.threads import HEARTBEAT, stream_from_thread

EPOCHS = 3
NETWORKS = ("lenet-28-relu", "lenet-28")  # with the ReLU, and without
INTRO = Message("dead_relu.intro", {"epochs": EPOCHS})
SECONDS = 10  # that both take, on two cores


@dataclass(frozen=True)
class Row:
    """A network after an epoch: `recall` of each digit (ten, 0 to 1), and the test accuracy, None before the first."""

    network: str
    recall: tuple[float, ...] = (0.0,) * 10
    accuracy: float | None = None
    epoch: int = 0


@dataclass(frozen=True)
class View:
    """What the part shows; `running` from the click to the end, waiting included; `token` to stop it with."""

    message: Message = INTRO
    running: bool = False
    rows: tuple[Row, ...] = tuple(Row(name) for name in NETWORKS)
    token: str = field(default="", repr=False)

    def json(self) -> dict[str, Any]:
        """As the page's script takes it."""
        return update({**vars(self), "message": self.message.json(), "rows": [vars(row) for row in self.rows]})


async def watch(queue: TrainingQueue, visitor: Visitor) -> AsyncGenerator[View]:
    """Wait in the queue, train both from the same random weights, and yield a view after each epoch."""
    try:
        ticket = queue.join(visitor)
    except LenetError as error:
        yield View(message=error.message)
        return
    begun = False
    view = View(message=Message("dead_relu.queued"), running=True, token=ticket.token)
    try:
        while queue.ahead(ticket) and not ticket.is_left():
            yield view
            await asyncio.sleep(HEARTBEAT)
        begun = not ticket.is_left()
        if begun:
            yield (view := replace(view, message=Message("dead_relu.training")))
            async with aclosing(stream_from_thread(lambda closed: _work(queue, ticket, closed))) as stream:
                async for rows in stream:
                    for row in rows:
                        view = _with(view, row)
                    yield view
        message = Message("dead_relu.stopped") if ticket.is_left() else _verdict(view.rows)
        yield replace(view, running=False, message=message)
    except LenetError as error:
        yield replace(view, running=False, message=error.message)
    finally:
        if not begun:
            queue.leave(ticket)


def _work(queue: TrainingQueue, ticket: Ticket, closed: Callable[[], bool]) -> Iterator[Row]:
    def stop() -> bool:
        return closed() or ticket.is_left()

    try:
        sample = mnist.load("sample")
        for name in NETWORKS:
            settings = {**PRESETS["adam-b10"].settings, "network": name, "epochs": EPOCHS, "data": "sample"}
            for event in zerogpu.fit(Recipe(**settings), sample, stop, start=None):
                if isinstance(event, EpochEnd):
                    network = networks.restore(name, event.weights)
                    report = evaluate(network, sample.test.images, sample.test.labels)
                    yield Row(name, tuple(report.recall.tolist()), report.accuracy, event.epoch)
            if stop():
                return
    finally:
        queue.leave(ticket)


def _with(view: View, row: Row) -> View:
    name = Message(f"dead_relu.network.{row.network}")
    message = Message("dead_relu.epoch", {"network": name, "epoch": row.epoch, "epochs": EPOCHS})
    rows = tuple(row if row.network == other.network else other for other in view.rows)
    return replace(view, message=message, rows=rows)


def _verdict(rows: tuple[Row, ...]) -> Message:
    with_relu, without = rows
    figures = {"with": with_relu.accuracy, "without": without.accuracy}
    dead = [str(digit) for digit, recall in enumerate(with_relu.recall) if recall == 0]
    if not dead:
        return Message("dead_relu.none", figures)
    return Message("dead_relu.result", {**figures, "count": len(dead), "classes": dead})
