"""The command line: lenet train | test | predict | export | networks | runs | push | page | site.

Exit codes: 0 done, 1 could not (one line on stderr says why and what to do), 2 wrong use, 130 stopped.
"""

import argparse
import sys
from io import TextIOWrapper

from lenet import settings
from lenet.cli import export, networks, page, predict, push, runs, site, test, train
from lenet.cli.output import complain
from lenet.errors import LenetError
from lenet.texts import text


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = parser().parse_args(arguments)
    try:
        settings.check()
        code: int = options.command(options)
        return code
    except KeyboardInterrupt:
        complain(text("cli.stopped"))
        return 130
    except BrokenPipeError:  # whoever reads our output has seen enough
        sys.stdout = None
        return 1
    except LenetError as error:
        complain(error)
        return 1
    except OSError as error:
        key = "cli.os_error" if error.filename else "cli.os_error_unnamed"
        complain(text(key, file=str(error.filename), reason=error.strerror or str(error)))
        return 1


def entry() -> None:
    """Run as the console script."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a file's name may hold what the terminal cannot show
    sys.exit(main())


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands; what is parsed has the `command` to run."""
    whole = argparse.ArgumentParser(prog="lenet", description=text("cli.about"))
    commands = whole.add_subparsers(required=True, metavar="COMMAND")
    for command in (train, test, predict, export, networks, runs, push, page, site):
        command.add(commands)
    return whole
