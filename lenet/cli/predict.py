"""`lenet predict`: classify digits in image files, or in .jsonl files of drawings."""

import argparse
from itertools import islice
from pathlib import Path

from torch import Tensor, empty, stack

from lenet import networks
from lenet.cli.options import Commands, add_command, add_json, add_model, help_text
from lenet.cli.output import complain, print_json, say
from lenet.digits import files
from lenet.runs import models
from lenet.runs.hub.load import local_name
from lenet.texts import text

BATCH = 256  # digits classified at a time


def add(commands: Commands) -> None:
    """Add the command and its options."""
    parser = add_command(commands, "predict", run)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help=help_text("cli.predict.files"))
    add_model(parser)
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Print one answer per digit, in the order of the input; 1 if there is one without an answer."""
    model = local_name(options.model)
    network, threshold = models.load_model(model), models.load_run(model).threshold
    answered_all = True
    digits = (digit for file in options.files for digit in files.read_images(file, network.input.channels))
    while chunk := list(islice(digits, BATCH)):
        images = [image for _, image in chunk if isinstance(image, Tensor)]
        logits = networks.infer(network, stack(images)) if images else empty(0, 10)
        confident = (network.confidence(logits) >= threshold).tolist()
        answers = zip(network.probabilities(logits).tolist(), confident, strict=True)
        for source, image in chunk:
            if isinstance(image, Tensor):
                _print(source, *next(answers), options.json)
            else:
                answered_all = False
                _print_unanswered(source, image, options.json)
    return 0 if answered_all else 1


def _print(source: str, probabilities: list[float], confident: bool, as_json: bool) -> None:
    digit = max(range(10), key=probabilities.__getitem__)
    if as_json:
        print_json(source=source, digit=digit, probabilities=probabilities)
    else:
        key = "cli.predict.answer" if confident else "cli.predict.doubtful"
        say(key, source=source, digit=digit, probability=probabilities[digit])


def _print_unanswered(source: str, error: Exception | None, as_json: bool) -> None:
    """Say why there is no answer: an error, or nothing is drawn."""
    complain(text("cli.predict.error", source=source, reason=str(error or text("cli.predict.nothing"))))
    if as_json and error:
        print_json(source=source, error=str(error))
    elif as_json:
        print_json(source=source, digit=None, probabilities=None)
