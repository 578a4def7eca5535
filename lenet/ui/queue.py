"""Who trains: one visitor at a time, the others in the order in which they came."""

import secrets
from threading import Event, Lock

from lenet import networks
from lenet.errors import LenetError, UnknownModelError
from lenet.training.loop import Weights

MOST = 16  # visitors, the one who trains among them
LIVE = "live"  # begins the names of weights in training: live:TOKEN:NUMBER


class Ticket:
    """One visitor's place in the queue, wish to stop, and weights in training; others cannot guess its token."""

    def __init__(self) -> None:
        self.token = secrets.token_urlsafe(16)
        self.stop = Event()
        self.network = ""  # name of that in training
        self.shown: tuple[networks.LeNet, str] | None = (
            None  # the network with its weights of now, and how old they are
        )
        self.times = 0

    def show(self, weights: Weights, age: str) -> str:
        """Let the page read with these weights; the model's name, a new one every time."""
        self.shown = networks.restore(self.network, weights), age
        self.times += 1
        return f"{LIVE}:{self.token}:{self.times}"


class TrainingQueue:
    """The line of those who train or wait for it. Its methods may be called from any thread."""

    def __init__(self) -> None:
        self._tickets: list[Ticket] = []
        self._lock = Lock()

    def join(self) -> Ticket:
        """A place at its end. LenetError where too many wait already."""
        with self._lock:
            if len(self._tickets) >= MOST:
                raise LenetError(f"{MOST} people wait to train here already. Try again in some minutes.")
            self._tickets.append(Ticket())
            return self._tickets[-1]

    def ahead(self, ticket: Ticket) -> int:
        """How many are ahead of this one; with none, it is the one that trains."""
        with self._lock:
            return self._tickets.index(ticket)

    def leave(self, ticket: Ticket) -> None:
        """Give the place up. Doing so twice is no error."""
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

    def live(self, model: str) -> Ticket:
        """The ticket whose weights in training a model's name means. UnknownModelError when they are gone."""
        ticket = self.find(model.split(":")[1])
        if ticket is None or ticket.shown is None:
            raise UnknownModelError("This training is over.")
        return ticket


def is_live(model: str) -> bool:
    """Whether a model's name means weights in training."""
    return model.startswith(f"{LIVE}:")
