"""The training queue: one visitor trains at a time, the others wait in the order in which they came.

Joining Gradio's queue takes one small request, and its answer need not be listened for. So a place belongs to a page:
each page holds one, and loses it when the page has given no sign of life for a while. In public, one address holds no
more than a quarter of the places: a class behind one address still trains, a single stranger cannot shut others out.
"""

import secrets
import time
from collections import deque
from dataclasses import dataclass
from threading import Event, Lock

from lenet import networks
from lenet.errors import LenetError, UnknownModelError
from lenet.runs.run import Run
from lenet.settings import is_public
from lenet.training.loop import Weights
from lenet.training.recipe import Recipe
from lenet.ui import shutdown
from lenet.ui.pace import Pace
from lenet.ui.presence import Visitor, listens

MAX_TICKETS = 16  # the one who trains among them
MAX_OF_ADDRESS = MAX_TICKETS // 4  # in public
SILENCE = 8.0  # seconds without a sign of life after which a place is lost; trainings end within half a second then
MAX_UNSAVED = 8  # models that could not be saved and stay in memory, half a megabyte each; the oldest goes first
LIVE = "live"  # begins the names of weights in training: live:TOKEN:NUMBER


@dataclass(frozen=True)
class Snapshot:
    """Weights in training: a network with them, the recipe, and how far it is; see `description.describe_live`.

    `run` if it is over and could not be saved.
    """

    network: networks.LeNet
    recipe: Recipe
    epoch: int | None
    images: int | None
    run: Run | None = None


class Ticket:
    """One visitor's place in the queue, request to stop, and weights in training; others cannot guess its token."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.token = secrets.token_urlsafe(16)
        self.stop = Event()
        self.ready = False  # a place in the queue; before, it waits for its data and holds up nobody
        self.snapshot: Snapshot | None = None
        self._count = 0
        self._heard = time.monotonic()

    def is_left(self) -> bool:
        """Whether it was asked to stop, or its page has not listened for SILENCE seconds. To be asked more often."""
        now = time.monotonic()
        if not self.visitor.session or listens(self.visitor.session):
            self._heard = now
        return self.is_asked() or now - self._heard > SILENCE

    def is_asked(self) -> bool:
        """Whether it was asked to stop, or everything is."""
        return self.stop.is_set() or shutdown.is_under_way()

    def show(
        self,
        recipe: Recipe,
        weights: Weights,
        epoch: int | None = None,
        images: int | None = None,
        run: Run | None = None,
    ) -> str:
        """Let the page classify with these weights. Return the model's name, a new one every time."""
        self.snapshot = Snapshot(networks.restore(recipe.network, weights), recipe, epoch, images, run)
        self._count += 1
        return f"{LIVE}:{self.token}:{self._count}"


class TrainingQueue:
    """The tickets of those who train or wait for it, and the `pace` of trainings. Any thread may call its methods."""

    def __init__(self) -> None:
        self.pace = Pace()
        self._tickets: list[Ticket] = []
        self._unsaved: deque[Ticket] = deque(maxlen=MAX_UNSAVED)
        self._lock = Lock()

    def enter(self, visitor: Visitor) -> Ticket:
        """Give a ticket that is not in its place yet. Raise LenetError if all are given, or the visitor has its own."""
        with self._lock:
            if len(self._tickets) >= MAX_TICKETS:
                raise LenetError("training.queue.full")
            others = [ticket.visitor for ticket in self._tickets]
            if visitor.session and any(other.session == visitor.session for other in others):
                raise LenetError("training.queue.twice")
            if is_public() and sum(other.address == visitor.address for other in others) >= MAX_OF_ADDRESS:
                raise LenetError("training.queue.address", count=MAX_OF_ADDRESS)
            self._tickets.append(Ticket(visitor))
            return self._tickets[-1]

    def join(self, visitor: Visitor = Visitor()) -> Ticket:  # noqa: B008 - it is frozen
        """Give a ticket at the end of the queue. Raise LenetError as `enter` does."""
        ticket = self.enter(visitor)
        self.line_up(ticket)
        return ticket

    def line_up(self, ticket: Ticket) -> None:
        """Put a ticket at the end of the queue."""
        with self._lock:
            self._tickets.remove(ticket)
            self._tickets.append(ticket)
            ticket.ready = True

    def ahead(self, ticket: Ticket) -> int:
        """Count the tickets in the queue ahead of this one; with none ahead, it is the one that trains."""
        with self._lock:
            return sum(other.ready for other in self._tickets[: self._tickets.index(ticket)])

    def leave(self, ticket: Ticket) -> None:
        """Remove a ticket. Doing so twice is no error."""
        with self._lock:
            if ticket in self._tickets:
                self._tickets.remove(ticket)

    def keep(self, ticket: Ticket) -> None:
        """Let the weights that a ticket shows be found for a while after it has left: they are nowhere else."""
        with self._lock:
            self._unsaved.append(ticket)

    def busy(self) -> bool:
        """Whether somebody trains."""
        with self._lock:
            return any(ticket.ready for ticket in self._tickets)

    def find(self, token: object) -> Ticket | None:
        """The ticket of that token, as long as it is in the queue."""
        with self._lock:
            return next((ticket for ticket in self._tickets if ticket.token == token), None)

    def stop(self, token: object) -> None:
        """Ask the training or waiting of that token to stop, if there is one."""
        if ticket := self.find(token):
            ticket.stop.set()

    def snapshot(self, model: str) -> Snapshot:
        """The weights in training that a model's name means. Raise UnknownModelError when they are gone."""
        token = model.split(":")[1]
        ticket = self.find(token)
        if ticket is None:
            with self._lock:
                ticket = next((ticket for ticket in self._unsaved if ticket.token == token), None)
        if ticket is None or ticket.snapshot is None:
            raise UnknownModelError("training.over")
        return ticket.snapshot


def is_live(model: str) -> bool:
    """Whether a model's name means weights in training."""
    return model.startswith(f"{LIVE}:")
