"""What stands before Gradio: it lets in what the page and its programs ask, of a size that delays nobody.

Gradio serves much that this page does not use (uploads, proxies, deep links, recordings), reads bodies of any size, and
takes writes from any website. What is refused here costs nothing and is told in a sentence: `{"detail": ...}`.
"""

import json
import re
from contextlib import AbstractContextManager, nullcontext
from functools import lru_cache
from math import isfinite
from typing import Any
from urllib.parse import urlsplit

import httpx
from gradio import Blocks
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lenet.errors import LenetError
from lenet.settings import is_public
from lenet.ui import presence

MAX_BODY = 6_000_000  # bytes: a picture of a megapixel in base64
MAX_MARKS = 20_000  # brackets, braces and commas of a body: JSON of nothing else takes seconds to read
MAX_PATH = 255  # bytes: no longer name can be a file's, and the system's own refusal would be an error
MAX_SESSION = 100  # characters of the name that a page gives itself
MARKS = (b"[", b"{", b",")
HEADERS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "strict-origin-when-cross-origin"}

API = "/gradio_api/"
PROGRAMS = re.compile(f"{API}call/([^/]+)/?")  # that other websites' scripts may ask too, on a public page
MCP = API + "mcp/"
READ = re.compile(
    r"/|/healthz|/config/?|/theme\.css|/favicon\.ico|/robots\.txt|/manifest\.json|/(assets|static|svelte|_app)/.*"
    r"|/login/(huggingface|callback)/?|/logout/?"
    rf"|{API}((info|startup-events|theme\.css|user|login_check|app_id)/?|heartbeat/[\w-]+)"
    rf"|{API}(queue/(data|status)|call/[\w-]+/[\w-]+|lenet/.*|mcp/(schema)?)"
)
RUN = API + "run/predict"  # answered at once, past Gradio's queue
JOIN = API + "queue/join"  # whose answers go to a session
WRITE = re.compile(rf"{RUN}/?|{JOIN}|{PROGRAMS.pattern}|{MCP}|{API}(component_server/?|cancel|reset/?)")
ENDED = re.compile(MCP)

ASKED = re.compile(rf"{API}component_server/?")  # functions that carry all they need
ONE = "all"  # session of whoever asks them: Gradio spends 3 ms and 0.2 MB on every name that it hears


class Guard:
    """Middleware that refuses what is not for this page, and notes which pages listen."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request pass, or answer it with a sentence."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        send = _with_headers(send)
        try:
            _check_address(scope)
            if scope["method"] == "POST":
                receive = await _checked_body(scope, receive)
            sign_of_life = _sign_of_life(scope)
        except _RefusedError as error:
            await JSONResponse({"detail": str(error)}, error.status)(scope, receive, send)
            return
        with sign_of_life:
            await self.app(scope, receive, send)


class _RefusedError(LenetError):
    """A request that is answered without being looked at further."""

    def __init__(self, status: int, key: str, /, **values: Any) -> None:
        super().__init__(key, **values)
        self.status = status


def _sign_of_life(scope: Scope) -> AbstractContextManager[None]:
    """What notes, as long as a request is answered, that its sender listens, if it is one that trainings depend on.

    Refuse a stream of events of whom nobody has asked anything: Gradio would break it off with a traceback in the log.
    """
    if scope["method"] == "POST" and scope["path"] == MCP:
        return presence.relaying(MutableHeaders(scope=scope), scope.get("client"))
    name = presence.stream(scope["path"], scope["query_string"]) if scope["method"] in ("GET", "HEAD") else None
    if name is None:
        return nullcontext()
    queue = scope["app"].get_blocks()._queue
    event = queue.event_ids_to_events.get(name)
    asked = (session for session, events in queue.pending_event_ids_session.items() if name in events)
    session = event.session_hash if event else next(asked, name)
    if session not in queue.pending_messages_per_session:
        raise _RefusedError(404, "request.unknown")
    return presence.listening(session)


def _check_address(scope: Scope) -> None:
    method, path, headers = scope["method"], scope["path"], Headers(scope=scope)
    allowed = {"GET": READ, "HEAD": READ, "POST": WRITE, "DELETE": ENDED}.get(method)
    if method == "OPTIONS":  # Gradio answers it by its own rules for other websites
        return
    if allowed is None or len(path.encode()) > MAX_PATH or not (allowed.fullmatch(path) and path.isprintable()):
        raise _RefusedError(404, "request.nothing_here")
    hosts = [headers.get("host", ""), headers.get("x-forwarded-host", "").partition(",")[0].strip()]
    if not all(map(_is_address, [f"http://{host}" for host in hosts] + headers.getlist("x-gradio-server"))):
        raise _RefusedError(400, "request.host")
    if method in ("GET", "HEAD"):
        return
    own = headers.get("sec-fetch-site", "none") in ("same-origin", "none")
    if not own and not (is_public() and PROGRAMS.fullmatch(path)):
        raise _RefusedError(403, "request.cross_site")


@lru_cache(maxsize=256)
def _is_address(address: str) -> bool:
    """Whether Gradio and Starlette can take this for the page's own address."""
    try:
        urlsplit(address).port  # noqa: B018 - ValueError for one that is none
        return httpx.URL(address).scheme in ("http", "https")
    except (ValueError, httpx.InvalidURL):
        return False


