"""Training as the page shows it: waiting in the queue, then the events of a run, as views of the training part."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Any

from lenet.digits import mnist
from lenet.errors import LenetError
from lenet.runs import cache
from lenet.settings import max_seconds
from lenet.texts import Message
from lenet.training.loop import EpochEnd, Event, Finished, Progress, Started
from lenet.training.recipe import Recipe
from lenet.ui import zerogpu
from lenet.ui.answers import without_paths
from lenet.ui.components import update
from lenet.ui.downloading import download
from lenet.ui.presence import Visitor
from lenet.ui.queue import Ticket, TrainingQueue
from lenet.ui.threads import HEARTBEAT, stream_from_thread
from lenet.words import duration, sentences

Row = tuple[float, float, float]  # epochs since the start, loss, accuracy
Choose = Callable[[str], Recipe]  # the recipe asked for, on the data of that name
IDLE = Message("training.idle")
MAX_ROWS = 500  # of a view, which is sent whole


@dataclass(frozen=True)
class Step:
    """What happened in a training, its recipe, and the data it learns from."""

    event: Event | cache.Waiting | cache.Trained
    recipe: Recipe
    data: mnist.Data


@dataclass(frozen=True)
class View:
    """What the training part shows. `state` is "idle", "waiting", "training", "done", "stopped" or "failed"."""

    state: str = "idle"
    message: Message = IDLE
    detail: Message | None = None
    device: str = ""
    progress: float = 0.0  # 0 to 1
    epochs: int = 5  # of the charts' axis
    training: tuple[Row, ...] = ()
    validation: tuple[Row, ...] = ()
    token: str = field(default="", repr=False)  # to stop it with
    previous: str = ""  # model that classified when it began
    model: str = ""  # to classify the drawing with from now on; "" leaves it unchanged
    key: str = ""  # of the run, once it is stored
    last_epoch: int = 0  # whose weights the run keeps

    def json(self) -> dict[str, Any]:
        """As the page's script takes it."""
        detail = self.detail.json() if self.detail else None
        return update({**vars(self), "message": self.message.json(), "detail": detail})


async def retrain(
    queue: TrainingQueue, choice: str, choose: Choose, previous: str, visitor: Visitor
) -> AsyncGenerator[View]:
    """Wait in the queue and train, yielding views: at least one every HEARTBEAT, so a closed client is noticed.

    `choice` is the data, "auto", "mnist" or "sample"; `previous` the model that classifies now. What a visitor can
    cause ends in a view of state "failed". A recipe out of bounds is refused before anybody waits or downloads.
    """
    try:
        choose("sample" if choice == "sample" else "mnist")
        ticket = queue.enter(visitor)
    except LenetError as error:
        yield View(state="failed", message=error.message)
        return
    view = View(state="waiting", token=ticket.token, previous=previous)
    begun = False
    try:
        trouble: LenetError | None = None
        if choice != "sample" and not mnist.at_hand():
            loading = download()
            while not (loading.over or ticket.is_left()):
                yield replace(view, message=_downloading(loading.came), progress=min(1, loading.came / mnist.SIZE))
                await asyncio.sleep(HEARTBEAT)
            trouble = loading.trouble
        queue.line_up(ticket)
        while (ahead := queue.ahead(ticket)) and not ticket.is_left():
            yield replace(view, message=_waiting(ahead))
            await asyncio.sleep(HEARTBEAT)
        if ticket.is_left():
            yield replace(view, state="stopped", message=Message("training.left_queue"))
            return
        view = replace(view, state="training", message=Message("training.loading"))
        yield view
        begun = True
        async with aclosing(stream_from_thread(_work(queue, ticket, choice, choose, trouble))) as stream:
            async for steps in stream:
                for step in steps:
                    view = follow(view, step, ticket)
                    if isinstance(step.event, EpochEnd):
                        queue.pace.note(step.recipe, step.event.seconds / (step.event.epoch * len(step.data.train)))
                if ticket.stop.is_set() and view.state == "training":
                    view = replace(view, message=Message("training.stopping"), detail=None)
                yield view
    except LenetError as error:
        yield _failed(view, error.message)
    except OSError as error:
        yield _failed(view, Message("server.files", {"reason": error.strerror or type(error).__name__}))
    finally:
        if not begun:
            queue.leave(ticket)


def _failed(view: View, message: Message) -> View:
    return replace(view, state="failed", message=without_paths(message), detail=None, model="")


