"""A visitor's browser as a server sees it: connections that stay open, and the requests of a page.

HTTP by hand: with a library for it, those who ask would need more of the machine than the one who answers.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

HERE = "127.0.0.1"  # load goes nowhere else
LINES = 6  # connections that a browser opens to a server
PATIENCE = 60.0  # seconds until an answer counts as none
ACCEPTED = "gzip, deflate, br, zstd"  # by Chromium

Cookies = set[str]  # NAME=VALUE


@dataclass(frozen=True)
class Request:
    """What a page asks for; a body is JSON."""

    path: str
    body: str = ""

    def of(self, session: str) -> "Request":
        """The same from another visitor: pages choose the names of their sessions."""
        if not self.body:
            return self
        return Request(self.path, json.dumps({**json.loads(self.body), "session_hash": session}))


class UnansweredError(Exception):
    """A request that got no answer, or one that says it failed."""


class Line:
    """One connection, kept open; one request at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, cookies: Cookies) -> None:
        self._reader, self._writer, self._cookies = reader, writer, cookies

    @classmethod
    async def open(cls, port: int, cookies: Cookies) -> "Line":
        """Connect to a port of this machine; `cookies` are the browser's, and those that it gets are added."""
        return cls(*await asyncio.open_connection(HERE, port, limit=1 << 20), cookies)

    def close(self) -> None:
        """Hang up."""
        self._writer.close()

    async def ask(self, request: Request) -> bytes:
        """Ask, and return the answer's body as it was sent. Raise UnansweredError if it fails."""
        try:
            async with asyncio.timeout(PATIENCE):
                headers = await self._head(request)
                if "chunked" in headers.get("transfer-encoding", ""):
                    return b"".join([piece async for piece in self._pieces()])
                return await self._reader.readexactly(int(headers["content-length"]))
        except (OSError, EOFError, TimeoutError, LookupError, ValueError) as error:
            raise UnansweredError(f"{request.path}: {type(error).__name__} {error}") from error

    async def events(self, request: Request) -> AsyncIterator[bytes]:
        """Ask for a stream of events, and give its pieces as they come. Raise UnansweredError where it breaks."""
        try:
            await self._head(request)
            async for piece in self._pieces():
                yield piece
        except (OSError, EOFError, LookupError, ValueError) as error:
            raise UnansweredError(f"{request.path}: {type(error).__name__} {error}") from error

    async def _head(self, request: Request) -> dict[str, str]:
        body = request.body.encode()
        sent = [f"{'POST' if body else 'GET'} {request.path} HTTP/1.1", f"Host: {HERE}", f"Accept-Encoding: {ACCEPTED}"]
        if self._cookies:
            sent.append(f"Cookie: {'; '.join(self._cookies)}")
        if body:
            sent += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
        self._writer.write("\r\n".join([*sent, "", ""]).encode() + body)
        status, *lines = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").strip().split("\r\n")
        if status.split()[1] != "200":
            raise UnansweredError(f"{request.path}: {status}")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        if "set-cookie" in headers:
            self._cookies.add(headers["set-cookie"].partition(";")[0])
        return headers

    async def _pieces(self) -> AsyncIterator[bytes]:
        while size := int(await self._reader.readline(), 16):
            yield await self._reader.readexactly(size)
            await self._reader.readexactly(2)
        await self._reader.readexactly(2)


@asynccontextmanager
async def browser(port: int, count: int = LINES) -> AsyncIterator[list[Line]]:
    """The connections of one browser."""
    lines: list[Line] = []
    cookies: Cookies = set()
    try:
        for _ in range(count):
            lines.append(await Line.open(port, cookies))
        yield lines
    finally:
        for line in lines:
            line.close()


async def open_page(lines: list[Line], requests: list[Request], session: str) -> list[str]:
    """Ask for a page, the first of its requests, then for everything else, as each connection becomes free.

    Return what went wrong.
    """
    first, *rest = requests
    waiting = iter(rest)
    wrong: list[str] = []

    async def follow(line: Line) -> None:
        for request in waiting:
            try:
                await line.ask(request.of(session))
            except UnansweredError as error:
                wrong.append(str(error))

    try:
        await lines[0].ask(first)
    except UnansweredError as error:
        return [str(error)]
    await asyncio.gather(*(follow(line) for line in lines))
    return wrong
