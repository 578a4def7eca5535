"""The Runs tab: what was trained, to use, compare, rename, take home or delete.

Where strangers share the page, a run is seen by whom it belongs to: by the browser that names its key.
"""

import base64
import tempfile
from collections.abc import Callable
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

import gradio as gr

from lenet.errors import LenetError
from lenet.evaluation.report import wilson
from lenet.runs import cache, curves, export, models, store
from lenet.runs.run import Run, is_key
from lenet.settings import is_public
from lenet.texts import text
from lenet.training.recipe import Recipe
from lenet.ui import components, reading

MOST = 100  # runs that a page asks for
FORMS = {"weights": "safetensors", "history": "csv", "curves": "svg"}

Keeper = Callable[[dict[str, Any]], dict[str, Any]]


def build() -> gr.HTML:
    """Lay the tab out."""
    with gr.Column(elem_classes="card"):
        return components.shelf(manage)


def manage(message: Any) -> dict[str, Any]:
    """Answer the tab: `{"do": what, "keys": [...]}`, where what is "list", "rename", "delete", or a file's form.

    A list is `{"public": bool, "runs": [...]}`, see `row`; a file `{"name": ..., "content": base64}`. "rename" takes a
    `title` too. What a visitor can cause comes back as `{"error": one line}`.
    """
    try:
        return _answer(message)
    except (ValueError, LenetError, OSError) as error:
        return {"error": str(error)}


def _answer(message: Any) -> dict[str, Any]:
    keys = message.get("keys") if isinstance(message, dict) else None
    if not isinstance(keys, list) or len(keys) > MOST or not all(isinstance(key, str) for key in keys):
        raise ValueError(f'a message is {{"do": ..., "keys": at most {MOST} of them}}')
    what = str(message.get("do"))
    if what == "list":
        found = [cache.find(key) for key in keys if is_key(key)] if is_public() else cache.stored()
        return {"public": is_public(), "runs": [row(run) for run in found if run]}
    chosen = [models.load_run(key) for key in keys if is_key(key)]
    if not chosen:
        raise ValueError("choose a run first")
    if what in FORMS:
        return {"name": f"lenet-{chosen[0].key[:8]}.{FORMS[what]}", "content": _file(what, chosen)}
    if is_public():
        raise LenetError("This page is shared: its runs are neither renamed nor deleted here.")
    if what == "rename":
        title = message.get("title")
        if not isinstance(title, str):
            raise ValueError(f"a title is text, not {type(title).__name__}")
        store.rename(chosen[0].key, title)
    elif what == "delete":
        for run in chosen:
            store.delete(run.key)
    else:
        raise ValueError(f"{what!r} is none of list, rename, delete, {', '.join(FORMS)}")
    models.load_model.cache_clear()
    reading.described.cache_clear()
    return {}


def _file(form: str, chosen: list[Run]) -> str:
    if form == "weights":
        with tempfile.TemporaryDirectory() as folder:
            export.weights(chosen[0].key, Path(folder) / "weights.safetensors")
            content = (Path(folder) / "weights.safetensors").read_bytes()
    else:
        content = (export.history(chosen[0]) if form == "history" else curves.svg(chosen)).encode()
    return base64.b64encode(content).decode("ascii")


def row(run: Run) -> dict[str, Any]:
    """A run as the tab shows it."""
    low, high = wilson(run.correct, run.total)
    return {
        "key": run.key,
        "title": run.title or f"Run {run.key[:8]}",
        "given": run.title,
        "recipe": in_words(run.recipe) + ("" if run.finished else ", unfinished"),
        "figure": f"{100 * run.accuracy:.2f} %",
        "interval": f"{100 * low:.2f} to {100 * high:.2f} %",
        "data": run.recipe.data,
        "time": f"{run.seconds:.0f} s on {run.device.upper()}",
        "date": run.date[:16].replace("T", " "),
        "epochs": max(len(run.history), 1),
        "training": [(r["epoch"], r["train_loss"], r["train_accuracy"]) for r in run.history],
        "validation": [(r["epoch"], r["validation_loss"], r["validation_accuracy"]) for r in run.history],
    }


def in_words(recipe: Recipe) -> str:
    """Network, epochs, and whatever else is not as usual."""
    said = [recipe.network, text("runs.epochs", count=recipe.epochs)]
    for field in fields(recipe):
        value = getattr(recipe, field.name)
        if (
            field.name not in ("network", "epochs", "data", "start")
            and value != field.default
            and field.default is not MISSING
        ):
            said.append(f"{field.name} {value}")
    if recipe.start:
        key, at, epoch = recipe.start.partition("@")
        said.append(f"from {key[:8]}{at}{epoch}")
    return ", ".join(said)
