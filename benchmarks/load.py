"""Print what crowds do to the page's server: python benchmarks/load.py [--visitors 1,10,100,1000] [--only PART,...]

Starts the page on this machine, and asks nobody else. Chromium opens it once: what it asks for then, visitors ask for,
who all come at once with nothing cached. They draw, of which the server hears nothing; every tenth sends a photo and,
as the page does, sends it again if the server is too busy; and somebody trains all the while. Those who ask and the
server share the machine's cores.
- `one`: one process, and more and more visitors;
- `memory`: the same crowd again and again;
- `two`: two replicas behind nginx, of which the one that trains is killed while the visitors open the page.
"""

import argparse
import asyncio
import json
import os
import random
import sys
import time
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from statistics import median, quantiles

from live_figures import row, table
from load_client import Line, Request, UnansweredError, browser, open_page
from load_page import Page
from load_servers import NGINX, Replica, nginx, replicas

PARTS = ["one", "memory", "two"]
MOST = 1000  # visitors
AT_ONCE = 100  # browsers that load at a time, 600 connections: within 1,024 open files; the others wait
LONGEST = 60.0  # seconds that a crowd may take
EVERY = 10  # of so many visitors, one sends a photo
RETRY = 0.5  # seconds after which the page sends a photo again
ROUNDS = 8  # of the same crowd, for the memory
HEADS = [
    "visitors", "requests", "errors", "page opened, s: median", "95 %", "all", "photos", "sent again",
    "photo answered, s: median", "95 %",
]  # fmt: skip


@dataclass
class Crowd:
    """Visitors who come at once, and what became of them."""

    page: Page
    port: int
    requests: int = 0
    opened: list[float] = field(default_factory=list)  # seconds
    photos: list[float] = field(default_factory=list)  # seconds
    again: int = 0  # photos sent again
    wrong: list[str] = field(default_factory=list)

    async def come(self, count: int) -> "Crowd":
        """Let so many visitors come now, and wait until all have what they came for."""
        places = asyncio.Semaphore(AT_ONCE)
        try:
            async with asyncio.timeout(LONGEST):
                await asyncio.gather(*(self._visit(number, places, time.monotonic()) for number in range(count)))
        except TimeoutError:
            self.wrong.append(f"not all of {count} visitors were done after {LONGEST:.0f} s")
        return self

    async def _visit(self, number: int, places: asyncio.Semaphore, came: float) -> None:
        session = a_name()
        try:
            async with places, browser(self.port) as lines:
                self.requests += len(self.page.opening)
                self.wrong += await open_page(lines, self.page.opening, session)
                self.opened.append(time.monotonic() - came)
                if number % EVERY == 0:
                    await self._send_photo(lines[0], session)
        except (OSError, UnansweredError) as error:
            self.wrong.append(f"{type(error).__name__}: {error}")

    async def _send_photo(self, line: Line, session: str) -> None:
        since = time.monotonic()
        self.requests += 1
        while (answer := json.loads(await line.ask(self.page.photo.of(session)))).get("again"):
            self.requests += 1
            self.again += 1
            await asyncio.sleep(RETRY)
        if answer.get("image") is None:
            self.wrong.append(f"photo: {answer}")
        self.photos.append(time.monotonic() - since)

    def cells(self) -> list[object]:
        """The row of a table, as HEADS say."""
        last = f"{max(self.opened, default=0):.2f}"
        photos = [len(self.photos), self.again, *_times(self.photos)]
        return [len(self.opened), f"{self.requests:,}", len(self.wrong), *_times(self.opened), last, *photos]


def _times(found: list[float]) -> list[str]:
    if not found:
        return ["", ""]
    late = quantiles(found, n=20, method="inclusive")[-1] if len(found) > 1 else found[0]
    return [f"{median(found):.2f}", f"{late:.2f}"]


def a_name() -> str:
    """A name as pages choose it for their sessions."""
    return f"{random.getrandbits(48):012x}"


