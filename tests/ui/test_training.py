import threading
import time
from collections.abc import Callable
from contextlib import aclosing

import pytest
import torch
from awaiting import awaited

from lenet import networks
from lenet.digits import mnist
from lenet.errors import LenetError
from lenet.runs import cache
from lenet.training import loop
from lenet.training.recipe import Recipe
from lenet.ui import build, form, training
from lenet.ui.queue import TrainingQueue, is_live
from lenet.ui.training import View, retrain


@pytest.fixture
def here(little, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page's data is small."""
    monkeypatch.setattr(mnist, "load", lambda choice: little)


def wished(epochs: object = 2, **other: object) -> training.Choose:
    values = {**form.defaults(), "epochs": epochs, **other}
    return lambda name: form.filled(values, name, "lenet5")


def views(
    choose: training.Choose,
    line: TrainingQueue | None = None,
    choice: str = "sample",
    heed: Callable[[View], object] = id,
) -> list[View]:
    """All views of a training; `heed` is called with each."""

    async def gathered() -> list[View]:
        found = []
        async for view in retrain(line or TrainingQueue(), choice, choose, "lenet5"):
            heed(view)
            found.append(view)
        return found

    return awaited(gathered())


def trainings() -> int:
    return sum(thread.name == "training" for thread in threading.enumerate())


def over(seconds: float = 10) -> bool:
    """Whether every training ends within that time."""
    end = time.monotonic() + seconds
    while trainings() and time.monotonic() < end:
        time.sleep(0.01)
    return not trainings()


def test_views_lead_from_the_click_to_the_run(here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "REPORT_EVERY", 0.0)
    first, *middle, last = views(wished())
    (run,) = cache.stored()
    assert (first.state, first.text) == ("training", "Getting the digits …")
    assert {view.state for view in middle} <= {"training", "done"}
    shares = [view.share for view in (first, *middle, last)]
    assert shares == sorted(shares)
    assert (last.state, last.share, last.epochs, last.key) == ("done", 1.0, 2, run.key)
    assert last.text == f"Done. {run.correct} of 256 test digits read, {100 * run.accuracy:.2f} %."
    assert [row[0] for row in last.training] == [0.5, 1.0, 1.5, 2.0]
    assert [row[0] for row in last.validation] == [1.0, 2.0]
    assert last.validation[1][1:] == (run.history[1]["validation_loss"], run.history[1]["validation_accuracy"])
    assert (last.previous, last.model, last.last_epoch) == ("lenet5", run.key, 2)


def test_the_drawing_is_read_by_the_weights_in_training(little, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "REPORT_EVERY", 0.0)
    line = TrainingQueue()
    ticket = line.join()
    view, shown = View(previous="lenet5"), []
    for event in cache.train(Recipe(data="sample", epochs=2), little):
        view = training.follow(view, event, little, ticket)
        if is_live(view.model) and (not shown or view.model != shown[-1][0]):
            network, age = line.live(view.model).shown
            assert all(torch.equal(values, event.weights[name]) for name, values in network.state_dict().items())
            shown.append((view.model, age))
    assert [age for _, age in shown] == [
        "before its first digit",
        "after 128 digits",
        "after 256 digits",
        "after epoch 1",
        "after epoch 2",
    ]


def test_the_second_time_says_when_it_was_trained_and_how_long_it_took(here) -> None:
    *_, first = views(wished(1))
    *_, again = views(wished(1))
    (run,) = cache.stored()
    assert again.text.startswith(f"Trained before, {run.date[:10]} ")
    assert again.detail.startswith("took ")
    assert (again.key, again.validation) == (first.key, first.validation)


@pytest.mark.parametrize(
    ("wish", "choice", "says"),
    [
        ({"epochs": 51}, "sample", "epochs 51 is out of bounds: 1 to 50"),
        ({"network": "lenet6"}, "sample", "Network must be one of: lenet5, "),
        ({"start": "somewhere"}, "sample", "start 'somewhere' is out of bounds"),
        ({}, "cifar", "unknown data 'cifar'"),
    ],
)
def test_what_a_visitor_cannot_have_ends_in_a_word(wish: dict, choice: str, says: str) -> None:
    line = TrainingQueue()
    *_, last = views(wished(**wish), line, choice)
    assert (last.state, last.key, last.model) == ("failed", "", "")
    assert says in last.text
    assert not line.busy()


def test_without_mnist_the_sample_is_used_and_the_view_says_so(no_network) -> None:
    first, *_, last = views(wished(1), choice="auto")
    assert first.text == "Downloading MNIST, 11 MB …"
    assert last.state == "done"
    assert "Using the sample instead" in last.text
    assert "no test figure of MNIST" in last.text


def test_a_folder_that_cannot_be_written_is_noticed_before_training(here, home) -> None:
    home.write_text("a file, not a folder")
    *_, last = views(wished(50))
    assert last.state == "failed"
    assert f"Cannot write runs to {home}" in last.text
    assert "Set LENET_HOME" in last.text


def test_the_deadline_ends_a_run_cleanly_and_keeps_what_was_learned(here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LENET_MAX_SECONDS", "0.2")
    *_, last = views(wished(50, batch=1))
    (run,) = cache.stored()
    assert not run.finished
    assert (last.state, last.key, last.model, last.previous) == ("stopped", run.key, "", "lenet5")
    assert last.text.startswith("Stopped at this page's limit of time; your network is as it was.")


@pytest.mark.parametrize("setting", ["LENET_MAX_SECONDS", "LENET_CACHE_MB"])
def test_a_setting_that_is_no_good_blocks_nobody(here, monkeypatch: pytest.MonkeyPatch, setting: str) -> None:
    monkeypatch.setenv(setting, "abc")
    line = TrainingQueue()
    *_, last = views(wished(), line)
    assert (last.state, last.text[: len(setting)]) == ("failed", setting)
    assert not line.busy()
    with pytest.raises(LenetError, match=f"{setting}=abc is not a number above 0"):
        build()


def test_a_run_that_diverges_stops_with_a_word_and_is_not_stored(here, monkeypatch: pytest.MonkeyPatch) -> None:
    preprocess = networks.modern.LeNet5.preprocess
    monkeypatch.setattr(
        networks.modern.LeNet5, "preprocess", lambda self, images: preprocess(self, images) * float("inf")
    )
    *_, last = views(wished())
    assert (last.state, last.model) == ("failed", "")
    assert "diverged in epoch 1" in last.text
    assert cache.stored() == []


def test_stop_acts_soon_and_keeps_what_was_learned_as_unfinished(here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "REPORT_EVERY", 0.0)
    line = TrainingQueue()
    asked: list[float] = []

    def heed(view: View) -> None:
        if view.validation and not asked:
            line.find(view.token).stop.set()
            asked.append(time.monotonic())

    *_, last = views(wished(50), line, heed=heed)
    assert time.monotonic() - asked[0] < 1
    (run,) = cache.stored()
    assert not run.finished
    assert (last.state, last.key, last.model) == ("stopped", run.key, "")
    assert last.text.startswith("Stopped; your network is as it was.")
    assert not line.busy()


def test_others_wait_with_their_place_shown_and_may_leave(here) -> None:
    line = TrainingQueue()
    first, second = line.join(), line.join()
    said: list[str] = []

    def heed(view: View) -> None:
        if view.text not in said:
            said.append(view.text)
        line.leave(second if len(said) == 1 else first)

    *_, last = views(wished(1), line, heed=heed)
    assert said[:3] == [
        "Waiting: one network is trained at a time, and yours is number 2 in the line.",
        "Waiting: one network is trained at a time, and yours is next.",
        "Getting the digits …",
    ]
    assert last.state == "done"

    line.join()
    *_, last = views(wished(1), line, heed=lambda view: line.find(view.token).stop.set())
    assert (last.state, last.text) == ("stopped", "You no longer wait to train.")


def test_a_reader_that_goes_away_ends_the_training_and_leaves_the_line(here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "REPORT_EVERY", 0.0)
    line = TrainingQueue()

    async def watch_a_little() -> None:
        async with aclosing(retrain(line, "sample", wished(50), "lenet5")) as seen:
            async for view in seen:
                if view.validation:
                    return

    awaited(watch_a_little())
    assert over()
    assert not line.busy()
    assert not any(run.finished for run in cache.stored())


def test_a_reader_that_goes_away_leaves_the_line_it_waited_in(here) -> None:
    line = TrainingQueue()
    line.join()

    async def look_once() -> None:
        async with aclosing(retrain(line, "sample", wished(), "lenet5")) as seen:
            await anext(seen)

    awaited(look_once())
    line.leave(line._tickets[0])
    assert not line.busy()


def test_a_view_is_json() -> None:
    assert View().json()["state"] == "idle"
    assert set(View().json()) >= {"text", "detail", "share", "epochs", "training", "validation"}
