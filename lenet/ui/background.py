"""Training beside the page: in a thread of its own, which waits for nobody and has the cores to itself.

OpenMP keeps a team of threads for every thread that computes, and lets them all sleep between two operations as soon as
there are more of them than cores. On 2 cores, with one more team in the process, an epoch took 4.1 s instead of 2.7 s.
So whoever reads one digit does it with one thread, and only the thread that trains has a team.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextvars import copy_context
from queue import SimpleQueue
from threading import Event, Thread, get_native_id
from typing import TypeVar

import torch

T = TypeVar("T")
CORES = torch.get_num_threads()
NICE = 10  # of the thread that trains; 0 is what others have, 19 the last in the queue


def use_one_core() -> None:
    """Let the calling thread compute without helpers."""
    torch.set_num_threads(1)


def _step_back() -> None:
    """Let every other thread go first. On Linux a thread has a priority of its own, and its team inherits it."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, get_native_id(), NICE)


def gather(work: Callable[[Callable[[], bool]], Iterator[T]]) -> Iterator[list[T]]:
    """Run `work(stop)` in a thread with all cores, and hand out what it yields, as much as there is at a time.

    When the reader of this generator goes away, `stop()` becomes true, and the thread is waited for. What `work` raises
    is raised here.
    """
    gone = Event()
    queue: SimpleQueue[T | None] = SimpleQueue()
    failure: list[BaseException] = []

    def run() -> None:
        _step_back()
        torch.set_num_threads(CORES)
        try:
            for item in work(gone.is_set):
                queue.put(item)
        except BaseException as error:  # the reader's to handle
            failure.append(error)
        finally:
            queue.put(None)

    thread = Thread(target=copy_context().run, args=(run,), name="training", daemon=True)  # keeps the request at hand
    thread.start()
    try:
        items: list[T] = []
        while (item := queue.get()) is not None:
            items.append(item)
            if queue.empty():
                yield items
                items = []
        if items:
            yield items
        if failure:
            raise failure[0]
    finally:
        gone.set()
        thread.join()
