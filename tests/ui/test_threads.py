import threading

import pytest
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


def test_what_takes_long_waits_for_its_turn_and_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "PATIENCE", 0.01)
    refused = pytest.raises(BusyError, match="Try again in a moment")
    with threads.slow_slot(), threads.slow_slot(), refused, threads.slow_slot():
        pass
    with threads.slow_slot():
        pass
