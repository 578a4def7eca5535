"""The training queue: one visitor trains at a time, the others wait in the order in which they came."""

import secrets
from dataclasses import dataclass
from threading import Event, Lock

from lenet import networks
from lenet.errors import LenetError, UnknownModelError
from lenet.training.loop import Weights
from lenet.training.recipe import Recipe
from lenet.ui.pace import Pace

MAX_TICKETS = 16  # the one who trains among them
LIVE = "live"  # begins the names of weights in training: live:TOKEN:NUMBER


@dataclass(frozen=True)
class Snapshot:
    """Weights in training: a network with them, the recipe, and how far it is; see `description.describe_live`."""

    network: networks.LeNet
    recipe: Recipe
    epoch: int | None
    images: int | None


class Ticket:
    """One visitor's place in the queue, request to stop, and weights in training; others cannot guess its token."""

    def __init__(self) -> None:
        self.token = secrets.token_urlsafe(16)
        self.stop = Event()
        self.snapshot: Snapshot | None = None
        self._count = 0

    def show(self, recipe: Recipe, weights: Weights, epoch: int | None = None, images: int | None = None) -> str:
        """Let the page classify with these weights. Return the model's name, a new one every time."""
        self.snapshot = Snapshot(networks.restore(recipe.network, weights), recipe, epoch, images)
        self._count += 1
        return f"{LIVE}:{self.token}:{self._count}"


class TrainingQueue:
    """The tickets of those who train or wait for it, and the `pace` of trainings. Any thread may call its methods."""

    def __init__(self) -> None:
        self.pace = Pace()
        self._tickets: list[Ticket] = []
        self._lock = Lock()

    def join(self) -> Ticket:
        """Add a ticket at the end. Raise LenetError if the queue is full."""
        with self._lock:
            if len(self._tickets) >= MAX_TICKETS:
                raise LenetError("training.queue.full")
            self._tickets.append(Ticket())
            return self._tickets[-1]

    def ahead(self, ticket: Ticket) -> int:
        """Count the tickets ahead of this one; with none ahead, it is the one that trains."""
        with self._lock:
            return self._tickets.index(ticket)

    def leave(self, ticket: Ticket) -> None:
        """Remove a ticket. Doing so twice is no error."""
        with self._lock:
            if ticket in self._tickets:
                self._tickets.remove(ticket)

    def busy(self) -> bool:
        """Whether somebody trains."""
        with self._lock:
            return bool(self._tickets)

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
        ticket = self.find(model.split(":")[1])
        if ticket is None or ticket.snapshot is None:
            raise UnknownModelError("training.over")
        return ticket.snapshot


def is_live(model: str) -> bool:
    """Whether a model's name means weights in training."""
    return model.startswith(f"{LIVE}:")
