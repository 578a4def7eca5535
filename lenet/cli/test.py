"""`lenet test`: evaluate a model on the test set."""

import argparse

from lenet.cli.options import Commands, add_command, add_data, add_json, add_mine, add_model, help_text, output_file
from lenet.cli.output import Table, complain, print_json, say
from lenet.digits import mine, mnist
from lenet.digits.data import tested_on
from lenet.evaluation.report import Report, evaluate
from lenet.runs import export, files
from lenet.runs.hub.load import load_model
from lenet.texts import Message, text


def add(commands: Commands) -> None:
    """Add the command and its options."""
    parser = add_command(commands, "test", run)
    add_model(parser)
    digits = parser.add_mutually_exclusive_group()
    add_data(digits, "cli.option.data", [name for name in mnist.CHOICES if tested_on(name) == name])
    add_mine(digits, "cli.test.mine")
    about = help_text("cli.test.predictions")
    parser.add_argument("--predictions", type=output_file, metavar="FILE.csv", help=about)
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Evaluate, and print the results."""
    network = load_model(options.model)
    if options.mine:
        name, digits = "mine", mine.read_files(options.mine)
    else:
        data = mnist.load(options.data)
        name, digits = data.name, data.test
        if data.notice:
            complain(" ".join(map(str, data.notice)))
    result = evaluate(network, digits.images, digits.labels)
    if options.predictions:
        files.write(options.predictions, export.predictions(result))
    if options.json:
        figures = {"accuracy": result.accuracy, "correct": result.correct, "total": result.total}
        print_json(network=options.model, data=name, **figures)
        return 0
    _print(options.model, name, result)
    if options.predictions:
        say("cli.test.saved", count=result.total, file=str(options.predictions))
    return 0


def _print(model: str, data: str, result: Report) -> None:
    low, high = (100 * bound for bound in result.interval)
    say(
        "cli.test.result",
        model=model,
        data=Message(f"cli.data.{data}"),
        accuracy=result.accuracy,
        correct=result.correct,
        total=result.total,
        low=low,
        high=high,
        calibration_error=result.calibration_error,
    )
    table = Table("label", "recall", "precision", "confused")
    table.print_titles()
    for label, row in enumerate(result.confusion):
        if not row.sum():  # there are none of this digit
            continue
        others = row.clone()
        others[label] = 0
        confused = f"{int(others.argmax())} ({int(others.max())})" if others.max() else ""
        precision = f"{result.precision[label]:.2%}" if result.confusion[:, label].any() else text("common.none")
        table.print_row([label, f"{result.recall[label]:.2%}", precision, confused])
