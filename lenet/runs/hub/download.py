"""The file of a model on the Hub: its revision and size, and then its bytes, no more of them and no later than said.

`hf_hub_download` of huggingface_hub has neither a limit of size nor of time.
"""

import re
import time
from urllib.parse import urljoin, urlsplit

from lenet.errors import LenetError, UnknownModelError
from lenet.runs.hub.names import FILE, address
from lenet.settings import is_public
from lenet.texts import Message

MAX_BYTES = 8_000_000  # the largest network's file has half a million
TIMEOUT = 5.0  # seconds until the Hub answers, or sends some more
DEADLINE = 15.0  # seconds for a whole file
MAX_REDIRECTS = 3  # to where the Hub keeps large files


class UnreachableError(LenetError):
    """The Hub does not answer, or not now."""

    def __init__(self, reason: str | Message) -> None:
        super().__init__("hub.unreachable", reason=reason)


def connection_errors() -> tuple[type[Exception], ...]:
    """Return what huggingface_hub raises where there is no connection: errors of the HTTP client that it uses."""
    from huggingface_hub import errors

    return (errors.HTTPError, OSError)  # type: ignore[attr-defined]  # httpx or httpx2, by its version


def revision_and_size(repository: str) -> tuple[str, int]:
    """Ask for the file's present revision, and its size in bytes.

    UnknownModelError if there is none that may be read, UnreachableError, LenetError if it is too large.
    """
    from huggingface_hub import get_hf_file_metadata
    from huggingface_hub.errors import HfHubHTTPError

    try:
        url = f"{address(repository)}/resolve/main/{FILE}"
        found = get_hf_file_metadata(url, token=_token(), timeout=TIMEOUT, library_name="lenet")
    except HfHubHTTPError as error:
        raise _failure(repository, error.response.status_code) from error
    except connection_errors() as error:
        raise UnreachableError(type(error).__name__) from error
    if not re.fullmatch("[0-9a-f]{40}", found.commit_hash or "") or found.size is None:
        raise UnreachableError(Message("hub.reason.answer"))
    if found.size > MAX_BYTES:
        raise LenetError("hub.too_large", repository=repository, megabytes=found.size / 1e6, most=MAX_BYTES / 1e6)
    return str(found.commit_hash), found.size


def download(repository: str, revision: str, size: int) -> bytes:
    """Return the file of a revision. Raises as `revision_and_size` does.

    Redirects lead to https, or to the Hub itself, which alone hears who is signed in.
    """
    from huggingface_hub import constants, get_session

    end = time.monotonic() + DEADLINE
    url = f"{address(repository)}/resolve/{revision}/{FILE}"
    token = _token()
    headers = {"Accept-Encoding": "identity"} | ({"Authorization": f"Bearer {token}"} if token else {})
    try:
        for _ in range(MAX_REDIRECTS + 1):
            with get_session().stream("GET", url, headers=headers, timeout=TIMEOUT, follow_redirects=False) as answer:
                if not answer.has_redirect_location:
                    if answer.status_code != 200:
                        raise _failure(repository, answer.status_code)
                    content = bytearray()
                    for some in answer.iter_raw():
                        content += some
                        if len(content) > size or time.monotonic() > end:
                            break
                    return _whole(bytes(content), size)
                url = urljoin(url, answer.headers["Location"])
            if _origin(url) != _origin(constants.ENDPOINT):
                headers.pop("Authorization", None)
                if urlsplit(url).scheme != "https":
                    break
    except connection_errors() as error:
        raise UnreachableError(type(error).__name__) from error
    raise UnreachableError(Message("hub.reason.answer"))


def _whole(content: bytes, size: int) -> bytes:
    if len(content) < size:
        raise UnreachableError(Message("hub.reason.slow"))
    if len(content) > size:
        raise UnreachableError(Message("hub.reason.answer"))
    return content


def _token() -> str | bool:
    """The token of whoever is signed in on this machine; on a public page nobody reads with its owner's."""
    from huggingface_hub import get_token

    return False if is_public() else get_token() or False


def _failure(repository: str, status: int) -> LenetError:
    if status in (401, 403, 404, 410):
        key = "hub.missing.public" if is_public() else "hub.missing"
        return UnknownModelError(key, repository=repository, file=FILE)
    return UnreachableError(f"HTTP {status}")


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc
