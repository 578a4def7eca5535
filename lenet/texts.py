"""Every sentence that a person can read, by its key: one table for the page, the command line and errors.

The table is `lenet/ui/web/texts/LANGUAGE.json`. `lenet/ui/web/texts.js` renders it in the browser by the same rules:
`{name}` is text as it is, or a number with its thousands grouped; `{name:2%}` a fraction as a percentage with two
decimals; `{name:.2}` a number with two decimals. An entry `{"one": ..., "other": ...}` is chosen by the value named
`count`. A value may be a `Message`, or a list of values, which are joined by `common.list`. Which languages there are,
the files say; Python speaks English, and another language within `speaking`.
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, reduce
from importlib import resources
from typing import Any

MINUS = "\N{MINUS SIGN}"
PLACE = re.compile(r"\{(\w+)(?::(?:\.(\d+)|(\d+)%))?\}")

Entry = str | dict[str, str]
DEFAULT = "en"
TABLES = resources.files("lenet").joinpath("ui", "web", "texts")
_language = ContextVar("language", default=DEFAULT)


@dataclass(frozen=True)
class Message:
    """A sentence of the table with its values, not yet rendered: `str()` of it is its text."""

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return text(self.key, **self.values)

    def json(self) -> dict[str, Any]:
        """Return `{"key": ..., "values": ...}`, as the page's scripts take it."""
        return {"key": self.key, "values": {name: _as_json(value) for name, value in self.values.items()}}


def text(key: str, /, **values: Any) -> str:
    """Render the sentence of a key. KeyError for a key that is not in the table, or a missing value."""
    entry = table(_language.get())[key]
    if isinstance(entry, dict):
        entry = entry["one"] if values["count"] == 1 and "one" in entry else entry["other"]
    return PLACE.sub(lambda place: _rendered(values[place[1]], place[2], place[3]), entry)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Render in another language than English. KeyError for one that there is not."""
    if language not in languages():
        raise KeyError(language)
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)


@cache
def languages() -> tuple[str, ...]:
    """The languages that there are, by the names of their files, English first."""
    names = [file.name for file in TABLES.iterdir()]
    found = [name.removesuffix(".json") for name in names if name.endswith(".json")]
    return tuple(sorted(found, key=lambda language: (language != DEFAULT, language)))


@cache
def table(language: str = DEFAULT) -> dict[str, Entry]:
    """Return the sentences of a language, by key."""
    sentences: dict[str, Entry] = json.loads(TABLES.joinpath(f"{language}.json").read_text(encoding="utf-8"))
    return sentences


def _rendered(value: Any, decimals: str | None, percent_decimals: str | None) -> str:
    match value:
        case None:
            return ""
        case list() | tuple():
            parts = [_rendered(part, None, None) for part in value]
            return reduce(lambda first, second: text("common.list", first=first, second=second), parts) if parts else ""
        case bool() | str() | Message():
            return str(value)
        case int() | float() if percent_decimals is not None:
            return _fixed(100 * value, int(percent_decimals)) + "%"
        case int() | float() if decimals is not None:
            return _fixed(value, int(decimals))
        case int() | float():
            return f"{Decimal(repr(value)).normalize():,f}".replace("-", MINUS)
    return str(value)


def _fixed(value: float, decimals: int) -> str:
    """Round as JavaScript's `toFixed` does: the number's exact binary value, and a tie away from zero."""
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return f"{rounded if rounded else abs(rounded):f}".replace("-", MINUS)


def _as_json(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_as_json(part) for part in value]
    return value.json() if isinstance(value, Message) else value
