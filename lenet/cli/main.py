"""The command line: lenet train | test | predict | export | networks | runs.

Exit codes: 0 done, 1 could not (one line on stderr says why and what to do), 2 wrong use, 130 stopped.
"""

import argparse
import sys
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any

from torch import Tensor, empty, stack

from lenet import networks
from lenet.cli import train as cli_train
from lenet.cli.train import complain, print_json
from lenet.digits import files, mnist
from lenet.errors import LenetError, UnknownModelError
from lenet.evaluation.report import evaluate
from lenet.networks import plan
from lenet.runs import export, models
from lenet.training.recipe import Recipe

FORMS = {"onnx": export.onnx, "safetensors": export.weights}
BATCH = 256  # drawings read at a time


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit code is the result."""
    options = _parser().parse_args(arguments)
    try:
        code: int = options.command(options)
        return code
    except KeyboardInterrupt:
        complain("Stopped.")
        return 130
    except BrokenPipeError:  # the reader of our output has seen enough
        sys.stdout = None
        return 1
    except (LenetError, UnknownModelError, OSError) as trouble:
        complain(str(trouble))
        return 1


def entry() -> None:
    """The console script."""
    sys.exit(main())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="lenet", description="Train LeNet-5, test it, and read digits with it.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Any, about: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=about, description=about)
        sub.set_defaults(command=run)
        return sub

    def json_option(sub: argparse.ArgumentParser) -> None:
        sub.add_argument("--json", action="store_true", help="print JSON, one object a line")

    def model_options(sub: argparse.ArgumentParser) -> None:
        which = sub.add_mutually_exclusive_group()
        which.add_argument(
            "--network", dest="model", default=Recipe.network, choices=[*networks.REGISTRY], help="shipped weights"
        )
        which.add_argument("--run", dest="model", metavar="KEY", help="a trained run, by its key or the key's start")

    about = "Train a network and keep it; the same recipe again is there at once."
    cli_train.add_train(command("train", cli_train.train, about))

    test = command("test", _test, "Count the test digits that a network reads correctly.")
    model_options(test)
    test.add_argument("--data", default="auto", choices=mnist.CHOICES)
    json_option(test)

    predict = command("predict", _predict, "Read digits from pictures, or from .jsonl files of drawings.")
    predict.add_argument("files", nargs="+", type=Path, metavar="FILE")
    model_options(predict)
    json_option(predict)

    about = "Write a network or run as a file for other programs."
    out = command("export", _export, about)
    model_options(out)
    out.add_argument(
        "--to", choices=FORMS, default="onnx", help="ordinary ONNX, from images to probabilities; or weights"
    )
    out.add_argument("--output", type=Path, metavar="FILE", help="default: NAME.onnx or NAME.safetensors, here")

    listed = command("networks", _networks, "List the networks and their shipped weights, or the layers of one.")
    listed.add_argument("name", nargs="?", choices=[*networks.REGISTRY], metavar="NAME", help="show its layers")
    json_option(listed)
    cli_train.add_runs(command("runs", cli_train.list_runs, "List the trained runs, and look after them."))
    return parser


def _test(options: argparse.Namespace) -> int:
    network = models.load_model(options.model)
    digits = mnist.load(options.data)
    if digits.notice:
        complain(" ".join(map(str, digits.notice)))
    result = evaluate(network, digits.test.images, digits.test.labels)
    if options.json:
        figures = {"accuracy": result.accuracy, "correct": result.correct, "total": result.total}
        print_json(network=options.model, data=digits.name, **figures)
    else:
        low, high = result.interval
        print(
            f"{options.model} on {digits.name}: {result.correct:,} of {result.total:,} read, {result.accuracy:.2%} "
            f"(95 % interval {low:.2%} to {high:.2%}), calibration error {result.calibration_error:.2%}"
        )
        print("label   read  precision  most often read as")
        for digit, row in enumerate(result.confusion):
            others = row.clone()
            others[digit] = 0
            often = f"{int(others.argmax())} ({int(others.max())})" if others.max() else ""
            print(f"{digit:5}  {result.recall[digit]:.2%}  {result.precision[digit]:9.2%}  {often}".rstrip())
    return 0


def _predict(options: argparse.Namespace) -> int:
    network, enough = models.load_model(options.model), models.load_run(options.model).threshold
    answered_all = True
    answers = (answer for file in options.files for answer in files.read_images(file, network.input[0]))
    while chunk := list(islice(answers, BATCH)):
        drawn = [image for _, image in chunk if isinstance(image, Tensor)]
        logits = networks.infer(network, stack(drawn)) if drawn else empty(0, 10)
        read = zip(network.probabilities(logits).tolist(), (network.confidence(logits) >= enough).tolist(), strict=True)
        for source, image in chunk:
            if isinstance(image, Exception):
                complain(f"{source}: {image}")
            elif image is None:
                complain(f"{source}: nothing is drawn on it")
                _answer(source, None, False, options.json)
            else:
                _answer(source, *next(read), options.json)
            answered_all &= isinstance(image, Tensor)
    return 0 if answered_all else 1


def _answer(source: str, probabilities: list[float] | None, sure: bool, as_json: bool) -> None:
    digit = None if probabilities is None else max(range(10), key=probabilities.__getitem__)
    if as_json:
        print_json(source=source, digit=digit, probabilities=probabilities)
    elif probabilities is not None and digit is not None:
        doubt = "" if sure else ", but perhaps not a digit"
        print(f"{source}: {digit} ({probabilities[digit]:.1%}){doubt}")


def _export(options: argparse.Namespace) -> int:
    file = options.output or Path(f"{options.model}.{options.to}")
    FORMS[options.to](options.model, file)
    print(f"{options.model} is in {file}.")
    return 0


def _layers(options: argparse.Namespace) -> int:
    found = plan.summary(networks.entry(options.name).build())
    if options.json:
        for layer in found:
            print_json(**asdict(layer))
        return 0
    print("layer   output     kernel  stride  padding  weights  connections  multiplications  sees")
    for one in found:
        window = [one.kernel, one.stride, one.padding] if one.kernel else ["", "", ""]
        print(
            f"{one.name:7} {'x'.join(map(str, one.output)):9}  {window[0]:>6}  {window[1]:>6}  {window[2]:>7}  "
            f"{one.parameters:7,}  {one.connections:11,}  {one.macs:15,}  {one.receptive_field:g}x{one.receptive_field:g}"
        )
    print(
        f"together {sum(one.parameters for one in found):,} weights, {sum(one.connections for one in found):,} connections"
    )
    return 0


def _networks(options: argparse.Namespace) -> int:
    if options.name:
        return _layers(options)
    shipped = models.pretrained()
    for name, row in networks.REGISTRY.items():
        network = row.build()
        figures = {
            "parameters": networks.parameters(network),
            "input": list(network.input),
            "year": row.year,
            "source": row.source,
            "accuracy": models.load_run(name).accuracy if name in shipped else None,
        }
        if options.json:
            print_json(name=name, **figures)
        else:
            accuracy = "no weights shipped" if figures["accuracy"] is None else f"{figures['accuracy']:.2%}"
            size = "x".join(map(str, network.input))
            print(f"{name}: {figures['parameters']:,} weights, input {size}, {accuracy}. {row.source}")
    return 0
