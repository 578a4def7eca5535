"""What the page would say: a message of the server's as its English sentence."""

from typing import Any

from lenet.texts import text


def said(message: Any) -> str:
    """The sentence of a message as JSON; of a message within it too."""
    return text(message["key"], **{name: _value(value) for name, value in message["values"].items()})


def _value(value: Any) -> Any:
    if isinstance(value, list):
        return [_value(part) for part in value]
    return said(value) if isinstance(value, dict) else value
