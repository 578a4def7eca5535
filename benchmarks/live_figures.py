"""Figures of a row: how many of the pen's moves the page showed, how often, and how soon."""

from dataclasses import dataclass, field
from itertools import pairwise
from math import inf
from statistics import median, quantiles
from typing import Any

SAME = 4  # milliseconds within which two paints are one frame's
HEADS = [
    "server",
    "digits",
    "moves with an update of their own",
    "shown by the next frame",
    "updates/s while the pen moves",
    "move to painted bars, ms: median",
    "95 %",
    "requests while drawing",
]


def table(*heads: str) -> None:
    """Print the head of a table in Markdown."""
    row(*heads)
    row(*["---"] * len(heads))


def row(*cells: object) -> None:
    """Print a row of it."""
    print(f"| {' | '.join(map(str, cells))} |", flush=True)


@dataclass
class Figures:
    """What is counted for a row, over all its digits; times in milliseconds."""

    digits: int = 0
    moves: int = 0
    own: int = 0  # moves that had an update before the next one
    at_once: int = 0  # moves that the first frame after them shows: two may come before one frame
    updates: int = 0  # painted frames with a new reading, while a pen was down
    milliseconds: float = 0.0  # that a pen was down
    latencies: list[float] = field(default_factory=list)
    requests: int = 0

    def add(self, probe: dict[str, Any], since: float = 0.0, until: float = inf) -> None:
        """Count a digit: what happened in the page from one time to another."""
        moves = [move for move in probe["moves"] if since <= move["arrived"] < until]
        readings = [reading for reading in probe["readings"] if since <= reading["set"] < until and reading["painted"]]
        pens = [(max(since, down), min(until, up or inf)) for down, up in probe["pens"] if (up or inf) > since]
        self.digits += 1
        self.moves += len(moves)
        self._follow(moves, readings)
        self.milliseconds += sum(up - down for down, up in pens)
        self.updates += sum(
            any(down <= time < up for down, up in pens) for time in {reading["painted"] for reading in readings}
        )

    def _follow(self, moves: list[dict[str, Any]], readings: list[dict[str, Any]]) -> None:
        """Count which moves had an update, and how soon."""
        arrivals = [*(move["arrived"] for move in moves), inf]
        for arrived, following in pairwise(arrivals):
            self.own += any(arrived <= reading["set"] < following for reading in readings)
        for move in moves:
            painted = next((reading["painted"] for reading in readings if reading["known"] >= move["stamp"]), inf)
            self.at_once += painted < (move["painted"] or inf) + SAME
            self.latencies += [painted - move["stamp"]] if painted < inf else []

    def print(self, label: str) -> None:
        """Print the row."""
        late = self.latencies
        times = [median(late), quantiles(late, n=20)[-1]] if len(late) > 1 else []
        row(
            label,
            self.digits,
            f"{100 * self.own / self.moves:.0f} % of {self.moves:,}",
            f"{100 * self.at_once / self.moves:.0f} %",
            f"{1000 * self.updates / self.milliseconds:.0f}",
            *([f"{time:.0f}" for time in times] or ["none"] * 2),
            self.requests,
        )