@dataclass
class Trainer:
    """Somebody who trains one thing after another."""

    trained: int = 0
    broken: list[str] = field(default_factory=list)  # trainings of whose end nobody told

    @classmethod
    @asynccontextmanager
    async def at_work(cls, page: Page, port: int) -> AsyncIterator["Trainer"]:
        """Let somebody train until the context ends."""
        trainer = cls()
        task = asyncio.create_task(trainer._train(page, port))
        yield trainer
        task.cancel()

    async def _train(self, page: Page, port: int) -> None:
        session = a_name()
        while True:
            asked = json.loads(page.training.of(session).body)
            asked["event_data"]["form"]["seed"] = self.trained + len(self.broken)  # else it would be loaded
            try:
                async with browser(port, count=2) as (asking, listening):
                    await asking.ask(page.opening[0])
                    await asking.ask(Request(page.training.path, json.dumps(asked)))
                    stream = listening.events(Request(f"/gradio_api/queue/data?session_hash={session}"))
                    async with aclosing(stream) as events:
                        async for _ in events:
                            pass
                self.trained += 1
            except (OSError, UnansweredError) as error:
                self.broken.append(str(error))
                await asyncio.sleep(RETRY)


async def one(counts: list[int]) -> list[str]:
    """Print a row for every number of visitors. Return what went wrong, as all parts do."""
    print("\nOne process:\n")
    table(*HEADS, "memory before, MB", "after")
    wrong = []
    with replicas(1) as (server,):
        page = await Page.seen(server.port)
        async with Trainer.at_work(page, server.port) as trainer:
            for count in counts:
                before = server.memory
                crowd = await Crowd(page, server.port).come(count)
                row(*crowd.cells(), f"{before:.0f}", f"{server.memory:.0f}")
                wrong += crowd.wrong
        return wrong + trainer.broken


async def memory(counts: list[int]) -> list[str]:
    """Print what the server holds in memory after every one of some crowds of the same size, and a visitor's cost."""
    count, held, wrong = min(100, max(counts)), [], []
    with replicas(1) as (server,):
        page = await Page.seen(server.port)
        computed = server.computed
        for _ in range(ROUNDS):
            crowd = await Crowd(page, server.port).come(count)
            wrong += crowd.wrong
            held.append(f"{server.memory:.0f}")
        each = (server.computed - computed) / (ROUNDS * count)
    print(f"\nNobody trains. Memory after every {count} visitors: {', '.join(held)} MB")
    print(f"A visitor costs the process {1000 * each:.0f} ms of a core.")
    return wrong


async def two(counts: list[int]) -> list[str]:
    """Print a row for every number of visitors, while one of two replicas is killed."""
    print("\nTwo replicas behind nginx, the one that trains killed while the page is opened:\n")
    table(*HEADS, "trainings broken off", "trainings ended after that")
    wrong = []
    for count in counts:
        with replicas(2) as started, nginx([replica.port for replica in started]) as port:
            page = await Page.seen(port)
            async with Trainer.at_work(page, port) as trainer:
                victim = await busiest(started)
                coming = asyncio.create_task(Crowd(page, port).come(count))
                await asyncio.sleep(0.05 + 0.002 * count)
                victim.process.kill()
                before = trainer.trained
                crowd = await coming
                async with asyncio.timeout(LONGEST):
                    while trainer.trained == before:
                        await asyncio.sleep(0.1)
                row(*crowd.cells(), len(trainer.broken), trainer.trained - before)
                wrong += crowd.wrong
    return wrong


async def busiest(started: list[Replica]) -> Replica:
    """The replica that trains, by the time that it computes."""
    before = [replica.computed for replica in started]
    await asyncio.sleep(1)
    return max(zip(started, before, strict=True), key=lambda pair: pair[0].computed - pair[1])[0]


def main() -> None:
    """Measure and print whatever parts are asked for; exit with 1 if anything was not answered."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--visitors", default="1,10,100,1000", help=f"numbers, each at most {MOST}")
    parser.add_argument("--only", default=",".join(PARTS), help=f"parts, of {', '.join(PARTS)}")
    arguments = parser.parse_args()
    counts, parts = [int(count) for count in arguments.visitors.split(",")], arguments.only.split(",")
    if unknown := {*parts} - {*PARTS}:
        parser.error(f"no such part: {', '.join(unknown)}")
    if not all(0 < count <= MOST for count in counts):
        parser.error(f"a number of visitors is 1 to {MOST}")
    if "two" in parts and NGINX is None:
        parser.error("install nginx")
    print(f"{os.cpu_count()} cores, on which others put a load of {os.getloadavg()[0]:.1f} before")
    wrong = [line for part in parts for line in asyncio.run({"one": one, "memory": memory, "two": two}[part](counts))]
    for line in wrong[:10]:
        print(line[:300], file=sys.stderr)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
