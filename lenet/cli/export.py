"""`lenet export`: a model as a file for other programs."""

import argparse
from pathlib import Path

from lenet.cli.options import Commands, add_command, add_model, help_text, output_file
from lenet.cli.output import say
from lenet.runs import export
from lenet.runs.hub.load import local_name

FORMATS = {"onnx": export.onnx, "keras": export.keras, "safetensors": export.weights}


def add(commands: Commands) -> None:
    """Add the command and its options."""
    parser = add_command(commands, "export", run)
    add_model(parser)
    parser.add_argument("--to", choices=FORMATS, default="onnx", help=help_text("cli.export.to"))
    parser.add_argument("--output", type=output_file, metavar="FILE", help=help_text("cli.export.output"))


def run(options: argparse.Namespace) -> int:
    """Write the file, and say where it is."""
    file = options.output or Path(f"{options.model.rpartition('/')[2]}.{options.to}")
    FORMATS[options.to](local_name(options.model), file)
    say("cli.export.saved", model=options.model, file=str(file))
    return 0
