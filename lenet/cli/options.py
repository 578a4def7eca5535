"""Options that several commands share."""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from lenet import networks
from lenet.texts import text
from lenet.training.recipe import Recipe

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_command(commands: Commands, name: str, run: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
    """Add a command; `cli.NAME` of the texts says what it is for."""
    about = help_text(f"cli.{name}")
    parser = commands.add_parser(name, help=about, description=about)
    parser.set_defaults(command=run)
    return parser


def help_text(key: str, /, **values: Any) -> str:
    """Return a sentence as argparse takes it, which would fill in `%`."""
    return text(key, **values).replace("%", "%%")


def add_json(parser: argparse.ArgumentParser) -> None:
    """Add `--json`."""
    parser.add_argument("--json", action="store_true", help=help_text("cli.option.json"))


def add_data(parser: argparse._ActionsContainer, key: str, choices: Sequence[str]) -> None:
    """Add `--data` with these choices; the text of that key says what for."""
    parser.add_argument("--data", choices=choices, default="auto", help=help_text(key))


def add_mine(parser: argparse._ActionsContainer, key: str) -> None:
    """Add `--mine`; the text of that key says what for."""
    parser.add_argument("--mine", nargs="+", action="extend", type=Path, metavar="FILE", help=help_text(key))


def add_model(parser: argparse.ArgumentParser) -> None:
    """Add `--network` and `--run`, of which one names the model."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--network",
        dest="model",
        default=Recipe.network,
        choices=[*networks.REGISTRY],
        help=help_text("cli.option.network", default=Recipe.network),
    )
    which.add_argument("--run", dest="model", metavar="KEY", help=help_text("cli.option.run"))


def output_file(name: str) -> Path:
    """Read the name of a file to write; argparse refuses what is a directory."""
    file = Path(name)
    if file.exists() and not file.is_file():
        raise argparse.ArgumentTypeError(text("export.not_a_file", file=name))
    return file


def svg_file(name: str) -> Path:
    """Read the name of an SVG file to write."""
    if Path(name).suffix.lower() != ".svg":
        raise argparse.ArgumentTypeError(text("cli.not_svg", file=name))
    return output_file(name)
