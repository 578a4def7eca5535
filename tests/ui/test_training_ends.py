"""Trainings that are stopped, wait or are left."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing

import pytest
from awaiting import awaited
from retraining import views, wished
from visiting import NOBODY

from lenet.digits import mnist
from lenet.runs import cache
from lenet.training import loop
from lenet.ui.queue import TrainingQueue
from lenet.ui.training import retrain
from lenet.ui.training_view import View


def trainings() -> int:
    return sum(thread.name == "training" for thread in threading.enumerate())


def over(seconds: float = 10) -> bool:
    """Whether every training ends within that time."""
    end = time.monotonic() + seconds
    while trainings() and time.monotonic() < end:
        time.sleep(0.01)
    return not trainings()


def test_stop_acts_soon_and_keeps_what_was_learned_as_unfinished(here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "REPORT_EVERY", 0.0)
    queue = TrainingQueue()
    asked: list[float] = []

    def handler(view: View) -> None:
        if view.validation and not asked:
            queue.stop(view.token)
            asked.append(time.monotonic())

    *_, last = views(wished(50), queue, handler=handler)
    assert time.monotonic() - asked[0] < 1
    (run,) = cache.stored()
    assert not run.finished
    assert (last.state, last.key, last.model) == ("stopped", run.key, "")
    assert str(last.message).startswith("Stopped. Your current model is unchanged")
    assert not queue.busy()


def test_others_wait_with_their_place_shown_and_may_leave(here) -> None:
    queue = TrainingQueue()
    first, second = queue.join(), queue.join()
    seen: list[str] = []

    def handler(view: View) -> None:
        if str(view.message) not in seen:
            seen.append(str(view.message))
        queue.leave(second if len(seen) == 1 else first)

    *_, last = views(wished(1), queue, handler=handler)
    assert seen[:3] == [
        "In the queue: position 2. (One training runs at a time.)",
        "In the queue: you're next. (One training runs at a time.)",
        "Loading data…",
    ]
    assert last.state == "done"

    queue.join()
    *_, last = views(wished(1), queue, handler=lambda view: queue.stop(view.token))
    assert (last.state, str(last.message)) == ("stopped", "You left the queue.")


def test_a_reader_that_goes_away_ends_the_training_and_leaves_the_queue(here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "REPORT_EVERY", 0.0)
    queue = TrainingQueue()

    async def watch_a_little() -> None:
        async with aclosing(retrain(queue, "sample", wished(50), "lenet5", NOBODY)) as seen:
            async for view in seen:
                if view.validation:
                    return

    awaited(watch_a_little())
    assert over()
    assert not queue.busy()
    assert not any(run.finished for run in cache.stored())


def test_a_reader_that_goes_away_leaves_the_queue_it_waited_in(here) -> None:
    queue = TrainingQueue()
    queue.join()

    async def look_once() -> None:
        async with aclosing(retrain(queue, "sample", wished(), "lenet5", NOBODY)) as seen:
            await anext(seen)

    awaited(look_once())
    queue.leave(queue._tickets[0])
    assert not queue.busy()


def test_a_download_that_stalls_holds_up_nobody_and_is_left(here, monkeypatch: pytest.MonkeyPatch) -> None:
    going_on, queue = threading.Event(), TrainingQueue()

    def stall(heard: Callable[[int], None]) -> None:
        heard(1_500_000)
        going_on.wait(20)

    monkeypatch.setattr(mnist, "at_hand", lambda: False)
    monkeypatch.setattr(mnist, "download", stall)
    others: list[View] = []

    def watch(view: View) -> None:
        if view.progress and not others:
            others.extend(views(wished(), queue))
            queue.stop(view.token)

    with ThreadPoolExecutor(1) as pool:  # the other visitor has an event loop of their own
        apart = lambda view: pool.submit(watch, view).result()  # noqa: E731
        loading, *_, last = views(wished(), queue, "mnist", apart)
    going_on.set()
    assert others[-1].state == "done"
    assert last.state == "stopped"
    assert loading.message.key == "training.downloading"
