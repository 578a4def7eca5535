"""Every sentence that a person can read, by its key: one table for the page, the command line and errors.

The table is `lenet/ui/web/texts/LANGUAGE.json`, which the page's scripts read too. A sentence names its values:
`{name}` stands for text as it is or a number with its thousands grouped, `{name:2%}` for a fraction as per cent with two
decimals, `{name:.2}` for a number with two decimals. An entry `{"one": ..., "other": ...}` is chosen by the value named
`count`. A value may be a `Message` itself, or a list of values, joined by commas.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

PLACE = re.compile(r"\{(\w+)(?::([^}]*))?\}")


@dataclass(frozen=True)
class Message:
    """A sentence of the table, not yet in words: `str()` of it is English."""

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return text(self.key, **self.values)

    def json(self) -> dict[str, Any]:
        """As the page's scripts take it."""
        return {"key": self.key, "values": {name: _as_json(value) for name, value in self.values.items()}}


def text(key: str, **values: Any) -> str:
    """The English sentence of a key. KeyError for a key that is not in the table, or a value that is missing."""
    entry = table().get(key, key)
    if isinstance(entry, dict):
        entry = entry["one" if values["count"] == 1 else "other"]
    return PLACE.sub(lambda place: _in_words(values[place[1]], place[2] or ""), entry)


@cache
def table(language: str = "en") -> dict[str, str | dict[str, str]]:
    """The sentences of a language, by their keys."""
    folder = resources.files("lenet").joinpath("ui", "web", "texts")
    files = [file for file in folder.iterdir() if file.name.startswith(language) and file.name.endswith(".json")]
    sentences: dict[str, str | dict[str, str]] = {}
    for file in files:
        sentences |= json.loads(file.read_text(encoding="utf-8"))
    return sentences


def _in_words(value: Any, form: str) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(_in_words(part, form) for part in value)
    if form.endswith("%"):
        return f"{100 * value:.{form[:-1]}f}%"
    if form:
        return f"{value:{form}f}".replace("-", "−")
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _as_json(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_as_json(part) for part in value]
    return value.json() if isinstance(value, Message) else value
