"""`lenet push`: save a run as a model on the Hugging Face Hub."""

import argparse

from lenet.cli.options import Commands, add_command, help_text
from lenet.cli.output import complain, say
from lenet.errors import InvalidError
from lenet.runs.hub import names
from lenet.runs.hub.push import push


def add(commands: Commands) -> None:
    """Add the command and its options."""
    parser = add_command(commands, "push", run)
    parser.add_argument("key", metavar="KEY", help=help_text("cli.push.key"))
    parser.add_argument("repository", metavar="USER/NAME", help=help_text("cli.push.repository"))
    parser.add_argument("--private", action="store_true", help=help_text("cli.push.private"))


def run(options: argparse.Namespace) -> int:
    """Save the run, and say where it is."""
    try:
        names.check(options.repository)
    except InvalidError as error:
        complain(error)
        return 2
    address = push(options.key, options.repository, options.private)
    say("cli.push.saved", address=address, name=names.PREFIX + options.repository)
    return 0
