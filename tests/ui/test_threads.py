import asyncio
import itertools
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import partial

import pytest
import torch
from awaiting import awaited

from lenet.ui import threads
from lenet.ui.answers import BusyError


def test_a_stream_yields_even_when_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "HEARTBEAT", 0.01)
    silent = threading.Event()

    def work(stop):
        silent.wait(5)
        yield 1

    async def watch() -> list[list[int]]:
        seen = []
        async for items in threads.stream_from_thread(work):
            seen.append(items)
            if len(seen) == 3:
                silent.set()
        return seen

    seen = awaited(watch())
    assert seen[:3] == [[], [], []]
    assert [1] in seen


def test_what_work_raises_is_raised_to_the_reader() -> None:
    def work(stop):
        yield 1
        raise KeyError("lost")

    async def watch(seen: list[int]) -> None:
        async for items in threads.stream_from_thread(work):
            seen.extend(items)

    seen: list[int] = []
    with pytest.raises(KeyError, match="lost"):
        awaited(watch(seen))
    assert seen == [1]


def test_work_goes_on_to_its_end_when_the_server_is_gone() -> None:
    told, done = threading.Event(), threading.Event()

    def work(stop):
        yield 1
        told.wait(5)
        yield 2  # to nobody
        if stop():
            done.set()

    async def watch() -> None:
        stream = threads.stream_from_thread(work)
        await anext(stream)
        streams.append(stream)  # it is never closed

    def serve() -> None:
        loop = asyncio.new_event_loop()
        loop.run_until_complete(watch())
        loop.close()

    streams: list[object] = []
    with ThreadPoolExecutor(1) as server:
        server.submit(serve).result()
    told.set()
    assert done.wait(5)


def test_what_takes_long_waits_for_its_turn_and_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "PATIENCE", 0.01)
    refused = pytest.raises(BusyError, match="Try again in a moment")
    turn = threads.Turns()
    with turn(), turn(), refused, turn():
        pass
    with turn():
        pass


def test_beyond_the_few_that_wait_nobody_takes_up_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    turn, over = threads.Turns(), threading.Event()

    def visit() -> bool:
        try:
            with turn():
                return over.wait(5)
        except BusyError:
            return False

    crowd = threads.MAX_SLOW + threads.MAX_WAITING
    with ThreadPoolExecutor(2 * crowd) as pool:
        visits = [pool.submit(visit) for _ in range(2 * crowd)]
        for refused in itertools.islice(as_completed(visits), crowd):  # at once, while the others wait
            assert not refused.result()
        over.set()
        assert sum(visit.result() for visit in visits) == crowd


def test_what_runs_last_has_all_cores_and_leaves_this_thread_as_it_was() -> None:
    threads.use_one_core()
    assert threads.run_last(torch.get_num_threads) == threads.CORES
    assert torch.get_num_threads() == 1
    if sys.platform == "linux":
        priority = partial(os.getpriority, os.PRIO_PROCESS)
        assert threads.run_last(lambda: priority(threading.get_native_id())) == threads.NICENESS
        assert priority(threading.get_native_id()) == 0
    with pytest.raises(KeyError, match="lost"):
        threads.run_last(lambda: {}["lost"])
