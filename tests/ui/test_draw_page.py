from collections.abc import Callable
from contextlib import aclosing
from typing import Any

import gradio as gr
import pytest
from awaiting import awaited
from said import said
from training import trained
from visiting import a_request

from lenet.digits import mnist
from lenet.runs import models
from lenet.training.recipe import Recipe
from lenet.ui import build, form


@pytest.fixture
def page(little, monkeypatch: pytest.MonkeyPatch) -> gr.Blocks:
    """The page; its data is small from now on."""

    async def built() -> gr.Blocks:  # where no event loop runs, Gradio opens some and does not close them
        return build()

    blocks = awaited(built())
    monkeypatch.setattr(mnist, "load", lambda choice: little)
    return blocks


def part(page: gr.Blocks, name: str) -> gr.HTML:
    """The part of that name, by what its script mounts."""
    return next(b for b in page.blocks.values() if isinstance(b, gr.HTML) and f"mount({name!r}" in str(b.js_on_load))


def handler(page: gr.Blocks, name: str, event: str) -> Callable[..., Any]:
    """What hears an event of a part."""
    target = part(page, name)._id, event
    (found,) = (fn.fn for fn in page.fns.values() if target in fn.targets)
    assert found
    return found


def views(page: gr.Blocks, event: str, data: object) -> list[dict[str, Any]]:
    """All views that an event of the training part leads to."""

    async def gathered() -> list[dict[str, Any]]:
        async with aclosing(handler(page, "training", event)(gr.EventData(None, data), a_request())) as stream:
            return [view async for view in stream]

    return awaited(gathered())


def test_the_event_says_what_to_train_and_which_model_classifies_now(page) -> None:
    values = {**form.defaults(), "data": "sample", "epochs": 1, "start": "current"}
    *_, last = views(page, "start", {"form": values, "model": "lenet5"})
    assert (last["state"], last["previous"]) == ("done", "lenet5")
    assert models.load_run(last["key"]).recipe.start == models.load_run("lenet5").key


def test_a_run_is_continued_by_its_key(page, little) -> None:
    run = trained(Recipe(data="sample", epochs=2), little).run
    *_, last = views(page, "continue", {"key": run.key, "epochs": 1, "model": run.key})
    assert (last["state"], last["epochs"], last["previous"]) == ("done", 1, run.key)
    *_, last = views(page, "continue", {"key": run.key, "epochs": None, "model": run.key})
    assert (last["state"], last["epochs"]) == ("done", 2)


@pytest.mark.parametrize(
    ("event", "data", "says"),
    [
        ("start", {"form": {"epochs": 99}, "model": "lenet5"}, "Epochs must be a whole number"),
        ("start", None, "can't read this form"),
        ("start", {"form": 5}, "can't read this form"),
        ("start", {"form": {"start": "current"}, "model": "lenet6"}, "lenet6"),
        ("continue", {"key": "0" * 64, "epochs": 1, "model": "lenet5"}, "This run was deleted. Train it again."),
        ("continue", {"key": "lenet5", "epochs": "many", "model": "lenet5"}, "Epochs must be a whole number"),
        ("continue", [], "This run was deleted"),
    ],
)
def test_what_cannot_be_trained_ends_in_a_word(page, event: str, data: object, says: str) -> None:
    *_, last = views(page, event, data)
    assert last["state"] == "failed"
    assert says in said(last["message"])


def test_a_training_is_stopped_by_its_token(page) -> None:
    stop = handler(page, "training", "stop")

    async def stopped() -> list[dict[str, Any]]:
        found = []
        values = {**form.defaults(), "data": "sample", "epochs": 50}
        start = handler(page, "training", "start")
        async with aclosing(start(gr.EventData(None, {"form": values, "model": "lenet5"}), a_request())) as stream:
            async for view in stream:
                found.append(view)
                stop(gr.EventData(None, {"token": view["token"]}))
        return found

    *_, last = awaited(stopped())
    assert (last["state"], last["model"]) == ("stopped", "")


def test_a_stop_without_a_token_stops_nothing(page) -> None:
    for data in (None, {}, {"token": 5}, {"token": "other"}):
        for name in ("training", "dead_relu"):
            handler(page, name, "stop")(gr.EventData(None, data))


def test_the_layout_has_every_part_once(page) -> None:
    names = ["header", "pad", "bars", "training", "stages", "maps"]
    names += ["testset", "compare", "networks", "dead_relu", "runs"]
    scripts = [str(block.js_on_load) for block in page.blocks.values() if isinstance(block, gr.HTML)]
    assert [sum(f"mount({name!r}" in script for script in scripts) for name in names] == [1] * len(names)
    assert not any(isinstance(block, gr.Button | gr.State) for block in page.blocks.values())
