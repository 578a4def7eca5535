"""How `lenet train` shows the events of a training: rows and a bar, or JSON."""

import dataclasses
import sys
from typing import Any

from lenet.cli.output import Table, as_json, complain, date, print_json, say, test_accuracy
from lenet.evaluation.before_after import is_same
from lenet.runs import cache
from lenet.runs.run import Run
from lenet.texts import text
from lenet.training.loop import EpochEnd, Finished, Progress, Started, metrics
from lenet.training.teach import Checked, Checking
from lenet.words import duration

BAR = 24  # characters
COLUMNS = ("epoch", "train_loss", "train_accuracy", "validation_loss", "validation_accuracy", "seconds")
CLEAR = "\r\x1b[K"  # the terminal's line


def print_event(event: cache.Happening) -> None:
    """Print an event as one line of JSON, without weights."""
    values: dict[str, Any] = {}
    match event:
        case Started():
            values = {**metrics(event), "recipe": dataclasses.asdict(event.recipe)}
        case cache.Trained():
            values = {"run": as_json(event.run), "cached": event.cached}
        case cache.Unsaved():
            values = {"run": as_json(event.run), "reason": str(event.reason)}
        case Progress() | EpochEnd() | Finished() | Checking() | Checked():
            values = metrics(event)
    name = {"EpochEnd": "epoch"}.get(type(event).__name__, type(event).__name__.lower())
    print_json(event=name, **values)


class Rows:
    """One row per epoch on stdout; within an epoch, a progress bar on stderr if that is a terminal."""

    def __init__(self, images: int) -> None:
        self.images = images  # in an epoch
        self.epochs = 0
        self.table = Table(*COLUMNS)

    def show(self, event: cache.Happening) -> None:
        """Show an event."""
        if sys.stderr.isatty():
            print(CLEAR, end="", file=sys.stderr, flush=True)
        match event:
            case Started():
                self._begin(event)
            case Progress() if sys.stderr.isatty():
                print(self._bar(event), end="", file=sys.stderr, flush=True)
            case EpochEnd():
                self._row(event)
            case Checking() if sys.stderr.isatty():
                checking = text("cli.train.checking", part=event.part, parts=event.parts)
                print(checking, end="", file=sys.stderr, flush=True)
            case cache.Waiting():
                complain(text("cli.train.waiting"))
            case cache.Trained():
                _conclude(event.run, event.cached)

    def _begin(self, event: Started) -> None:
        self.epochs = event.recipe.epochs
        values = {"network": event.recipe.network, "device": event.device.upper()}
        say("cli.train.begin", **values, training=event.train, validation=event.validation)
        self.table.print_titles()

    def _row(self, end: EpochEnd) -> None:
        training = [f"{end.train_loss:.4f}", f"{end.train_accuracy:.2%}"]
        validation = [f"{end.validation_loss:.4f}", f"{end.validation_accuracy:.2%}"]
        self.table.print_row([end.epoch, *training, *validation, f"{end.seconds:.1f}"])

    def _bar(self, now: Progress) -> str:
        done = (now.epoch - 1 + now.seen / self.images) / self.epochs
        full = round(BAR * done)
        return text(
            "cli.train.progress",
            bar="█" * full + "░" * (BAR - full),
            epoch=now.epoch,
            epochs=self.epochs,
            loss=now.loss,
            accuracy=now.accuracy,
            left=now.seconds * (1 - done) / done,
        )


def _conclude(run: Run, cached: bool) -> None:
    if cached:
        say("cli.train.cached", date=date(run), time=duration(run.seconds), device=run.device.upper())
    key = run.key[:12]
    if run.before_after:
        _tell_change(run)
    elif run.finished:
        say("cli.train.finished", epoch=run.epoch, accuracy=test_accuracy(run))
    else:
        say("cli.train.stopped", time=duration(run.seconds), accuracy=test_accuracy(run))
        say("cli.train.resume", key=key)
    say("cli.train.test", key=key)


def _tell_change(run: Run) -> None:
    """Say what a teaching changed."""
    for row in run.before_after:
        before, after = ([100 * bound for bound in interval] for interval in row.intervals)
        values = {"total": row.total, "before": row.before / row.total, "after": row.after / row.total}
        bounds = {"low": before[0], "high": before[1], "new_low": after[0], "new_high": after[1]}
        say(f"cli.train.change.{row.digits}", **values, **bounds)
    if not run.is_better:
        say("cli.train.same" if is_same(run.before_after) else "cli.train.not_better")