def _work(
    queue: TrainingQueue, ticket: Ticket, choice: str, choose: Choose, trouble: LenetError | None
) -> Callable[[Callable[[], bool]], Iterator[Step]]:
    """The training itself. It leaves the queue at its end, whether anybody still watches or not.

    `trouble` is why MNIST could not be downloaded: then it trains on the sample, unless MNIST was asked for.
    """

    def work(closed: Callable[[], bool]) -> Iterator[Step]:
        start = time.monotonic()

        def stop() -> bool:
            return closed() or ticket.is_left() or time.monotonic() - start > max_seconds()

        try:
            if trouble and choice == "mnist":
                raise trouble
            data = mnist.fall_back(trouble) if trouble else mnist.load(choice)
            recipe = choose(data.name)
            for event in cache.train(recipe, data, stop, zerogpu.fit):
                yield Step(event, recipe, data)
        finally:
            queue.leave(ticket)

    return work


def _downloading(came: int) -> Message:
    return Message("training.downloading", {"came": came / 1e6, "size": mnist.SIZE / 1e6})


def _waiting(ahead: int) -> Message:
    if ahead == 1:
        return Message("training.queue.next")
    return Message("training.queue.position", {"position": ahead})


def follow(view: View, step: Step, ticket: Ticket) -> View:
    """The view after a step; the ticket shows the step's weights."""
    total, recipe = len(step.data.train), step.recipe
    match step.event:
        case cache.Waiting():
            return replace(view, message=Message("training.elsewhere"))
        case Started() as event:
            model = ticket.show(recipe, event.weights, epoch=0, images=0)
            message = Message("training.images", {"count": total})
            return replace(view, message=message, device=event.device.upper(), epochs=recipe.epochs, model=model)
        case Progress() as event:
            return _progress(view, event, recipe, total, ticket)
        case EpochEnd() as event:
            row = (float(event.epoch), event.validation_loss, event.validation_accuracy)
            model = ticket.show(recipe, event.weights, epoch=event.epoch)
            progress = event.epoch / recipe.epochs
            return replace(view, progress=progress, validation=(*view.validation, row), model=model)
        case Finished(epoch=0):
            return replace(view, state="stopped", message=Message("training.nothing"), detail=None, model="")
        case Finished():
            return replace(view, message=Message("training.evaluating"), detail=None)
        case cache.Trained() as event:
            return _trained(view, event, step.data, asked=ticket.stop.is_set())


def _progress(view: View, event: Progress, recipe: Recipe, total: int, ticket: Ticket) -> View:
    epochs = event.epoch - 1 + event.seen / total
    left = event.seconds * (recipe.epochs - epochs) / epochs
    rate = round(epochs * total / event.seconds)
    if event.epoch == 1:  # later, epochs are short enough
        view = replace(view, model=ticket.show(recipe, event.weights, images=event.seen))
    where = {"epoch": event.epoch, "epochs": recipe.epochs, "seen": event.seen, "total": total}
    return replace(
        view,
        progress=epochs / recipe.epochs,
        message=Message("training.epoch", where),
        detail=Message("training.speed", {"rate": rate, "device": view.device, "left": duration(left)}),
        training=with_row(view.training, (epochs, event.loss, event.accuracy), recipe.epochs),
    )


def with_row(rows: tuple[Row, ...], row: Row, epochs: int) -> tuple[Row, ...]:
    """Rows of a training of that many epochs with one more: the newest takes the last one's place where it is near.

    So no view holds more than MAX_ROWS, however long a training takes.
    """
    near = len(rows) > 1 and rows[-1][0] - rows[-2][0] < epochs / (MAX_ROWS - 2)
    return (*(rows[:-1] if near else rows), row)


def _trained(view: View, event: cache.Trained, data: mnist.Data, asked: bool) -> View:
    run = event.run
    if event.cached:
        key = "training.cached"
    elif run.finished:
        key = "training.done"
    else:
        key = "training.stopped" if asked else "training.time_limit"
    figures = {"accuracy": run.accuracy, "correct": run.correct, "total": run.total, "date": run.date[:10]}
    rows = [(row["epoch"], row["train_loss"], row["train_accuracy"]) for row in run.history]
    return replace(
        view,
        state="done" if run.finished else "stopped",
        message=sentences([Message(key, figures), *data.notice]) or view.message,
        detail=Message("training.took", {"time": duration(run.seconds), "device": run.device.upper()}),
        progress=1.0 if run.finished else view.progress,
        epochs=run.recipe.epochs,
        training=tuple(rows) if event.cached else view.training,
        validation=tuple((row["epoch"], row["validation_loss"], row["validation_accuracy"]) for row in run.history),
        key=run.key,
        model=run.key if run.finished else "",
        last_epoch=max(0, len(run.snapshots) - 1),
    )
