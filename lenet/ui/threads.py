"""Training beside the page: in a thread of its own, which waits for nobody and has the cores to itself.

OpenMP keeps a team of threads for every thread that computes, and lets them all sleep between two operations as soon as
there are more of them than cores. On 2 cores, with one more team in the process, an epoch took 4.1 s instead of 2.7 s.
So whoever reads one digit does it with one thread, and only the thread that trains has a team.
"""

import asyncio
import os
import sys
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import copy_context
from threading import BoundedSemaphore, Event, Thread, get_native_id
from typing import TypeVar

import torch

from lenet.errors import LenetError

T = TypeVar("T")
CORES = torch.get_num_threads()
HEARTBEAT = 0.25  # seconds
AT_ONCE = 2  # of what takes longer than a reading
PATIENCE = 5.0  # seconds that it waits for its turn
NICE = 10  # of the thread that trains; 0 is what others have, 19 the last in the queue

_turns = BoundedSemaphore(AT_ONCE)


def use_one_core() -> None:
    """Let the calling thread compute without helpers."""
    torch.set_num_threads(1)


@contextmanager
def slow_slot() -> Iterator[None]:
    """What takes longer than a reading waits here for its turn, and computes without helpers.

    LenetError where too many do, so that a crowd cannot fill the server's threads.
    """
    if not _turns.acquire(timeout=PATIENCE):
        raise LenetError("Many people ask for much here just now. Try again in a moment.")
    use_one_core()
    try:
        yield
    finally:
        _turns.release()


def _step_back() -> None:
    """Let every other thread go first. On Linux a thread has a priority of its own, and its team inherits it."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, get_native_id(), NICE)


async def stream_from_thread(work: Callable[[Callable[[], bool]], Iterator[T]]) -> AsyncGenerator[list[T]]:
    """Run `work(stop)` in a thread with all cores, and hand out what it yields, as much as there is at a time.

    Without news there is an empty list every `HEARTBEAT`, so that whoever reads this notices in time when nobody reads
    it any more. When this generator is closed, `stop()` becomes true. What `work` raises is raised here.
    """
    loop = asyncio.get_running_loop()
    gone = Event()
    queue: asyncio.Queue[T | None] = asyncio.Queue()  # None: it is over
    failure: list[BaseException] = []

    def tell(item: T | None) -> None:
        if not gone.is_set():
            loop.call_soon_threadsafe(queue.put_nowait, item)

    def run() -> None:
        _step_back()
        torch.set_num_threads(CORES)
        try:
            for item in work(gone.is_set):
                tell(item)
        except BaseException as error:  # the reader's to handle
            failure.append(error)
        finally:
            tell(None)

    Thread(target=copy_context().run, args=(run,), name="training", daemon=True).start()  # keeps the request at hand
    try:
        over = False
        while not over:
            items: list[T] = []
            with suppress(TimeoutError, asyncio.QueueEmpty):
                item = await asyncio.wait_for(queue.get(), HEARTBEAT)
                while not (over := item is None):
                    items.append(item)
                    item = queue.get_nowait()
            yield items
        if failure:
            raise failure[0]
    finally:
        gone.set()
