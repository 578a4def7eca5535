"""Training on a Space on ZeroGPU, whose rules a stand-in enforces: `tests/zerogpu/`."""

import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module, reload
from pathlib import Path
from typing import Any

import pytest
import torch
from awaiting import awaited
from retraining import views, wished
from visiting import NOBODY

from lenet.errors import DivergedError, LenetError
from lenet.runs import cache
from lenet.training import loop
from lenet.training.recipe import Recipe
from lenet.training.teach import learn
from lenet.ui import dead_relu, zerogpu
from lenet.ui.queue import TrainingQueue

ZEROGPU = Path(__file__).parent.parent / "zerogpu"
pytestmark = pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning")  # as ZeroGPU itself does


@pytest.fixture
def space(here, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """This process is a Space's on ZeroGPU; gives what lends."""
    monkeypatch.syspath_prepend(ZEROGPU)
    lending = import_module("lending")
    monkeypatch.setenv("SPACES_ZERO_GPU", "true")
    monkeypatch.setitem(sys.modules, "spaces", lending)
    lending.patch()
    lending.lent.clear()
    reload(zerogpu)
    yield lending
    lending.unpatch()
    monkeypatch.undo()
    reload(zerogpu)


def test_the_page_retrains_where_the_gpu_is_lent(space) -> None:
    *_, last = views(wished(2))
    (run,) = cache.stored()
    assert (last.state, last.key) == ("done", run.key)
    assert space.lent == [36]


def test_a_run_is_the_same_as_elsewhere(space, little) -> None:
    recipe = Recipe(data="sample", epochs=2)
    lent = [*zerogpu.fit(recipe, little, lambda: False, start=None)]
    space.unpatch()
    if torch.cuda.is_available():
        pytest.skip("needs a machine without CUDA, where both train on the same device")
    with ThreadPoolExecutor(1, initializer=torch.set_num_threads, initargs=(1,)) as pool:
        *_, own = pool.submit(lambda: [*loop.fit(recipe, little)]).result()
    assert lent[-1].weights.keys() == own.weights.keys()
    assert all(torch.equal(values, own.weights[name]) for name, values in lent[-1].weights.items())


def test_cuda_is_nobodys_outside(space, little) -> None:
    assert torch.cuda.is_available()
    with pytest.raises(RuntimeError, match="outside"):
        next(loop.fit(Recipe(data="sample"), little))


def test_the_networks_with_and_without_a_relu_on_the_logits_are_trained_there_too(
    space, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dead_relu, "EPOCHS", 1)

    async def gathered() -> list[dead_relu.View]:
        return [view async for view in dead_relu.watch(TrainingQueue(), NOBODY)]

    *_, last = awaited(gathered())
    assert [row.epoch for row in last.rows] == [1, 1]
    assert len(space.lent) == 2


def test_a_stopped_run_is_given_up(space, little) -> None:
    events = list(zerogpu.fit(Recipe(data="sample"), little, lambda: True, start=None))
    assert [type(event).__name__ for event in events] == ["Started", "Finished"]
    assert events[-1].stopped


def test_what_was_learned_until_the_stop_is_kept(space, little, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "REPORT_EVERY", 0.0)
    asked: list[int] = []
    events = list(zerogpu.fit(Recipe(data="sample"), little, lambda: asked.append(1) or len(asked) > 2, start=None))
    *_, progress, last = events
    assert last.stopped
    assert last.weights is progress.weights


def test_weights_that_came_leave_no_file_open(space, little) -> None:
    before = len(os.listdir("/proc/self/fd"))
    events = list(zerogpu.fit(Recipe(data="sample", epochs=3), little, lambda: False, start=None))
    assert len(events) >= 5
    assert len(os.listdir("/proc/self/fd")) <= before + 1


def test_more_than_zerogpu_lends_is_refused_in_words(space) -> None:
    *_, last = views(wished(50))
    assert last.state == "failed"
    assert str(last.message).startswith("ZeroGPU could not run this training: The requested GPU duration (180s) is")


def test_a_process_that_is_taken_away_is_told_in_words(space, little, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "fit", lambda *arguments, **options: os._exit(1))
    with pytest.raises(LenetError, match="GPU task aborted"):
        list(zerogpu.fit(Recipe(data="sample"), little, lambda: False, start=None))


def test_our_own_errors_come_back_whole(space, little, monkeypatch: pytest.MonkeyPatch) -> None:
    def diverge(*arguments, **options) -> Iterator[loop.Event]:
        raise DivergedError("training.diverged", epoch=3, loss="nan")
        yield

    monkeypatch.setattr(loop, "fit", diverge)
    with pytest.raises(LenetError) as caught:
        list(zerogpu.fit(Recipe(data="sample"), little, lambda: False, start=None))
    assert caught.value.message == DivergedError("training.diverged", epoch=3, loss="nan").message


def test_elsewhere_nothing_is_lent() -> None:
    assert zerogpu.fit is learn
