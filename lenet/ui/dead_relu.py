"""A published mistake to watch: a ReLU on the outputs, under which classes die, beside the same network without it."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing
from dataclasses import asdict, dataclass, replace
from typing import Any

from lenet import networks
from lenet.digits import mnist
from lenet.errors import LenetError
from lenet.evaluation.report import evaluate
from lenet.training.loop import EpochEnd, fit
from lenet.training.recipe import PRESETS, Recipe
from lenet.ui.queue import TrainingQueue
from lenet.ui.threads import HEARTBEAT, stream_from_thread

EPOCHS = 3
SUBJECTS = {"lenet-28-relu": "with the ReLU", "lenet-28": "without"}


@dataclass(frozen=True)
class View:
    """What the page paints: `rows` by name, the share of each digit read correctly (ten, 0 to 1), and the whole one."""

    text: str = f"{EPOCHS} epochs of the sample each, as that description trains: Adam, rate 0.001, batch 10."
    rows: tuple[dict[str, Any], ...] = tuple(
        {"name": name, "recall": [0.0] * 10, "accuracy": None, "epoch": 0} for name in SUBJECTS.values()
    )

    def json(self) -> dict[str, Any]:
        """As the script takes it."""
        return asdict(self)


async def watch(queue: TrainingQueue) -> AsyncGenerator[View]:
    """Wait in the queue, train both from the same random weights, and tell after each epoch."""
    try:
        ticket = queue.join()
    except LenetError as error:
        yield View(text=str(error))
        return
    view, begun = View(), False
    try:
        while queue.ahead(ticket):
            yield replace(view, text="One network is trained at a time; yours waits.")
            await asyncio.sleep(HEARTBEAT)
        begun = True
        async with aclosing(stream_from_thread(lambda stop: _work(queue, ticket, stop))) as gathered:
            async for rows in gathered:
                for row in rows:
                    kept = [row if row["name"] == other["name"] else other for other in view.rows]
                    view = View(text=f"Epoch {row['epoch']} of {EPOCHS}, {row['name']}.", rows=tuple(kept))
                yield view
        yield replace(view, text=_verdict(view))
    finally:
        if not begun:
            queue.leave(ticket)


def _work(queue: TrainingQueue, ticket: Any, stop: Callable[[], bool]) -> Iterator[dict[str, Any]]:
    try:
        sample = mnist.load("sample")
        for network, name in SUBJECTS.items():
            settings = {**PRESETS["adam-b10"].settings, "network": network, "epochs": EPOCHS, "data": "sample"}
            for event in fit(Recipe(**settings), sample, stop):
                if isinstance(event, EpochEnd):
                    read = networks.restore(network, event.weights)
                    result = evaluate(read, sample.test.images, sample.test.labels)
                    recall = result.recall.tolist()
                    yield {"name": name, "recall": recall, "accuracy": result.accuracy, "epoch": event.epoch}
    finally:
        queue.leave(ticket)


def _verdict(view: View) -> str:
    dead = [str(digit) for digit, share in enumerate(view.rows[0]["recall"]) if share == 0]
    lost = f"{', '.join(dead)} {'is' if len(dead) == 1 else 'are'} never said any more" if dead else "no digit died"
    shares = " and ".join(f"{row['accuracy']:.1%} {row['name']}".replace("%", " %") for row in view.rows)
    return f"Under the ReLU, {lost}. Read of the sample's test digits: {shares}."
