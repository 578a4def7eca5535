"""Which thread computes with how many cores: training with all, in a thread of its own; everything else with one.

OpenMP keeps a team of threads for every thread that computes, and lets them all sleep between two operations as soon as
there are more of them than cores. On 2 cores, with one more team in the process, an epoch took 4.1 s instead of 2.7 s.
So only the thread that trains has a team.
"""

import asyncio
import os
import sys
from collections.abc import AsyncGenerator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from contextvars import copy_context
from threading import BoundedSemaphore, Event, Thread, get_native_id
from typing import TypeVar

import torch

from lenet.ui import shutdown
from lenet.ui.answers import BusyError

T = TypeVar("T")
CORES = torch.get_num_threads()
HEARTBEAT = 0.25  # seconds
MAX_SLOW = 2  # requests of a kind at once
MAX_WAITING = 10  # more of that kind, that wait: of the server's 40 threads most are always free
PATIENCE = 5.0  # seconds that a request waits for its turn
NICENESS = 10  # of the thread that trains: others have 0, and 19 would be the last to run


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


class Turns:
    """Turns of requests of one kind: `most` run at once, on one core each, and some more wait.

    Raise BusyError for more, and for one that waits too long, so that a crowd cannot fill the server's threads.
    """

    def __init__(self, most: int = MAX_SLOW, waiting: int = MAX_WAITING) -> None:
        self._admitted = BoundedSemaphore(most + waiting)
        self._running = BoundedSemaphore(most)

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """Take a turn, which ends with this block."""
        if not self._admitted.acquire(blocking=False):
            raise BusyError("server.busy")
        try:
            if not self._running.acquire(timeout=PATIENCE):
                raise BusyError("server.busy")
            try:
                use_one_core()
                yield
            finally:
                self._running.release()
        finally:
            self._admitted.release()


photo_turn = Turns()
slow_turn = Turns()  # of everything else that is slow: crowds of reports keep no photo waiting


def run_last(work: Callable[[], T]) -> T:
    """Run `work` in a thread of its own as trainings run: with all cores, after everything else. Return its result."""
    with ThreadPoolExecutor(1, initializer=_train_here) as pool:
        return pool.submit(copy_context().run, work).result()


def _train_here() -> None:
    """Let the calling thread use all cores, and every other thread go first.

    On Linux a thread has its own priority, which its OpenMP team inherits.
    """
    torch.set_num_threads(CORES)
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
            try:
                loop.call_soon_threadsafe(queue.put_nowait, item)
            except RuntimeError:  # the server is gone, and nobody reads
                closed.set()

    def run() -> None:
        _train_here()
        try:
            for item in work(closed.is_set):
                put(item)
        except BaseException as error:  # for the reader to handle
            failure.append(error)
        finally:
            put(None)

    context = copy_context()  # of the request
    shutdown.start_training(Thread(target=context.run, args=(run,), name="training", daemon=True))
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
