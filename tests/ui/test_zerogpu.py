import sys
from importlib import reload
from types import SimpleNamespace

import pytest

from lenet.digits import mnist
from lenet.runs import cache
from lenet.training import loop
from lenet.training.recipe import Recipe
from lenet.ui import zerogpu


@pytest.fixture
def here(little, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page's data is small."""
    monkeypatch.setattr(mnist, "load", lambda choice: little)


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


def test_on_zerogpu_training_runs_where_the_gpu_is_lent(space, little, here) -> None:
    *_, last = cache.train(Recipe(data="sample", epochs=2), little, fit=zerogpu.fit)
    assert last.run.finished
    assert space == [36]


def test_on_zerogpu_a_stopped_run_is_given_up(space, little, here) -> None:
    events = list(zerogpu.fit(Recipe(data="sample"), little, lambda: True))
    assert [type(event).__name__ for event in events] == ["Started", "Finished"]
    assert events[-1].stopped


def test_on_zerogpu_what_was_learned_until_the_stop_is_kept(space, little, here, monkeypatch) -> None:
    monkeypatch.setattr(loop, "REPORT_EVERY", 0.0)
    asked: list[int] = []
    events = list(zerogpu.fit(Recipe(data="sample"), little, lambda: asked.append(1) or len(asked) > 2))
    *_, progress, last = events
    assert last.stopped
    assert last.weights is progress.weights


def test_elsewhere_nothing_is_lent() -> None:
    assert zerogpu.fit is loop.fit
