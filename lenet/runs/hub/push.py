"""A run saved on the Hub: its weights, plan and model card, in one commit."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from lenet import networks
from lenet.errors import InvalidError, LenetError
from lenet.runs import export, models
from lenet.runs.hub import names
from lenet.runs.hub.cache import forget
from lenet.runs.hub.card import LIBRARY, model_card
from lenet.runs.hub.download import UnreachableError, connection_errors
from lenet.texts import Message

if TYPE_CHECKING:
    from huggingface_hub import HfApi


def push(name: str, repository: str, private: bool = False, token: str | None = None) -> str:
    """Save a model by its name in the repository USER/NAME, made if it is missing; return the address of its page.

    Without a `token`, whoever is signed in on this machine saves it. A repository that holds anything else than a model
    of lenet is left as it is, and so is a public one where a `private` one is asked for.

    InvalidError for a malformed name or a single epoch, whose figures nobody knows; LenetError where the Hub refuses,
    UnreachableError where it does not answer. Raises as `models.load_model` does.
    """
    from huggingface_hub import CommitOperationAdd, HfApi, get_token

    names.check(repository)
    if "@" in name:
        raise InvalidError("push.epoch", name=name)
    files = contents(name, repository)
    token = get_token() if token is None else token
    if not token:
        raise LenetError("push.signed_out")
    api = HfApi(token=token, library_name="lenet")
    with _refusals(repository):
        _prepare(api, repository, private)
        operations = [CommitOperationAdd(path, content) for path, content in files.items()]
        api.create_commit(repository, operations, commit_message=f"lenet push {name[:12]}")
    forget(repository)
    return names.address(repository)


def contents(name: str, repository: str) -> dict[str, bytes]:
    """Return the files of a model's repository, by path. Raises as `models.load_model` does."""
    run = models.load_run(name)
    plan = networks.entry(run.recipe.network).plan.to_json()
    with tempfile.TemporaryDirectory() as folder:
        weights = Path(folder) / names.FILE
        export.weights(name, weights)
        return {
            names.FILE: weights.read_bytes(),
            "plan.json": json.dumps(plan).encode(),
            "README.md": model_card(run, repository).encode(),
        }


def _prepare(api: "HfApi", repository: str, private: bool) -> None:
    """Make the repository, or see whether the one that is there may be written to."""
    from huggingface_hub.errors import HfHubHTTPError

    try:
        api.create_repo(repository, private=private, exist_ok=False)
        return
    except HfHubHTTPError as error:
        if error.response.status_code != 409:
            raise
    info = api.model_info(repository)
    if private and not info.private:
        raise LenetError("push.public", repository=repository)
    files = {file.rfilename for file in info.siblings or ()} - {".gitattributes"}
    if files and LIBRARY not in (info.tags or ()):
        raise LenetError("push.other", repository=repository)


@contextmanager
def _refusals(repository: str) -> Iterator[None]:
    """Turn the Hub's refusals into sentences. What it says itself may hold anything, and is not passed on."""
    from huggingface_hub.errors import HfHubHTTPError

    try:
        yield
    except HfHubHTTPError as error:
        status = error.response.status_code
        if status == 401:
            raise LenetError("push.token") from error
        if status in (403, 404):
            raise LenetError("push.forbidden", repository=repository) from error
        if status == 429 or status >= 500:
            raise UnreachableError(f"HTTP {status}") from error
        raise LenetError("push.refused", repository=repository, reason=f"HTTP {status}") from error
    except connection_errors() as error:
        raise UnreachableError(type(error).__name__) from error
    except (KeyError, ValueError) as error:  # an answer that is not the Hub's, or its objection to the card
        if isinstance(error, LenetError):
            raise
        raise UnreachableError(Message("hub.reason.answer")) from error
