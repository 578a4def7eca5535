"""The command line: lenet train | test | predict | networks | runs.

Exit codes: 0 done, 1 could not (one line on stderr says why and what to do), 2 wrong use, 130 stopped.
"""

import argparse
import dataclasses
import json
import shutil
import signal
import sys
from itertools import islice
from pathlib import Path
from typing import Any

from torch import Tensor, stack

from lenet import data, files, networks, runs
from lenet.report import report
from lenet.settings import LenetError
from lenet.train import EpochEnd, Finished, Progress, Recipe, Started

BATCH = 256  # drawings read at a time


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit code is the result."""
    options = _parser().parse_args(arguments)
    try:
        code: int = options.command(options)
        return code
    except KeyboardInterrupt:
        _complain("Stopped.")
        return 130
    except BrokenPipeError:  # the reader of our output has seen enough
        sys.stdout = None
        return 1
    except (LenetError, runs.UnknownModelError, OSError) as trouble:
        _complain(str(trouble))
        return 1


def entry() -> None:
    """The console script."""
    sys.exit(main())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="lenet", description="Train LeNet-5, test it, and read digits with it.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    defaults = Recipe()

    def command(name: str, run: Any, about: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=about, description=about)
        sub.set_defaults(command=run)
        return sub

    def json_option(sub: argparse.ArgumentParser) -> None:
        sub.add_argument("--json", action="store_true", help="print JSON, one object a line")

    def model_options(sub: argparse.ArgumentParser) -> None:
        which = sub.add_mutually_exclusive_group()
        which.add_argument(
            "--network", dest="model", default=defaults.network, choices=[*networks.REGISTRY], help="shipped weights"
        )
        which.add_argument("--run", dest="model", metavar="KEY", help="a trained run, by its key or the key's start")

    train = command("train", _train, "Train a network and keep it; the same recipe again is there at once.")
    train.add_argument("--network", default=defaults.network, choices=[*networks.REGISTRY])
    train.add_argument("--epochs", type=int, default=defaults.epochs, help="1 to 50 (default %(default)s)")
    train.add_argument("--data", default="auto", choices=data.CHOICES, help="auto: MNIST if it can be had, else sample")
    train.add_argument("--seed", type=int, default=defaults.seed, help="default %(default)s")
    train.add_argument("--batch", type=int, default=defaults.batch, help="digits a step (default %(default)s)")
    train.add_argument("--rate", type=float, default=defaults.rate, help="peak learning rate (default %(default)s)")
    train.add_argument("--decay", type=float, default=defaults.decay, help="weight decay (default %(default)s)")
    train.add_argument("--output", type=Path, metavar="FILE", help="also put the weights into this .safetensors file")

    test = command("test", _test, "Count the test digits that a network reads correctly.")
    model_options(test)
    test.add_argument("--data", default="auto", choices=data.CHOICES)
    json_option(test)

    predict = command("predict", _predict, "Read digits from pictures, or from .jsonl files of drawings.")
    predict.add_argument("files", nargs="+", type=Path, metavar="FILE")
    model_options(predict)
    json_option(predict)

    json_option(command("networks", _networks, "List the networks and their shipped weights."))
    json_option(command("runs", _runs, "List the trained runs."))
    return parser


def _train(options: argparse.Namespace) -> int:
    digits = data.load(options.data)
    chosen = {field.name: getattr(options, field.name) for field in dataclasses.fields(Recipe)}
    try:
        recipe = Recipe(**{**chosen, "data": digits.name})
    except ValueError as error:
        _complain(str(error))
        return 2
    if digits.notice:
        _complain(digits.notice)
    stopped: list[int] = []
    before = signal.signal(signal.SIGINT, lambda *_: stopped.append(1))
    try:
        for event in runs.train(recipe, digits, stop=lambda: bool(stopped)):
            _show(event)
    finally:
        signal.signal(signal.SIGINT, before)
    if not isinstance(event, runs.Trained):
        return 130
    if options.output:
        options.output.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(runs.path(event.run.key), options.output)
    return 0


def _show(event: object) -> None:
    """One row an epoch on stdout; within an epoch, a line on a terminal's stderr that is written over."""
    if sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)
    match event:
        case Started():
            print(f"{event.recipe.network} on {event.device}: {event.train:,} digits, {event.validation:,} to validate")
            print("epoch  training loss  accuracy  validation loss  accuracy  seconds")
        case Progress() if sys.stderr.isatty():
            line = f"epoch {event.epoch}: {event.seen:,} digits, loss {event.loss:.4f}, accuracy {event.accuracy:.2%}"
            print(line, end="", file=sys.stderr, flush=True)
        case EpochEnd():
            print(
                f"{event.epoch:5}  {event.train_loss:13.4f}  {event.train_accuracy:8.2%}  "
                f"{event.validation_loss:15.4f}  {event.validation_accuracy:8.2%}  {event.seconds:7.1f}",
                flush=True,
            )
        case Finished(stopped=True):
            _complain(f"Stopped after {event.seconds:.1f} s; nothing was stored.")
        case runs.Trained():
            run = event.run
            if event.cached:
                print(f"Trained before, on {run.date}, in {run.seconds:.1f} s on {run.device}.")
            print(f"Weights of epoch {run.epoch}, the best by validation: {_figure(run)}.")
            print(f"lenet test --run {run.key[:12]}")


