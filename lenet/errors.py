"""Errors that a person can cause or mend: each carries a key of the table of texts and its values."""

from typing import Any

from lenet.texts import Message

MAX_TEXT = 500  # characters of a value: what it repeats, somebody may have sent by the million


class LenetError(Exception):
    """An error whose sentence says what happened and what to do."""

    def __init__(self, key: str, /, **values: Any) -> None:
        values = {name: cut(value, MAX_TEXT) if isinstance(value, str) else value for name, value in values.items()}
        super().__init__(key, values)
        self.message = Message(key, values)

    def __str__(self) -> str:
        return str(self.message)


class InvalidError(LenetError, ValueError):
    """A value from outside is out of bounds or malformed."""


class UnknownModelError(InvalidError):
    """No pretrained network or stored run has this name, or it has no weights of that epoch."""


class DamagedError(LenetError):
    """The content of a weights file does not match its header."""


class DivergedError(LenetError):
    """The loss is no longer a finite number."""


def cut(text: str, limit: int) -> str:
    """The beginning of a text that is longer than so many characters, else all of it."""
    return text if len(text) <= limit else f"{text[:limit]}…"
