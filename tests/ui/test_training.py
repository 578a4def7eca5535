import sys
import threading
from importlib import reload
from types import SimpleNamespace

import pytest

from lenet import data, runs, train
from lenet.ui import background, training, zerogpu
from lenet.ui.training import View, retrain


@pytest.fixture
def here(little, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page's data is small."""
    monkeypatch.setattr(data, "load", lambda choice: little)


def test_views_lead_from_the_click_to_the_run(here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train, "REPORT_EVERY", 0.0)
    first, *middle, last = retrain("lenet5", "sample", 2)
    (run,) = runs.stored()
    assert (first.state, first.text) == ("training", "Getting the digits …")
    assert {view.state for view in middle} == {"training"}
    assert [view.share for view in middle] == sorted(view.share for view in middle)
    assert (last.state, last.share, last.epochs, last.key) == ("done", 1.0, 2, run.key)
    assert last.text == f"Done. {run.correct} of 256 test digits read, {100 * run.accuracy:.2f} %."
    assert [row[0] for row in last.training] == [0.5, 1.0, 1.5, 2.0]
    assert [row[0] for row in last.validation] == [1.0, 2.0]
    assert last.validation[1][1:] == (run.history[1]["validation_loss"], run.history[1]["validation_accuracy"])


def test_the_second_time_says_when_it_was_trained_and_how_long_it_took(here) -> None:
    *_, first = retrain("lenet5", "sample", 1)
    *_, again = retrain("lenet5", "sample", 1)
    (run,) = runs.stored()
    assert again.text.startswith(f"Trained before, {run.date[:10]} ")
    assert again.aside.startswith("took ")
    assert (again.key, again.validation) == (first.key, first.validation)


def test_what_a_visitor_cannot_have_ends_in_a_word() -> None:
    for arguments, says in (
        (("lenet5", "sample", 51), "epochs 51 is out of bounds: 1 to 50"),
        (("lenet5", "sample", 0), "epochs 0 is out of bounds: 1 to 50"),
        (("lenet5", "sample", None), "epochs None is out of bounds: 1 to 50"),
        (("lenet5", "sample", "3"), "epochs '3' is out of bounds: 1 to 50"),
        (("lenet5", "sample", True), "epochs True is out of bounds"),
        (("lenet6", "sample", 1), "unknown network 'lenet6'"),
        (("lenet5", "cifar", 1), "unknown data 'cifar'"),
    ):
        *_, last = retrain(*arguments)
        assert (last.state, last.key) == ("failed", "")
        assert says in last.text


def test_without_mnist_the_sample_is_used_and_the_view_says_so(no_network, monkeypatch: pytest.MonkeyPatch) -> None:
    first, *_, last = retrain("lenet5", "auto", 1)
    assert first.text == "Downloading MNIST, 11 MB …"
    assert last.state == "done"
    assert "Using the sample instead" in last.text
    assert "no test figure of MNIST" in last.text


def test_a_folder_that_cannot_be_written_is_noticed_before_training(here, home, monkeypatch) -> None:
    home.write_text("a file, not a folder")
    *_, last = retrain("lenet5", "sample", 50)
    assert last.state == "failed"
    assert f"Runs cannot be kept in {home}" in last.text
    assert "Set LENET_HOME" in last.text


def test_a_page_may_offer_fewer_epochs(here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LENET_MAX_EPOCHS", "3")
    *_, last = retrain("lenet5", "sample", 4)
    assert (last.state, last.text) == ("failed", "epochs 4 is out of bounds: 1 to 3 on this page")


def test_the_deadline_ends_a_run_cleanly(here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LENET_MAX_SECONDS", "0.000001")
    *_, last = retrain("lenet5", "sample", 50)
    assert last.state == "stopped"
    assert "limit" in last.text
    assert runs.stored() == []


def test_a_reader_that_goes_away_ends_the_training(here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train, "REPORT_EVERY", 0.0)
    views = retrain("lenet5", "sample", 50)
    while not next(views).validation:
        pass
    views.close()
    assert not any(thread.name == "training" for thread in threading.enumerate())
    assert runs.stored() == []


def test_what_work_raises_is_raised_to_the_reader() -> None:
    def work(stop):
        yield 1
        raise KeyError("lost")

    seen = []
    with pytest.raises(KeyError, match="lost"):
        seen.extend(items for items in background.gather(work))
    assert seen == [[1]]


def test_a_view_is_json() -> None:
    assert View().json()["state"] == "idle"
    assert set(View().json()) >= {"text", "aside", "share", "epochs", "training", "validation"}


@pytest.fixture
def space(monkeypatch: pytest.MonkeyPatch):
    """A stand-in for a ZeroGPU Space: its decorator notes what it was given."""
    lent = []

    def gpu(duration):
        def decorate(function):
            def lending(*arguments):
                lent.append(duration(*arguments))
                yield from function(*arguments)

            return lending

        return decorate

    monkeypatch.setenv("SPACES_ZERO_GPU", "true")
    monkeypatch.setitem(sys.modules, "spaces", SimpleNamespace(GPU=gpu))
    reload(zerogpu)
    yield lent
    monkeypatch.undo()
    reload(zerogpu)


def test_on_zerogpu_training_runs_where_the_gpu_is_lent(space, here) -> None:
    *_, last = training.retrain("lenet5", "sample", 2)
    assert last.state == "done"
    assert space == [36]


def test_on_zerogpu_a_stopped_run_is_given_up(space, little, here) -> None:
    events = list(zerogpu.fit(train.Recipe(data="sample"), little, lambda: True))
    assert [type(event).__name__ for event in events] == ["Started", "Finished"]
    assert events[-1].stopped


def test_elsewhere_nothing_is_lent() -> None:
    assert zerogpu.fit is train.fit
