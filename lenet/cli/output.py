"""What commands print: sentences of the table of texts, tables with aligned columns, JSON; complaints go to stderr."""

import json
import sys
from collections.abc import Sequence
from typing import Any

from lenet.digits.data import tested_on
from lenet.runs.run import Run
from lenet.texts import Message, text


def say(key: str, /, **values: Any) -> None:
    """Print a sentence, at once."""
    print(text(key, **values), flush=True)


def complain(message: object) -> None:
    """Print one line on stderr."""
    print(f"lenet: {' '.join(str(message).splitlines())}", file=sys.stderr)


def print_json(**values: Any) -> None:
    """Print one object on one line."""
    print(json.dumps(values, ensure_ascii=False), flush=True)


LEAST = 9  # characters, the width of a table's column


class Table:
    """Rows under right-aligned columns, whose titles are `cli.column.NAME`; the first column is left-aligned."""

    def __init__(self, *columns: str, first: int = 0) -> None:
        self.titles = [text(f"cli.column.{name}") for name in columns]
        self.first = first  # least width of the first column, characters

    def print_titles(self) -> None:
        """Print the line of titles."""
        self.print_row(self.titles)

    def print_row(self, cells: Sequence[object]) -> None:
        """Print one row, at once."""
        first = str(cells[0]).ljust(max(len(self.titles[0]), self.first))
        others = [
            str(cell).rjust(max(LEAST, len(title))) for cell, title in zip(cells[1:], self.titles[1:], strict=True)
        ]
        print("  ".join([first, *others]).rstrip(), flush=True)


def test_accuracy(run: Run) -> Message:
    """Return the sentence part that tells a run's test accuracy."""
    low, high = (100 * bound for bound in run.interval)
    data = Message(f"cli.data.{tested_on(run.recipe.data)}")
    values = {"accuracy": run.accuracy, "data": data, "correct": run.correct, "total": run.total}
    return Message("cli.test_accuracy", {**values, "low": low, "high": high})


def date(run: Run) -> Message:
    """Return the sentence part that tells when a run ended."""
    return Message("time.date", {"day": run.date[:10], "time": run.date[11:16]})


def as_json(run: Run) -> dict[str, Any]:
    """Return everything known of a run, with its accuracy and interval."""
    return {**run.to_header(), "accuracy": run.accuracy, "interval": run.interval}
