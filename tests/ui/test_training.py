import base64
import errno
import os

import pytest
import torch
from retraining import views, wished
from safetensors.torch import load as from_bytes

from lenet import networks
from lenet.digits import mnist
from lenet.errors import InvalidError
from lenet.runs import cache, models, store
from lenet.training import loop
from lenet.ui import build, loading
from lenet.ui.queue import TrainingQueue


def test_views_lead_from_the_click_to_the_run(here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "REPORT_EVERY", 0.0)
    first, *middle, last = views(wished())
    (run,) = cache.stored()
    assert (first.state, first.message.key) == ("training", "training.loading")
    assert {view.state for view in middle} <= {"training", "done"}
    progress = [view.progress for view in (first, *middle, last)]
    assert progress == sorted(progress)
    assert (last.state, last.progress, last.epochs, last.key) == ("done", 1.0, 2, run.key)
    assert str(last.message) == f"Done. Test accuracy {100 * run.accuracy:.2f}% ({run.correct} of 256)."
    assert [row[0] for row in last.training] == [0.5, 1.0, 1.5, 2.0]
    assert [row[0] for row in last.validation] == [1.0, 2.0]
    assert last.validation[1][1:] == (run.history[1]["validation_loss"], run.history[1]["validation_accuracy"])
    assert (last.previous, last.model, last.last_epoch) == ("lenet5", run.key, 2)


def test_a_training_tells_the_estimate_how_long_it_took(here) -> None:
    queue = TrainingQueue()
    views(wished(batch=64), queue)
    assert 1e-6 < queue.pace.get(wished(batch=64)("sample")) < 0.1
    assert queue.pace.get(wished(batch=32)("sample")) is None


def test_the_second_time_says_when_it_was_trained_and_how_long_it_took(here) -> None:
    *_, first = views(wished(1))
    *_, again = views(wished(1))
    (run,) = cache.stored()
    assert str(again.message).startswith(f"Loaded from an earlier run ({run.date[:10]}). Test accuracy ")
    assert str(again.detail).startswith("trained in ")
    assert (again.key, again.validation) == (first.key, first.validation)


@pytest.mark.parametrize(
    ("wish", "choice", "says"),
    [
        ({"epochs": 51}, "sample", "Epochs must be a whole number from 1 to 50"),
        ({"network": "lenet6"}, "sample", "Network must be one of"),
        ({"start": "somewhere"}, "sample", "Initialize from must be one of"),
        ({"data": "cifar"}, "cifar", "Data must be one of"),
    ],
)
def test_what_a_visitor_cannot_have_ends_in_a_word(wish: dict, choice: str, says: str) -> None:
    queue = TrainingQueue()
    *_, last = views(wished(**wish), queue, choice)
    assert (last.state, last.key, last.model) == ("failed", "", "")
    assert says in str(last.message)
    assert not queue.busy()


def test_without_mnist_the_sample_is_used_and_the_view_says_so(no_network) -> None:
    first, *_, last = views(wished(1), choice="auto")
    assert first.message.key == "training.downloading"
    assert last.state == "done"
    assert "Using the built-in sample instead" in str(last.message)
    assert "not comparable with MNIST test accuracy" in str(last.message)


def test_without_mnist_there_are_no_pens_beside_it(no_network) -> None:
    *_, last = views(wished(1, data="mnist+pens"), choice="mnist+pens")
    assert last.state == "failed"
    assert "MNIST could not be downloaded" in str(last.message)
    assert cache.stored() == []


def test_a_folder_that_cannot_be_written_is_noticed_before_training(here, home) -> None:
    home.write_text("a file, not a folder")
    *_, last = views(wished(50))
    assert last.state == "failed"
    assert f"Cannot write runs to {home}" in str(last.message)
    assert "Set LENET_HOME" in str(last.message)


