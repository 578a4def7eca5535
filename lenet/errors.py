"""What can go wrong for a person: each error has a key of the table of texts and its values."""

from typing import Any

from lenet.texts import Message


class LenetError(Exception):
    """Something a person can act on: its sentence says what happened and what to do."""

    def __init__(self, key: str, /, **values: Any) -> None:
        super().__init__(key, values)
        self.message = Message(key, values)

    def __str__(self) -> str:
        return str(self.message)


class InvalidError(LenetError, ValueError):
    """A value that came from outside is out of bounds, or not of its form."""


class UnknownModelError(InvalidError):
    """No pretrained network and no stored run has this name, or it holds no weights of that epoch."""


class DamagedError(LenetError):
    """A weights file whose content is not what its header says."""


class DivergedError(LenetError):
    """The loss is no longer a finite number."""
