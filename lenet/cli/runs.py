"""`lenet runs`: list, rename, delete or export runs."""

import argparse

from lenet.cli.options import Commands, add_command, add_json, help_text, output_file, svg_file
from lenet.cli.output import as_json, complain, date, print_json, say, test_accuracy
from lenet.errors import InvalidError
from lenet.runs import cache, curves, export, files, models, store
from lenet.runs.run import Run
from lenet.texts import text
from lenet.words import duration


def add(commands: Commands) -> None:
    """Add the command and its options."""
    parser = add_command(commands, "runs", run)
    parser.add_argument("keys", nargs="*", metavar="KEY", help=help_text("cli.runs.keys"))
    add_json(parser)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--rename", metavar="TITLE", help=help_text("cli.runs.rename"))
    what.add_argument("--delete", action="store_true", help=help_text("cli.runs.delete"))
    what.add_argument("--weights", type=output_file, metavar="FILE", help=help_text("cli.runs.weights"))
    what.add_argument("--history", type=output_file, metavar="FILE.csv", help=help_text("cli.runs.history"))
    what.add_argument("--curves", type=svg_file, metavar="FILE.svg", help=help_text("cli.runs.curves"))


def run(options: argparse.Namespace) -> int:
    """List runs, or do with them what is asked."""
    keys = dict.fromkeys(models.whole_key(key) for key in options.keys)
    if (options.rename is not None or options.weights or options.history) and len(keys) != 1:
        complain(text("cli.runs.one_key"))
        return 2
    if (options.delete or options.curves) and not keys:
        complain(text("cli.runs.some_keys"))
        return 2
    if options.delete:
        return _delete([*keys])
    found = [models.load_run(key) for key in keys] if keys else cache.stored()
    if options.rename is not None:
        try:
            found = [store.rename(found[0].key, options.rename)]
        except InvalidError as error:
            complain(error)
            return 2
    elif options.weights:
        export.weights(found[0].key, options.weights)
    elif options.history:
        files.write(options.history, export.history(found[0]))
    elif options.curves:
        files.write(options.curves, curves.svg(found))
    if not found:
        complain(text("cli.runs.none"))
    for one in found:
        _print(one, options.json)
    return 0


def _delete(keys: list[str]) -> int:
    for key in keys:
        found = cache.find(key)  # a damaged one is moved out of the way instead
        if found:
            store.delete(key)
            say("cli.runs.deleted", key=key[:12], name=found.name)
    return 0


def _print(run: Run, json: bool) -> None:
    if json:
        print_json(**as_json(run))
        return
    values = {"accuracy": test_accuracy(run), "time": duration(run.seconds), "device": run.device.upper()}
    say("cli.runs.row", key=run.key[:12], date=date(run), name=run.name, **values)