def test_the_deadline_ends_a_run_cleanly_and_keeps_what_was_learned(here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LENET_MAX_SECONDS", "0.2")
    *_, last = views(wished(50, batch=1))
    (run,) = cache.stored()
    assert not run.finished
    assert (last.state, last.key, last.model, last.previous) == ("stopped", run.key, "", "lenet5")
    assert str(last.message).startswith("Stopped at this page's time limit. Your current model is unchanged")


def full(*arguments: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_run_that_cannot_be_saved_says_why_goes_on_reading_and_can_be_downloaded(
    here, home, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue = TrainingQueue()
    with monkeypatch.context() as disk:
        disk.setattr(store, "save", full)
        *_, last = views(wished(1), queue)
    assert (last.state, last.key, last.model) == ("done", "", last.unsaved)
    assert str(last.message).startswith("This run could not be saved (No space left on device). Test accuracy ")
    assert not queue.busy()
    asked = {"model": last.unsaved}

    loaded = loading.loader(queue)(asked)
    file = loading.rescuer(queue)(asked)
    store.folder().joinpath(file["name"]).write_bytes(base64.b64decode(file["content"]))
    (run,) = cache.stored()
    about = loaded["about"]
    assert (about["run"], about["accuracy"], about["threshold"]) == (run.key[:8], run.accuracy, run.threshold)
    assert (about["id"], about["live"], about["part"]) == (last.unsaved, False, "test")
    shown = from_bytes(base64.b64decode(loaded["weights"]))
    assert all(torch.equal(value, shown[name]) for name, value in store.read(store.path(run.key))[1].items())
    *_, again = views(wished(1), queue)
    assert str(again.message).startswith("Loaded from an earlier run")


def test_a_stopped_run_that_cannot_be_saved_leaves_the_model_as_it_was(here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LENET_MAX_SECONDS", "0.2")
    monkeypatch.setattr(store, "save", full)
    *_, last = views(wished(50, batch=1))
    assert (last.state, last.key, last.model, last.previous) == ("stopped", "", "", "lenet5")
    assert last.unsaved


@pytest.mark.parametrize("wrong", [None, {}, {"model": 5}, {"model": "lenet5"}, {"model": "live:other:1"}])
def test_only_what_could_not_be_saved_is_offered(wrong: object) -> None:
    queue = TrainingQueue()
    ticket = queue.join()
    in_training = ticket.show(wished()("sample"), models.load_model("lenet5").state_dict(), epoch=1)
    for message in (wrong, {"model": in_training}):
        assert loading.rescuer(queue)(message).keys() <= {"error", "gone"}


@pytest.mark.parametrize("setting", ["LENET_MAX_SECONDS", "LENET_CACHE_MB"])
def test_a_setting_that_is_no_good_blocks_nobody(here, monkeypatch: pytest.MonkeyPatch, setting: str) -> None:
    monkeypatch.setenv(setting, "abc")
    queue = TrainingQueue()
    *_, last = views(wished(), queue)
    assert (last.state, str(last.message)[: len(setting)]) == ("failed", setting)
    assert not queue.busy()
    with pytest.raises(InvalidError, match=f"{setting}=abc is not a number above 0"):
        build()


def test_a_run_that_diverges_stops_with_a_word_and_is_not_stored(here, monkeypatch: pytest.MonkeyPatch) -> None:
    preprocess = networks.modern.LeNet5.preprocess
    monkeypatch.setattr(
        networks.modern.LeNet5, "preprocess", lambda self, images: preprocess(self, images) * float("inf")
    )
    *_, last = views(wished())
    assert (last.state, last.model) == ("failed", "")
    assert "diverged in epoch 1" in str(last.message)
    assert cache.stored() == []


def test_a_recipe_out_of_bounds_is_refused_before_it_waits_or_loads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mnist, "load", lambda choice: pytest.fail("the data was loaded"))
    queue = TrainingQueue()
    queue.join()
    (view,) = views(wished(rate=5), queue, "auto")
    assert (view.state, str(view.message)) == ("failed", "Peak learning rate must be above 0 and at most 1.")
