"""Retraining as the page shows it: the events of a run become views of the progress part."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing
from dataclasses import asdict, dataclass, field, replace

from lenet.digits import mnist
from lenet.errors import LenetError
from lenet.runs import cache
from lenet.settings import max_seconds
from lenet.training.loop import EpochEnd, Event, Finished, Progress, Started
from lenet.training.recipe import Recipe
from lenet.ui import zerogpu
from lenet.ui.queue import Ticket, TrainingQueue
from lenet.ui.threads import HEARTBEAT, stream_from_thread

Row = tuple[float, float, float]  # epochs since the start, loss, accuracy
Happening = Event | cache.Waiting | cache.Trained
Change = tuple[Happening, mnist.Data]  # what happened, and the digits that are learned from
Choose = Callable[[str], Recipe]  # the recipe wished for, when the data's name is known
STOPPING = "Stopping …"


@dataclass(frozen=True)
class View:
    """What the progress part paints. `state` is idle, waiting, training, done, stopped or failed."""

    state: str = "idle"
    text: str = "Train it again: the drawing on the pad is then read by your own weights."
    detail: str = ""
    device: str = ""
    share: float = 0.0  # done, 0 to 1
    epochs: int = 5  # of the axis
    training: tuple[Row, ...] = ()
    validation: tuple[Row, ...] = ()
    token: str = field(default="", repr=False)  # to stop it with
    previous: str = ""  # the model that read when it began
    model: str = ""  # the one that the drawing is to be read with now; empty: as before
    key: str = ""  # of the run, once it is there
    last_epoch: int = 0  # epochs whose weights the run keeps; the last one's number

    def json(self) -> dict[str, object]:
        """As the script takes it."""
        return asdict(self)


async def retrain(queue: TrainingQueue, choice: str, choose: Choose, previous: str) -> AsyncGenerator[View]:
    """Wait in the queue, train, and tell. What a visitor can cause ends in a view of state "failed" that says so.

    `choice` names the data, `previous` the model that reads now. At the latest every `HEARTBEAT` seconds there is a view,
    so that closing this generator takes effect soon.
    """
    try:
        ticket = queue.join()
    except LenetError as error:
        yield View(state="failed", text=str(error))
        return
    view = View(state="waiting", token=ticket.token, previous=previous)
    begun = False
    try:
        while ahead := queue.ahead(ticket):
            if ticket.stop.is_set():
                yield replace(view, state="stopped", text="You no longer wait to train.")
                return
            yield replace(view, text=_waiting(ahead))
            await asyncio.sleep(HEARTBEAT)
        fetching = choice != "sample" and not mnist.at_hand()
        view = replace(
            view, state="training", text="Downloading MNIST, 11 MB …" if fetching else "Getting the digits …"
        )
        yield view
        begun = True
        async with aclosing(stream_from_thread(_work(queue, ticket, choice, choose))) as gathered:
            async for changes in gathered:
                for happening, digits in changes:
                    view = follow(view, happening, digits, ticket)
                if ticket.stop.is_set() and view.state == "training":
                    view = replace(view, text=STOPPING, detail="")
                yield view
    except (ValueError, LenetError, OSError) as error:
        yield replace(view, state="failed", text=str(error), detail="", model="")
    finally:
        if not begun:
            queue.leave(ticket)


def _work(
    queue: TrainingQueue, ticket: Ticket, choice: str, choose: Choose
) -> Callable[[Callable[[], bool]], Iterator[Change]]:
    """The training itself, which leaves the line when it is over, whoever still watches."""

    def work(gone: Callable[[], bool]) -> Iterator[Change]:
        start = time.monotonic()

        def stop() -> bool:
            return gone() or ticket.stop.is_set() or time.monotonic() - start > max_seconds()

        try:
            digits = mnist.load(choice)
            for happening in cache.train(choose(digits.name), digits, stop, zerogpu.fit):
                yield happening, digits
        finally:
            queue.leave(ticket)

    return work


def _waiting(ahead: int) -> str:
    if ahead == 1:
        return "Waiting: one network is trained at a time, and yours is next."
    return f"Waiting: one network is trained at a time, and yours is number {ahead} in the line."


def follow(view: View, happening: Happening, digits: mnist.Data, ticket: Ticket) -> View:
    """The view after an event of a run that learns from these digits; its weights are shown under the ticket."""
    total = len(digits.train)
    match happening:
        case cache.Waiting():
            return replace(view, text="Another process trains this very recipe; its run is waited for.")
        case Started():
            ticket.network = happening.recipe.network
            reads = ticket.show(happening.weights, "before its first digit")
            text = f"{happening.train:,} digits to learn from."
            epochs = happening.recipe.epochs
            return replace(view, text=text, device=happening.device.upper(), epochs=epochs, model=reads)
        case Progress():
            done = happening.epoch - 1 + happening.seen / total
            left = happening.seconds * (view.epochs - done) / done
            if happening.epoch == 1:  # later, epochs are short enough
                view = replace(view, model=ticket.show(happening.weights, f"after {done * total:,.0f} digits"))
            return replace(
                view,
                share=done / view.epochs,
                text=f"Epoch {happening.epoch} of {view.epochs}, {happening.seen:,} of {total:,} digits",
                detail=f"{done * total / happening.seconds:,.0f} digits/s on {view.device} · {_seconds(left)} left",
                training=(*view.training, (done, happening.loss, happening.accuracy)),
            )
        case EpochEnd():
            row = (float(happening.epoch), happening.validation_loss, happening.validation_accuracy)
            reads = ticket.show(happening.weights, f"after epoch {happening.epoch}")
            share = happening.epoch / view.epochs
            return replace(view, share=share, validation=(*view.validation, row), model=reads)
        case Finished(epoch=0):
            return replace(view, state="stopped", text="Stopped before anything was learned.", detail="", model="")
        case Finished():
            return replace(view, text="Reading the test digits …", detail="")
        case cache.Trained():
            return _trained(view, happening, digits, asked=ticket.stop.is_set())


def _trained(view: View, event: cache.Trained, digits: mnist.Data, asked: bool) -> View:
    run = event.run
    figure = f"{run.correct:,} of {run.total:,} test digits read, {100 * run.accuracy:.2f} %."
    if event.cached:
        text = f"Trained before, {run.date[:16].replace('T', ' ')} UTC. {figure}"
    elif run.finished:
        text = f"Done. {figure}"
    else:
        why = "Stopped" if asked else "Stopped at this page's limit of time"
        text = f"{why}; your network is as it was. What was learned is kept, as unfinished: {figure}"
    row = [(r["epoch"], r["train_loss"], r["train_accuracy"]) for r in run.history] if event.cached else view.training
    return replace(
        view,
        state="done" if run.finished else "stopped",
        share=1.0 if run.finished else view.share,
        epochs=run.recipe.epochs,
        text=" ".join(map(str, (text, *digits.notice))).strip(),
        detail=f"took {_seconds(run.seconds)} on {run.device.upper()}",
        training=tuple(row),
        validation=tuple((r["epoch"], r["validation_loss"], r["validation_accuracy"]) for r in run.history),
        key=run.key,
        model=run.key if run.finished else "",
        last_epoch=len(run.snapshots) - 1,
    )


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
