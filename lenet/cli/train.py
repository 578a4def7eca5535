"""The commands that make runs and look after them: lenet train | runs."""

import argparse
import dataclasses
import json
import signal
import sys
from pathlib import Path
from typing import Any

from lenet import networks
from lenet.digits import mnist
from lenet.evaluation.report import wilson
from lenet.runs import cache, export, models, store
from lenet.runs.store import Run
from lenet.training.loop import EpochEnd, Event, Finished, Progress, Started, metrics
from lenet.training.recipe import OPTIMIZERS, PRESETS, SCHEDULES, Recipe

BAR = 24  # characters


def add_train(parser: argparse.ArgumentParser) -> None:
    """The options of `lenet train`."""

    def option(name: str, about: str, **more: Any) -> None:
        parser.add_argument(f"--{name}", help=f"{about} (default {getattr(Recipe, name)})", **more)

    parser.add_argument(
        "--preset", choices=PRESETS, default="quick", help="settings to begin with; options change them"
    )
    parser.add_argument("--network", choices=[*networks.REGISTRY], help=f"default {Recipe.network}")
    parser.add_argument(
        "--data", default="auto", choices=mnist.CHOICES, help="auto: MNIST if it can be had, else sample"
    )
    option("epochs", "1 to 50", type=int)
    option("seed", "of initial weights, order and distortions", type=int)
    option("batch", "digits a step", type=int)
    option("optimizer", "how a step is made of a gradient", choices=OPTIMIZERS)
    option("rate", "learning rate, at its highest", type=float)
    option("schedule", "of the learning rate", choices=SCHEDULES)
    option("decay", "weight decay", type=float)
    option("augment", "strength of distortions, 0 to 2", type=float)
    option("styles", "share of digits in rare styles, 0 to 1", type=float)
    option("outliers", "made patterns that are no digit, a share of the digits, 0 to 1", type=float)
    parser.add_argument(
        "--start", metavar="NAME", help="begin with the weights of a network or a run (KEY or KEY@EPOCH)"
    )
    parser.add_argument("--output", type=Path, metavar="FILE", help="also put the weights into this .safetensors file")
    parser.add_argument("--json", action="store_true", help="print JSON, one event a line")


def add_runs(parser: argparse.ArgumentParser) -> None:
    """The options of `lenet runs`."""
    parser.add_argument(
        "keys", nargs="*", metavar="KEY", help="only these runs, by the first 8 digits of their keys or more"
    )
    parser.add_argument("--json", action="store_true", help="print JSON, one run a line")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--rename", metavar="TITLE", help="give the run a title; an empty one takes it away")
    what.add_argument("--delete", action="store_true", help="delete the runs")
    what.add_argument("--weights", type=Path, metavar="FILE", help="write the run's weights into a .safetensors file")
    what.add_argument("--history", type=Path, metavar="FILE", help="write the run's history into a .csv file")
    what.add_argument("--curves", type=Path, metavar="FILE", help="draw the runs' curves into a .png file")


def train(options: argparse.Namespace) -> int:
    """Train, show, and store; what Ctrl+C leaves is stored as unfinished."""
    digits = mnist.load(options.data)
    given = {field.name: getattr(options, field.name) for field in dataclasses.fields(Recipe)}
    chosen = {**PRESETS[options.preset].settings, **{name: value for name, value in given.items() if value is not None}}
    if options.start:
        begun = models.load_run(options.start)
        chosen = {"network": begun.recipe.network, **chosen, "start": models.resolve(options.start)}
    try:
        recipe = Recipe(**{**chosen, "data": digits.name})
    except ValueError as error:
        complain(str(error))
        return 2
    if options.output and options.output.is_dir():
        complain(f"{options.output} is a folder; name the file")
        return 2
    if digits.notice:
        complain(" ".join(map(str, digits.notice)))
    stopped: list[int] = []
    before = {kind: signal.signal(kind, lambda *_: stopped.append(1)) for kind in (signal.SIGINT, signal.SIGTERM)}
    show = _tell if options.json else _Rows(len(digits.train)).show
    try:
        waiting = False
        for event in cache.train(recipe, digits, stop=lambda: bool(stopped)):
            if not (waiting and isinstance(event, cache.Waiting)):  # once is enough
                show(event)
            waiting = isinstance(event, cache.Waiting)
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)
    if not isinstance(event, cache.Trained):
        complain("Stopped before anything was learned; nothing was stored.")
        return 130
    if options.output:
        export.weights(event.run.key, options.output)
    return 0 if event.run.finished else 130


def _tell(event: Event | cache.Waiting | cache.Trained) -> None:
    """The event as one line of JSON, without weights."""
    values: dict[str, Any] = {}
    match event:
        case Started():
            values = {**metrics(event), "recipe": dataclasses.asdict(event.recipe)}
        case cache.Trained(run=run):
            values = {"run": {**dataclasses.asdict(run), "accuracy": run.accuracy}, "cached": event.cached}
        case Progress() | EpochEnd() | Finished():
            values = metrics(event)
    name = {"EpochEnd": "epoch"}.get(type(event).__name__, type(event).__name__.lower())
    print_json(event=name, **values)


class _Rows:
    """One row an epoch on stdout; within it, a bar on a terminal's stderr that is written over."""

    def __init__(self, digits: int) -> None:
        self.digits = digits  # an epoch
        self.epochs = 0

    def show(self, event: object) -> None:
        if sys.stderr.isatty():
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
        match event:
            case Started():
                self.epochs = event.recipe.epochs
                digits = f"{event.train:,} digits, {event.validation:,} to validate"
                print(f"{event.recipe.network} on {event.device}: {digits}")
                print("epoch  training loss  accuracy  validation loss  accuracy  seconds", flush=True)
            case Progress() if sys.stderr.isatty():
                print(self._bar(event), end="", file=sys.stderr, flush=True)
            case EpochEnd():
                print(
                    f"{event.epoch:5}  {event.train_loss:13.4f}  {event.train_accuracy:8.2%}  "
                    f"{event.validation_loss:15.4f}  {event.validation_accuracy:8.2%}  {event.seconds:7.1f}",
                    flush=True,
                )
            case cache.Waiting():
                complain("Another process trains this recipe; its run is waited for. Ctrl+C stops waiting.")
            case cache.Trained():
                _conclude(event.run, event.cached)

    def _bar(self, now: Progress) -> str:
        done = (now.epoch - 1 + now.seen / self.digits) / self.epochs
        left = now.seconds * (1 - done) / done
        bar = "█" * round(BAR * done) + "░" * (BAR - round(BAR * done))
        return f"{bar} epoch {now.epoch} of {self.epochs}, loss {now.loss:.4f}, {now.accuracy:.2%}, {left:.0f} s left"


def _conclude(run: Run, cached: bool) -> None:
    if cached:
        print(f"Trained before, on {run.date}, in {run.seconds:.1f} s on {run.device}.")
    if run.finished:
        print(f"Weights of epoch {run.epoch}, the best by validation: {_figure(run)}.")
    else:
        print(f"Stopped after {run.seconds:.1f} s. What was learned is kept, as unfinished: {_figure(run)}.")
        print(f"Go on: lenet train --start {run.key[:12]}")
    print(f"Test:  lenet test --run {run.key[:12]}")


def _figure(run: Run) -> str:
    return f"{run.correct:,} of {run.total:,} test digits of {run.recipe.data} read, {run.accuracy:.2%}"


def list_runs(options: argparse.Namespace) -> int:
    """List runs, or do with them what is asked."""
    keys = dict.fromkeys(models.whole_key(key) for key in options.keys)
    found = [run for key in keys if (run := cache.find(key))] if options.keys else cache.stored()
    one = options.rename is not None or options.weights or options.history
    if (one and len(found) != 1) or ((options.delete or options.curves) and not options.keys):
        complain("name the run by its KEY" if one else "name the runs by their KEYs")
        return 2
    if options.rename is not None:
        try:
            found = [store.rename(found[0].key, options.rename)]
        except ValueError as error:
            complain(str(error))
            return 2
    elif options.delete:
        for run in found:
            store.delete(run.key)
            print(f"Deleted {run.key[:12]}, {export.named(run)}.")
        return 0
    elif options.weights:
        export.weights(found[0].key, options.weights)
    elif options.history:
        export.put(options.history, export.history(found[0]).encode())
    elif options.curves:
        export.put(options.curves, export.curves(found))
    if not found:
        complain("No run is stored yet; `lenet train` makes one.")
    for run in found:
        _row(run, options.json)
    return 0


def _row(run: Run, as_json: bool) -> None:
    low, high = wilson(run.correct, run.total)
    if as_json:
        print_json(**{**dataclasses.asdict(run), "accuracy": run.accuracy, "interval": [low, high]})
        return
    figure = f"{_figure(run)} ({low:.2%} to {high:.2%})"
    when = f"{run.date[:16].replace('T', ' ')} UTC"
    print(f"{run.key[:12]}  {when}  {export.named(run)}: {figure}, {run.seconds:.0f} s on {run.device}")


def print_json(**values: Any) -> None:
    """One object, one line."""
    print(json.dumps(values, ensure_ascii=False), flush=True)


def complain(line: str) -> None:
    """One line on stderr."""
    print(f"lenet: {line}", file=sys.stderr)