def _figure(run: runs.Run) -> str:
    return f"{run.correct:,} of {run.total:,} test digits of {run.recipe.data} read, {run.accuracy:.2%}"


def _test(options: argparse.Namespace) -> int:
    network = runs.model(options.model)
    digits = data.load(options.data)
    if digits.notice:
        _complain(digits.notice)
    result = report(networks.infer(network, digits.test.fields), digits.test.labels)
    if options.json:
        figures = {"accuracy": result.accuracy, "correct": result.correct, "total": result.total}
        _print_json(network=options.model, data=digits.name, **figures)
    else:
        low, high = result.interval
        print(
            f"{options.model} on {digits.name}: {result.correct:,} of {result.total:,} read, {result.accuracy:.2%} "
            f"(95 % interval {low:.2%} to {high:.2%})"
        )
    return 0


def _predict(options: argparse.Namespace) -> int:
    network = runs.model(options.model)
    answered_all = True
    answers = (answer for file in options.files for answer in files.fields(file))
    while chunk := list(islice(answers, BATCH)):
        drawn = [field for _, field in chunk if isinstance(field, Tensor)]
        probabilities = iter(networks.infer(network, stack(drawn)).softmax(1).tolist() if drawn else [])
        for source, field in chunk:
            if isinstance(field, Exception):
                _complain(f"{source}: {field}")
            elif field is None:
                _complain(f"{source}: nothing is drawn on it")
                _answer(source, None, options.json)
            else:
                _answer(source, next(probabilities), options.json)
            answered_all &= isinstance(field, Tensor)
    return 0 if answered_all else 1


def _answer(source: str, probabilities: list[float] | None, as_json: bool) -> None:
    digit = None if probabilities is None else max(range(10), key=probabilities.__getitem__)
    if as_json:
        _print_json(source=source, digit=digit, probabilities=probabilities)
    elif probabilities is not None and digit is not None:
        print(f"{source}: {digit} ({probabilities[digit]:.1%})")


def _networks(options: argparse.Namespace) -> int:
    shipped = runs.shipped()
    for name, row in networks.REGISTRY.items():
        network = row.build()
        figures = {
            "parameters": networks.parameters(network),
            "input": list(network.input),
            "year": row.year,
            "source": row.source,
            "accuracy": runs.about(name).accuracy if name in shipped else None,
        }
        if options.json:
            _print_json(name=name, **figures)
        else:
            accuracy = "no weights shipped" if figures["accuracy"] is None else f"{figures['accuracy']:.2%}"
            size = "x".join(map(str, network.input))
            print(f"{name}: {figures['parameters']:,} weights, input {size}, {accuracy}. {row.source}")
    return 0


def _runs(options: argparse.Namespace) -> int:
    found = runs.stored()
    if not found:
        _complain("No run is stored yet; `lenet train` makes one.")
    for run in found:
        if options.json:
            _print_json(**{**dataclasses.asdict(run), "accuracy": run.accuracy})
        else:
            recipe = run.recipe
            print(f"{run.key[:12]}  {run.date}  {recipe.network}, epochs {recipe.epochs}: {_figure(run)}")
    return 0


def _print_json(**values: Any) -> None:
    print(json.dumps(values, ensure_ascii=False))


def _complain(line: str) -> None:
    print(f"lenet: {line}", file=sys.stderr)
