"""Models fetched from the Hub, in a folder of limited size.

Whoever made one may be anybody. A copy is written anew, under a key of its own: the SHA-256 of its repository, run and
weights. So it never passes for a stored run, whatever its header says, and yet has a name wherever a run's complete key
is one.
"""

import hashlib
import json
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from filelock import FileLock

from lenet.runs import eviction, files, store
from lenet.runs.hub.download import UnreachableError, download, revision_and_size
from lenet.runs.hub.names import PREFIX, check
from lenet.runs.hub.verify import verify
from lenet.runs.run import is_key
from lenet.settings import home, is_public

MAX_FOLDER = 100_000_000  # bytes


def fetch(repository: str) -> str:
    """Return the key of a repository's model; it is downloaded unless its present revision is here.

    Where the Hub cannot be reached, the copy that is here counts, but not on a public page: nobody knows then who may
    read it. InvalidError for a malformed name, LenetError for what is too large or no model; else raises as
    `download.revision_and_size` does.
    """
    check(repository)
    note = _note(repository)
    try:
        revision, size = revision_and_size(repository)
        if note.get("revision") == revision:
            return str(note["key"])
        content = download(repository, revision, size)
    except UnreachableError:
        if not note or is_public():
            raise
        return str(note["key"])
    run, weights = verify(content, repository)
    key = hashlib.sha256(json.dumps({"hub": repository, **run.to_header()}, sort_keys=True).encode()).hexdigest()
    run = replace(run, key=key, title=PREFIX + repository)
    folder().mkdir(parents=True, exist_ok=True)
    with FileLock(folder() / ".writing.lock"):
        store.write(path(key), run, weights)
        files.write(_note_file(repository), json.dumps({"revision": revision, "key": key}))
        eviction.keep_limit(folder(), path(key), MAX_FOLDER)
        _forget_deleted()
    return key


def forget(repository: str) -> None:
    """Fetch a repository's model anew next time."""
    _note_file(repository).unlink(missing_ok=True)


def folder() -> Path:
    """Return the folder of fetched models."""
    return home() / "hub"


def path(key: str) -> Path:
    """Return where the model of that key is, if it is."""
    return folder() / f"{key}.safetensors"


def has(key: str) -> bool:
    """Return whether a fetched model has this complete key."""
    return is_key(key) and path(key).is_file()


def _note_file(repository: str) -> Path:
    return folder() / f"{repository.replace('/', '--')}.json"  # `--` is in no name


def _note(repository: str) -> dict[str, Any]:
    """The `revision` of a repository that is here, and its `key`; empty if there is none."""
    with suppress(OSError, ValueError):
        note = json.loads(_note_file(repository).read_text())
        if isinstance(note, dict) and has(str(note.get("key"))):
            return note
    return {}


def _forget_deleted() -> None:
    """Delete the notes of models that are gone."""
    for note in folder().glob("*.json"):
        with suppress(OSError, ValueError, KeyError, TypeError):
            if not has(str(json.loads(note.read_text())["key"])):
                note.unlink()
