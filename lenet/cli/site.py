"""`lenet site`: the page as plain files, without a server."""

import argparse
from pathlib import Path
from shlex import quote

from lenet.cli.options import Commands, add_command, help_text
from lenet.cli.output import say


def add(commands: Commands) -> None:
    """Add the command and its options."""
    parser = add_command(commands, "site", run)
    parser.add_argument("folder", type=Path, metavar="FOLDER", help=help_text("cli.site.folder"))
    about = help_text("cli.site.run")
    parser.add_argument("--run", nargs="+", action="extend", default=[], metavar="KEY", help=about, dest="keys")


def run(options: argparse.Namespace) -> int:
    """Write the files, and say how to see the page."""
    from lenet.ui import folder, site  # late: Gradio is slow to import, and no other command needs it

    folder.earlier(options.folder)  # refused before the work is done
    contents = site.build(options.keys)
    folder.write(options.folder, contents)
    megabytes, name = sum(map(len, contents.values())) / 1e6, str(options.folder)
    say("cli.site.saved", count=len(contents), megabytes=megabytes, folder=name, quoted=quote(name))
    return 0
