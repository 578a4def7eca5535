"""Files that are there whole or not at all."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lenet.errors import LenetError


@contextmanager
def replacing(file: Path) -> Iterator[Path]:
    """Yield a temporary path in the file's folder; what is written there takes the file's name unless the block fails.

    Creates the folder. LenetError if there is something else than a file under that name.
    """
    if file.exists() and not file.is_file():
        raise LenetError("export.not_a_file", file=str(file))
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_name(f".{file.stem[:16]}-{secrets.token_hex(4)}.tmp")
    try:
        yield temporary
        temporary.replace(file)
    finally:
        temporary.unlink(missing_ok=True)


def write(file: Path, content: str | bytes) -> None:
    """Write a file, text as UTF-8, and create its folder."""
    with replacing(file) as temporary:
        temporary.write_bytes(content.encode() if isinstance(content, str) else content)
