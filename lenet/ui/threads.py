"""Which thread computes with how many cores: training with all, in a thread of its own; everything else with one.

OpenMP keeps a team of threads for every thread that computes, and lets them all sleep between two operations as soon as
there are more of them than cores. On 2 cores, with one more team in the process, an epoch took 4.1 s instead of 2.7 s.
So only the thread that trains has a team.
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

from lenet.ui.answers import BusyError

T = TypeVar("T")
CORES = torch.get_num_threads()
HEARTBEAT = 0.25  # seconds
MAX_SLOW = 2  # requests at once that take longer than a reading
PATIENCE = 5.0  # seconds that such a request waits for its turn
NICENESS = 10  # of the thread that trains: others have 0, and 19 would be the last to run

_slots = BoundedSemaphore(MAX_SLOW)


def use_one_core() -> None:
    """Let the calling thread compute on one core."""
    torch.set_num_threads(1)


@contextmanager
def own_cores() -> Iterator[None]:
    """Give the calling thread its cores back afterwards, as a notebook's needs them for its other cells.

    PyTorch counts for each thread, and begins new ones, such as the server's, with what any thread has set last: one.
    """
    cores = torch.get_num_threads()
    try:
        yield
    finally:
        torch.set_num_threads(cores)
        last = Thread(target=use_one_core)
        last.start()
        last.join()


@contextmanager
def slow_slot() -> Iterator[None]:
    """At most two slow requests run at once, one thread each.

    Raise BusyError if no slot becomes free in time, so that a crowd cannot fill the server's threads.
    """
    if not _slots.acquire(timeout=PATIENCE):
        raise BusyError("server.busy")
    use_one_core()
    try:
        yield
    finally:
        _slots.release()


def _lower_priority() -> None:
    """Let every other thread go first. On Linux a thread has its own priority, which its OpenMP team inherits."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, get_native_id(), NICENESS)


async def stream_from_thread(work: Callable[[Callable[[], bool]], Iterator[T]]) -> AsyncGenerator[list[T]]:
    """Run `work(stop)` in a thread with all cores; yield lists of what it yields meanwhile.

    Yield [] every HEARTBEAT, so a closed client is noticed. Closing this generator makes `stop()` true. What `work`
    raises is raised here.
    """
    loop = asyncio.get_running_loop()
    closed = Event()
    queue: asyncio.Queue[T | None] = asyncio.Queue()  # None: the end
    failure: list[BaseException] = []

    def put(item: T | None) -> None:
        if not closed.is_set():
            loop.call_soon_threadsafe(queue.put_nowait, item)

    def run() -> None:
        _lower_priority()
        torch.set_num_threads(CORES)
        try:
            for item in work(closed.is_set):
                put(item)
        except BaseException as error:  # for the reader to handle
            failure.append(error)
        finally:
            put(None)

    Thread(target=copy_context().run, args=(run,), name="training", daemon=True).start()  # the context of the request
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
        closed.set()