async def _checked_body(scope: Scope, receive: Receive) -> Receive:
    """Read a request's body, and return what hands it on. Raise _RefusedError for what nobody of ours sends."""
    headers = Headers(scope=scope)
    if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise _RefusedError(415, "request.not_json")
    body = bytearray()
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > MAX_BODY:
            raise _RefusedError(413, "request.too_large", limit=MAX_BODY)
    if sum(body.count(mark) for mark in MARKS) > MAX_MARKS:
        raise _RefusedError(413, "request.too_many", limit=MAX_MARKS)
    try:
        content = json.loads(body, object_hook=_no_file, parse_constant=_finite, parse_float=_finite)
        if b"\\ud" in body.lower():
            json.dumps(content, ensure_ascii=False).encode()  # half a character fits into no answer
    except (ValueError, RecursionError):
        raise _RefusedError(400, "request.not_json") from None
    if scope["path"] != MCP:
        _check_names(content, scope)
    if ASKED.fullmatch(scope["path"]) and "session_hash" in content:
        body = bytearray(json.dumps({**content, "session_hash": ONE}).encode())
    handed = False

    async def hand_on() -> Message:
        nonlocal handed
        if handed:
            return await receive()
        handed = True
        return {"type": "http.request", "body": bytes(body), "more_body": False}

    return hand_on


def _finite(number: str) -> float:
    """Read a number. ValueError for an infinite one or none, which no answer could repeat."""
    if not isfinite(value := float(number)):
        raise ValueError(number)
    return value


def _no_file(found: dict[str, Any]) -> dict[str, Any]:
    """Refuse a file that is named by its path or address: Gradio would copy or fetch it before asking anything of ours.

    It takes what has these two names for one, wherever it stands.
    """
    if "path" in found and "meta" in found:
        raise _RefusedError(400, "request.file")
    return found


def _check_names(content: Any, scope: Scope) -> None:
    """Refuse names that Gradio would look up without asking whether they are there."""
    if not isinstance(content, dict):
        raise _RefusedError(400, "request.not_json")
    session = content.get("session_hash")
    nameless = session is None and not scope["path"].startswith(JOIN)
    if not (nameless or (isinstance(session, str) and 0 < len(session) <= MAX_SESSION)):
        raise _RefusedError(400, "request.unknown")
    blocks = scope["app"].get_blocks()
    for name, known in (("component_id", blocks.blocks), ("fn_index", blocks.fns)):
        value = content.get(name)
        if value is not None and not (type(value) is int and value in known):
            raise _RefusedError(404, "request.unknown")
    count, data = _arguments(content, scope["path"], blocks), content.get("data")
    if count is not None and not (isinstance(data, list) and len(data) == count):
        raise _RefusedError(400, "request.arguments", count=count)


def _arguments(content: dict[str, Any], path: str, blocks: Blocks) -> int | None:
    """How many arguments the function takes that Gradio will run, if any. Refuse one that is not to be run this way."""
    if program := PROGRAMS.fullmatch(path):
        public = {one.api_name: one for one in blocks.fns.values() if one.api_visibility == "public"}
        if program[1] not in public:
            raise _RefusedError(404, "request.nothing_here")
        return len(public[program[1]].inputs)
    if not path.startswith((JOIN, RUN)):
        return None
    function = blocks.fns.get(content.get("fn_index", -1))
    if function is None or (path.startswith(RUN) and (function.queue or function.api_visibility != "private")):
        raise _RefusedError(404, "request.unknown")
    return len(function.inputs)


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sending
