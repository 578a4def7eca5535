"""The page that live.py measures: its server, Chromium, a pen of human speed, and what the page asks the server for."""

import asyncio
import gzip
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from delay import delayed
from playwright.async_api import Browser, BrowserContext, CDPSession, Page, async_playwright, expect
from playwright.async_api import TimeoutError as TooLate

from lenet.settings import data_folder

Strokes = list[list[list[float]]]

STEP = 0.012  # seconds between points
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PROBE = Path(__file__).with_name("live_probe.js")
PATIENCE = 8000  # milliseconds until a last move that is not painted counts as unanswered
QUIET = 1.0  # seconds without traffic after which the network is idle


def digits(count: int) -> list[Strokes]:
    """Digits of real pens, spread over the file: all writers' sources, coordinates 0 to 1000."""
    with gzip.open((data_folder() or Path()) / "strokes/digits.jsonl.gz", "rt") as lines:
        pens = [pen["strokes"] for pen in map(json.loads, lines) if sum(map(len, pen["strokes"])) > 10]
    return pens[:: len(pens) // count][:count]


@dataclass
class Server:
    """A running `python app.py`."""

    process: subprocess.Popen[str]
    host: str
    port: int

    @contextmanager
    def at(self, milliseconds: int) -> Iterator[str]:
        """Give an address from where a round trip to it takes so long; 0 is the server's own."""
        far = delayed(self.host, self.port, milliseconds / 1000) if milliseconds else nullcontext(self.port)
        with far as port:
            yield f"http://{self.host}:{port}/"

    def stop(self) -> None:
        """Keep it from doing anything, answering included."""
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """End a stop."""
        self.process.send_signal(signal.SIGCONT)


@contextmanager
def served(root: Path) -> Iterator[Server]:
    """Run the page of a source tree, with no runs of its own."""
    with tempfile.TemporaryDirectory() as home:
        settings = {**os.environ, "LENET_HOME": home, "PYTHONPATH": str(root)}
        command = [sys.executable, "-u", "app.py"]
        process = subprocess.Popen(command, cwd=root, env=settings, stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout is not None
            found = next(filter(None, (re.search(r"http://([\w.]+):(\d+)", line) for line in process.stdout)))
            yield Server(process, found[1], int(found[2]))
        finally:
            process.send_signal(signal.SIGCONT)
            process.terminate()
            process.communicate(timeout=20)


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Run the system's Chromium."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield browser
        await browser.close()


@asynccontextmanager
async def visitor(browser: Browser) -> AsyncIterator[BrowserContext]:
    """Let somebody come who was never here, with a window of 1280x800; the Draw tab shows all layers then."""
    context = await browser.new_context(viewport={"width": 1280, "height": 800})
    await context.add_init_script(path=PROBE)
    yield context
    await context.close()


class Traffic:
    """What a page asks the network for, as Chromium counts it; `begin` forgets."""

    def __init__(self) -> None:
        self.begin()

    @classmethod
    async def of(cls, cdp: CDPSession) -> "Traffic":
        """Hear a page's traffic from now on."""
        traffic = cls()
        cdp.on("Network.requestWillBeSent", traffic._ask)
        cdp.on("Network.dataReceived", traffic._receive)
        cdp.on("Network.loadingFinished", traffic._finish)
        await cdp.send("Network.enable")
        return traffic

    def begin(self) -> None:
        """Forget what was; of requests that are under way nothing counts any more."""
        self.addresses: dict[str, str] = {}  # by the request's id
        self.sent: dict[str, int] = {}  # bytes of bodies
        self.received: dict[str, int] = {}  # bytes on the wire, headers included once a request is done
        self.last = asyncio.get_running_loop().time()

    @property
    def total(self) -> int:
        """Bytes, both ways."""
        return sum(self.sent.values()) + sum(self.received.values())

    def answers(self) -> list[tuple[int, str]]:
        """Bytes and addresses of what was received, the largest first, without what came from the browser's cache."""
        return sorted(((size, self.addresses[one]) for one, size in self.received.items() if size), reverse=True)

    async def idle(self) -> None:
        """Wait until nothing was heard for a second."""
        while (rest := self.last + QUIET - asyncio.get_running_loop().time()) > 0:
            await asyncio.sleep(rest)

    def _ask(self, event: dict[str, Any]) -> None:
        request = event["request"]
        if not request["url"].startswith("http"):
            return
        self.addresses[event["requestId"]] = request["url"]
        self.sent[event["requestId"]] = len(request.get("postData", ""))
        self.received[event["requestId"]] = 0
        self.last = asyncio.get_running_loop().time()

    def _receive(self, event: dict[str, Any]) -> None:
        if event["requestId"] in self.received:
            self.received[event["requestId"]] += event["encodedDataLength"]
            self.last = asyncio.get_running_loop().time()

    def _finish(self, event: dict[str, Any]) -> None:
        if event["requestId"] in self.received:
            self.received[event["requestId"]] = event["encodedDataLength"]
            self.last = asyncio.get_running_loop().time()


@dataclass
class Seat:
    """A page with somebody in front of it."""

    page: Page
    cdp: CDPSession
    traffic: Traffic
    gaps: list[float] = field(default_factory=list)  # seconds between points, as they were sent

    @classmethod
    async def take(cls, context: BrowserContext, address: str) -> "Seat":
        """Open the page, and wait until its first example is read."""
        page = await context.new_page()
        cdp = await context.new_cdp_session(page)
        seat = cls(page, cdp, await Traffic.of(cdp))
        await page.goto(address)
        await page.wait_for_function("probe.first.reading", polling=20)
        return seat

    async def listen(self) -> None:
        """Hear the readings from now on, once all parts are in their places and nothing is loaded any more."""
        await expect(self.page.get_by_role("img", name="output, 10 units")).to_be_visible(timeout=30_000)
        await self.traffic.idle()
        await self.page.evaluate("probe.listen()")
        await self.settle()

    async def settle(self) -> None:
        """Wait for the reading of the last move, but not for ever."""
        try:
            await self.page.wait_for_function("probe.settled()", polling=50, timeout=PATIENCE)
        except TooLate:
            print("warning: the last move was not answered", file=sys.stderr)

    async def take_probe(self) -> dict[str, Any]:
        """All that the page noted since the last time."""
        return await self.page.evaluate("probe.take()")

    async def clear(self) -> None:
        """Begin with an empty pad, and count anew."""
        button = self.page.get_by_role("button", name="Clear", exact=True)
        if await button.is_enabled():
            await button.click()
        await self.settle()
        await self.take_probe()
        self.traffic.begin()

    async def draw(
        self, strokes: Strokes, pad: str = "Draw a digit", midway: Callable[[], Awaitable[None]] | None = None
    ) -> None:
        """Draw with the mouse at human speed; `midway` is done in the middle of the longest stroke.

        Events are sent without waiting for the page: a mouse doesn't wait either. Playwright's `mouse.move` would wait
        for the next frame, 16.7 ms, and so slow the pen down.
        """
        box = await self.page.get_by_role("img", name=pad).bounding_box()
        assert box is not None
        longest = max(strokes, key=len)
        for stroke in strokes:
            places = [(box["x"] + box["width"] * (0.2 + 0.0006 * x), box["y"] + box["height"] * (0.2 + 0.0006 * y))
                      for x, y in stroke]  # fmt: skip
            await self._stroke(places, midway if stroke is longest else None)

    async def _stroke(self, places: list[tuple[float, float]], midway: Callable[[], Awaitable[None]] | None) -> None:
        clock = asyncio.get_running_loop().time
        start, times, sent = clock(), [], []
        for i, place in enumerate(places):
            times.append(clock())
            sent.append(self._send("mouseMoved", place, pressed=i > 0))
            if i == 0:
                sent.append(self._send("mousePressed", place))
            if midway and i == len(places) // 2:
                await midway()
            await asyncio.sleep(start + (i + 1) * STEP - clock())
        sent.append(self._send("mouseReleased", places[-1]))
        self.gaps += [later - earlier for earlier, later in pairwise(times)]
        await asyncio.gather(*sent)

    def _send(self, kind: str, place: tuple[float, float], pressed: bool = True) -> asyncio.Task[Any]:
        button = {"button": "left", "buttons": int(kind != "mouseReleased"), "clickCount": int(kind != "mouseMoved")}
        event = {"type": kind, "x": place[0], "y": place[1], **(button if pressed else {})}
        return asyncio.ensure_future(self.cdp.send("Input.dispatchMouseEvent", event))
