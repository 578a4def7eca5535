"""What models on the Hub are called: `hf:USER/NAME` is the file model.safetensors of that repository."""

import re

from lenet.errors import InvalidError

PREFIX = "hf:"
FILE = "model.safetensors"
PART = r"\w(?:[\w.-]{0,94}\w)?"
REPOSITORY = re.compile(f"{PART}/{PART}", re.ASCII)


def check(repository: str) -> None:
    """Raise InvalidError unless this is USER/NAME as the Hub allows it."""
    if not REPOSITORY.fullmatch(repository) or any(found in repository for found in ("--", "..")):
        raise InvalidError("hub.name", name=repository)


def address(repository: str) -> str:
    """Return the address of a repository's page."""
    from huggingface_hub import constants  # late: it is slow to import, and most commands do without

    return f"{constants.ENDPOINT}/{repository}"
