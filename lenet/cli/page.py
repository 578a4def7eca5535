"""`lenet page`: the page with its server, until Ctrl+C."""

import argparse
from contextlib import redirect_stdout
from io import StringIO

from lenet.cli.options import Commands, add_command, help_text
from lenet.cli.output import complain, say
from lenet.errors import LenetError
from lenet.texts import text


def add(commands: Commands) -> None:
    """Add the command and its options."""
    parser = add_command(commands, "page", run)
    parser.add_argument("--share", action="store_true", help=help_text("cli.page.share"))
    parser.add_argument("--port", type=_port, metavar="N", help=help_text("cli.page.port"))


def run(options: argparse.Namespace) -> int:
    """Serve, and say where, until Ctrl+C or SIGTERM."""
    from lenet import ui  # late: Gradio is slow to import
    from lenet.ui import shutdown

    said = StringIO()  # by Gradio: nothing but how sharing went
    try:
        with redirect_stdout(said):
            app, address, public = ui.launch(
                share=options.share, server_port=options.port, prevent_thread_lock=True, quiet=True
            )
    except OSError as error:
        if error.errno is not None:
            raise
        raise LenetError(
            "cli.page.port_taken" if options.port else "cli.page.no_port", port=str(options.port)
        ) from error
    try:
        say("cli.page.served", address=address)
        if public:
            say("cli.page.shared", address=public)
        elif options.share:
            complain(text("cli.page.not_shared", reason=" ".join(said.getvalue().split())))
        code = shutdown.serve(app.get_blocks())
        complain(text("cli.stopped"))
        return code
    finally:
        app.get_blocks().close(verbose=False)


def _port(value: str) -> int:
    if not (value.isdecimal() and 0 < int(value) < 2**16):
        raise argparse.ArgumentTypeError(text("cli.page.not_a_port", value=value))
    return int(value)
