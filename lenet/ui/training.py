"""Training as the page shows it: waiting in the queue, then the events of a run, as views of the training part."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing
from dataclasses import replace

from lenet.digits import mnist
from lenet.digits.data import Digits
from lenet.errors import LenetError
from lenet.runs import cache
from lenet.settings import max_seconds
from lenet.texts import Message
from lenet.training.loop import EpochEnd
from lenet.training.recipe import Recipe
from lenet.ui import zerogpu
from lenet.ui.answers import without_paths
from lenet.ui.downloading import download
from lenet.ui.presence import Visitor
from lenet.ui.queue import Ticket, TrainingQueue
from lenet.ui.threads import HEARTBEAT, stream_from_thread
from lenet.ui.training_view import Step, View, follow

Choose = Callable[[str], Recipe]  # the recipe asked for, on the data of that name


async def retrain(
    queue: TrainingQueue, choice: str, choose: Choose, previous: str, visitor: Visitor, own: Digits | None = None
) -> AsyncGenerator[View]:
    """Wait in the queue and train, yielding views: at least one every HEARTBEAT, so a closed client is noticed.

    `choice` is the data, one of `mnist.CHOICES`; `previous` the model that classifies now; `own` the visitor's own
    digits, if the recipe teaches them. What a visitor can cause ends in a view of state "failed". A recipe out of
    bounds is refused before anybody waits or downloads.
    """
    try:
        choose("mnist" if choice == "auto" else choice)
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
        async with aclosing(stream_from_thread(_work(queue, ticket, choice, choose, own, trouble))) as stream:
            async for steps in stream:
                for step in steps:
                    view = follow(view, step, ticket)
                    if isinstance(step.event, EpochEnd) and not step.recipe.mine:
                        queue.pace.note(step.recipe, step.event.seconds / (step.event.epoch * len(step.data.train)))
                if ticket.is_asked() and view.state == "training":
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
    queue: TrainingQueue,
    ticket: Ticket,
    choice: str,
    choose: Choose,
    own: Digits | None,
    trouble: LenetError | None,
) -> Callable[[Callable[[], bool]], Iterator[Step]]:
    """The training itself. It leaves the queue at its end, whether anybody still watches or not.

    `trouble` is why MNIST could not be downloaded: then it trains on the sample, unless MNIST was asked for.
    """

    def work(closed: Callable[[], bool]) -> Iterator[Step]:
        start = time.monotonic()

        def stop() -> bool:
            return closed() or ticket.is_left() or time.monotonic() - start > max_seconds()

        try:
            if trouble and choice != "auto":
                raise trouble
            data = mnist.fall_back(trouble) if trouble else mnist.load(choice)
            data, recipe = replace(data, mine=own), choose(data.name)
            for event in cache.train(recipe, data, stop, zerogpu.fit):
                if isinstance(event, cache.Unsaved) and not closed():
                    queue.keep(ticket)
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
