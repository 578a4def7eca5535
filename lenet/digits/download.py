"""Fetching MNIST's four files, each step with a time limit: torchvision's own download waits for ever."""

import gzip
import hashlib
import time
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path

PATIENCE = 10.0  # seconds that a server may be silent
LONGEST = 300.0  # seconds that a whole file may take
CHUNK = 65_536  # bytes
LARGEST = 20_000_000  # bytes of a compressed file; MNIST's largest has 9.9 million

Heard = Callable[[int], None]


def fetch(mirrors: Sequence[str], resources: Sequence[tuple[str, str]], folder: Path, heard: Heard) -> None:
    """Fetch gzip files into a folder, unpacked, each from the first mirror that has it.

    `mirrors` are addresses that end with a slash, `resources` names of files with their MD5; `heard` is told the bytes
    that came in all. OSError if no mirror sends what the MD5 is of: then the folder may hold some of the files.
    """
    came = 0
    for name, md5 in resources:
        content = _from_any(mirrors, name, md5, lambda more, before=came: heard(before + more))  # type: ignore[misc]
        came += len(content)
        (folder / name.removesuffix(".gz")).write_bytes(gzip.decompress(content))


def _from_any(mirrors: Sequence[str], name: str, md5: str, heard: Heard) -> bytes:
    trouble = OSError("no mirror")
    for mirror in mirrors:
        try:
            content = _read(mirror + name, heard)
        except (OSError, ValueError) as error:  # http.client has errors of both kinds
            trouble = OSError(str(getattr(getattr(error, "reason", error), "strerror", None) or error))
            continue
        if hashlib.md5(content, usedforsecurity=False).hexdigest() == md5:
            return content
        trouble = OSError(f"{mirror}{name} is not the file that it should be")
    raise trouble


def _read(url: str, heard: Heard) -> bytes:
    start, content = time.monotonic(), bytearray()
    with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
        while part := answer.read1(CHUNK):
            content += part
            heard(len(content))
            if len(content) > LARGEST or time.monotonic() - start > LONGEST:
                raise TimeoutError(f"{url} sends too much, or too slowly")
    return bytes(content)
