"""What is the same for everybody, answered from memory: for a crowd that opens the page at once.

A visitor who was never here asks for a hundred files, and for HTML in which Gradio writes the whole page anew. Gradio
reads each file from disk, compresses it every time, and does the HTML in a few threads, in 5 ms; here the first to ask
waits for that, and everybody else is answered by one look into a table.
"""

import gzip
import re
from asyncio import Event
from collections import OrderedDict
from dataclasses import dataclass

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LIMIT = 48_000_000  # bytes kept; Gradio's files are 21 MB, of which a visitor loads a third of one
PAGE = "/"
LANGUAGE = re.compile(rb"|lang=[a-zA-Z-]{0,20}")  # of queries: HTML is the same whichever a browser will choose
FILES = re.compile("/assets/.+|/static/.+|/gradio_api/lenet/([0-9a-f]+|weights/lenet[^/]*)/.+")  # a run may be deleted
HASHED = "/assets/"  # Gradio's files with a digest in their names, of whose age it says nothing
FOREVER = "public, max-age=31536000, immutable"
PARTIAL = {b"range", b"if-none-match", b"if-modified-since"}  # headers that ask for less than the whole
NAMING = (b"host", b"x-forwarded-host", b"x-forwarded-proto", b"x-gradio-server")  # of the page's own address
TEXT = re.compile(r"text/|application/(json|javascript)|image/svg")

Key = tuple[str, bool, object]  # path, whether gzip is taken, and for HTML what names the page's own address


@dataclass(frozen=True)
class Answer:
    """An answer as it is sent."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


class ResponseCache:
    """Middleware that answers from memory what was answered before, compressed once if the browser takes gzip."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._kept: OrderedDict[Key, Answer] = OrderedDict()
        self._size = 0
        self._under_way: dict[Key, Event] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or ask what stands behind this and keep what it says; who asks the same meanwhile waits for that."""
        key = _key(scope)
        if key is None:
            await self.app(scope, receive, send)
            return
        if key not in self._kept and key in self._under_way:
            await self._under_way[key].wait()
        if key in self._kept:
            self._kept.move_to_end(key)
            answer = self._kept[key]
        else:
            self._under_way[key] = answered = Event()
            try:
                answer = self._keep(key, await self._ask(scope, receive))
            finally:
                answered.set()
                self._under_way.pop(key, None)
        await send({"type": "http.response.start", "status": answer.status, "headers": [*answer.headers]})
        await send({"type": "http.response.body", "body": answer.body})

    async def _ask(self, scope: Scope, receive: Receive) -> Answer:
        start: Message = {}
        body = bytearray()

        async def hold(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
            body.extend(message.get("body", b""))

        await self.app(scope, receive, hold)
        return Answer(start["status"], start["headers"], bytes(body))

    def _keep(self, key: Key, answer: Answer) -> Answer:
        path, packed, _ = key
        headers, body = MutableHeaders(raw=[*answer.headers]), answer.body
        if answer.status != 200 or "set-cookie" in headers:
            return answer
        if path.startswith(HASHED):
            headers["Cache-Control"] = FOREVER
        if TEXT.match(headers.get("content-type", "")) and "content-encoding" not in headers:
            headers.add_vary_header("Accept-Encoding")
            if packed:
                body = gzip.compress(body, mtime=0)
                headers["Content-Encoding"] = "gzip"
                headers["Content-Length"] = str(len(body))
        if replaced := self._kept.pop(key, None):
            self._size -= len(replaced.body)
        kept = self._kept[key] = Answer(200, headers.raw, body)
        self._size += len(body)
        while self._size > LIMIT:
            self._size -= len(self._kept.popitem(last=False)[1].body)
        return kept


def _key(scope: Scope) -> Key | None:
    """What an answer is kept under; None if it may not be kept: with cookies, HTML may be one visitor's."""
    if scope["type"] != "http" or scope["method"] != "GET" or not LANGUAGE.fullmatch(scope["query_string"]):
        return None
    path, headers = scope["path"], dict(scope["headers"])
    if not PARTIAL.isdisjoint(headers):
        return None
    packed = b"gzip" in headers.get(b"accept-encoding", b"")
    if FILES.fullmatch(path):
        return path, packed, None
    if path == PAGE and b"cookie" not in headers:
        return path, packed, (scope["scheme"], *(headers.get(name) for name in NAMING))
    return None
