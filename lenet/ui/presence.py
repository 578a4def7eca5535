"""Who asks, and which pages listen for what the server tells them: the sign of life that a training depends on.

A page hears of its training through one long answer, an event stream, which its browser closes with the page. Gradio
ends the events of a stream that closes, but not of one that was never opened. A training that is asked for over MCP
reaches us as a request of the server to itself, the same for everybody: so the request that it stands for is named.
"""

import re
import secrets
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import parse_qs

import gradio as gr
from starlette.datastructures import MutableHeaders

STREAMS = re.compile("/gradio_api/(?:queue/data|call/[^/]+/([^/]+))")
RELAYED = "x-lenet-relayed"  # header that names the request that another stands for

# Only the event loop changes these.
_open: Counter[str] = Counter()  # streams by session
_relayed: dict[str, str] = {}  # network addresses by such a name, which nobody can guess


def stream(path: str, query: bytes) -> str | None:
    """The session that a GET of this path listens for, or its event; None if it is no stream."""
    found = STREAMS.fullmatch(path)
    if not found:
        return None
    return found[1] or parse_qs(query.decode("latin-1")).get("session_hash", [""])[0]


@contextmanager
def listening(session: str) -> Iterator[None]:
    """Within this block, a stream of that session is open."""
    _open[session] += 1
    try:
        yield
    finally:
        _open[session] -= 1
        if not _open[session]:
            del _open[session]


@contextmanager
def relaying(headers: MutableHeaders, client: tuple[str, int] | None) -> Iterator[None]:
    """Within this block, a request is answered by others that it is relayed with. They have its headers."""
    name = secrets.token_urlsafe(16)
    _relayed[name] = address(headers.get("x-forwarded-for", ""), client[0] if client else "")
    headers[RELAYED] = name
    try:
        with listening(name):
            yield
    finally:
        del _relayed[name]


def listens(session: str) -> bool:
    """Whether a page of that session listens."""
    return _open[session] > 0


def anybody_listens() -> bool:
    """Whether any page listens."""
    return bool(_open)


@dataclass(frozen=True)
class Visitor:
    """Who asks for a training: a page by its session, which it chose itself, and the network address it comes from.

    Without a session it is not a page, but our own code, which needs no sign of life.
    """

    session: str = ""
    address: str = ""


def visitor(request: gr.Request) -> Visitor:
    """Who sent a request, or the one that it stands for."""
    if (name := request.headers.get(RELAYED, "")) in _relayed:
        return Visitor(name, _relayed[name])
    client = request.client.host if request.client else ""
    return Visitor(request.session_hash or "", address(request.headers.get("x-forwarded-for", ""), client))


def address(forwarded: str, client: str) -> str:
    """Where a request comes from: behind proxies, the last address before those of their own, private network.

    Each proxy adds whom it heard from at the end of `forwarded`; what stands further left, anybody may have written.
    """
    if _is_global(client):  # no proxy: what it says of itself is nobody's word
        return client
    hops = [hop.strip() for hop in forwarded.split(",") if hop.strip()]
    return next((hop for hop in reversed(hops) if _is_global(hop)), client)


def _is_global(hop: str) -> bool:
    try:
        return ip_address(hop).is_global
    except ValueError:
        return False
