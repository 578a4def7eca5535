"""`lenet train`: train a network and store the run."""

import argparse
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from lenet import networks
from lenet.cli.options import Commands, add_command, add_data, add_json, add_mine, help_text, output_file
from lenet.cli.output import complain
from lenet.cli.progress import Rows, print_event
from lenet.digits import mine, mnist
from lenet.digits.data import Data
from lenet.errors import LenetError
from lenet.runs import cache, export, models, store
from lenet.runs.hub.load import local_name
from lenet.texts import text
from lenet.training import teach
from lenet.training.recipe import OPTIMIZERS, PRESETS, SCHEDULES, Recipe, complete

# Options that set one value of the recipe, in the order of the help.
SETTINGS: dict[str, dict[str, Any]] = {
    "network": {"choices": [*networks.REGISTRY]},
    "epochs": {"type": int},
    "batch": {"type": int},
    "optimizer": {"choices": OPTIMIZERS},
    "rate": {"type": float},
    "schedule": {"choices": SCHEDULES},
    "decay": {"type": float},
    "smoothing": {"type": float},
    "average": {"type": float},
    "augment": {"type": float},
    "styles": {"type": float},
    "outliers": {"type": float},
    "seed": {"type": int},
}


def add(commands: Commands) -> None:
    """Add the command and its options."""
    parser = add_command(commands, "train", run)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--preset", choices=PRESETS, default="quick", help=help_text("cli.train.preset"))
    add_mine(what, "cli.train.mine")
    add_data(parser, "cli.train.data", mnist.CHOICES)
    for name, more in SETTINGS.items():
        about = help_text(f"cli.train.{name}", default=getattr(Recipe, name))
        parser.add_argument(f"--{name}", help=about, **more)
    parser.add_argument("--start", metavar="NAME", help=help_text("cli.train.start"))
    parser.add_argument("--output", type=output_file, metavar="FILE", help=help_text("cli.train.output"))
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Train, show and store; what Ctrl+C leaves is stored as unfinished, what cannot be stored goes into a file."""
    data = replace(mnist.load(options.data), mine=mine.read_files(options.mine) if options.mine else None)
    values = _recipe_values(options, data)
    try:
        recipe = Recipe(**values)
    except ValueError as error:
        complain(error)
        return 2
    if data.notice:
        complain(" ".join(map(str, data.notice)))
    images = teach.lesson_size(len(data.mine)) if data.mine else len(data.train)
    trained = _train(recipe, data, print_event if options.json else Rows(images).show)
    if trained is None:
        complain(text("cli.train.nothing"))
        return 130
    if isinstance(trained, cache.Unsaved):
        complain(_rescue(trained, options.output))
        return 1
    if options.output:
        export.weights(trained.run.key, options.output)
    return 0 if trained.run.finished else 130


def _recipe_values(options: argparse.Namespace, data: Data) -> dict[str, Any]:
    """Return the preset's values, or those to teach with, those of the run to start from, and over them the options
    that were given. Digits of one's own are taught to pretrained weights, unless a start is given.
    """
    given = {name: getattr(options, name) for name in SETTINGS if getattr(options, name) is not None}
    usual = teach.SETTINGS if data.mine else PRESETS[options.preset].settings
    values = {**usual, **complete(given), "data": data.name}
    if data.mine:
        teach.check(data.mine)
        values["mine"] = mine.fingerprint(data.mine)
    if options.start or data.mine:
        start = local_name(options.start or values.get("network", Recipe.network))
        values.setdefault("network", models.load_run(start).recipe.network)
        values["start"] = models.resolve(start)
    return values


def _train(recipe: Recipe, data: Data, show: Callable[[Any], None]) -> cache.Trained | cache.Unsaved | None:
    """Show the events of a training; None if it was stopped before its first step."""
    waiting = False
    with _stop_signals() as stop:
        for event in cache.train(recipe, data, stop):
            if not (waiting and isinstance(event, cache.Waiting)):  # once is enough
                show(event)
            waiting = isinstance(event, cache.Waiting)
    return event if isinstance(event, cache.Trained | cache.Unsaved) else None


def _rescue(unsaved: cache.Unsaved, output: Path | None) -> str:
    """Write weights that could not be stored where there may be room, and say what became of them."""
    name = store.path(unsaved.run.key).name
    about = {"folder": str(store.folder()), "reason": unsaved.reason, "name": name}
    for file in [output] if output else [Path(name), Path(tempfile.gettempdir(), name)]:
        try:
            store.write(file, unsaved.run, unsaved.weights)
        except (OSError, LenetError):
            continue
        return text("cli.train.unsaved", **about, file=str(file))
    return text("cli.train.lost", **about)


@contextmanager
def _stop_signals() -> Iterator[Callable[[], bool]]:
    """Yield a function that tells whether Ctrl+C or a polite kill came, which then do nothing else."""
    received: list[int] = []
    kinds = (signal.SIGINT, signal.SIGTERM)
    before = {kind: signal.signal(kind, lambda number, _: received.append(number)) for kind in kinds}
    try:
        yield lambda: bool(received)
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)
