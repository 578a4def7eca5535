"""The Runs tab: trained runs, to load, compare, rename, download or delete.

Where strangers share the page, a run is seen by whom it belongs to: by the browser that names its key.
"""

import base64
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from reprlib import repr as shortened
from typing import Any

import gradio as gr

from lenet.errors import InvalidError, LenetError
from lenet.evaluation import paper
from lenet.runs import cache, curves, export, models, store
from lenet.runs.run import Run, is_key
from lenet.settings import is_public
from lenet.texts import DEFAULT, languages, speaking
from lenet.training.recipe import Recipe, complete
from lenet.ui import components, hub
from lenet.ui.answers import Answer, answering
from lenet.ui.threads import slow_turn

MAX_KEYS = 100  # runs that a page asks for
OWN_COLUMNS = ("network", "data", "epochs", "start", "mine")  # of a recipe's fields, those apart from the settings


def build() -> None:
    """Lay the tab out."""
    with gr.Column(elem_classes="card"):
        components.part("runs", server_functions=[manage], paper=paper.ACCURACY)
    if hub.has_sign_in():
        hub.build(manage)


@answering
def manage(message: Any) -> Answer:
    """Answer `{"do": what, "keys": [...]}`.

    "list" answers `{"public": bool, "runs": [...]}`, see `row`; a public page lists just the runs of these keys.
    "weights", "history" and "curves" answer a file, `{"name": ..., "content": base64}`, in the `language` asked for.
    "rename", to `title`, and "delete" answer `{}`.
    """
    keys = message.get("keys") if isinstance(message, dict) else None
    if not isinstance(keys, list) or len(keys) > MAX_KEYS or not all(isinstance(key, str) for key in keys):
        raise InvalidError("request.manage", limit=MAX_KEYS)
    with slow_turn():
        return _manage(message, [key for key in dict.fromkeys(keys) if is_key(key)])


def _manage(message: dict[str, Any], keys: list[str]) -> Answer:
    what = message.get("do")
    if what == "list":
        found = [cache.find(key) for key in keys] if is_public() else cache.stored()
        return {"public": is_public(), "runs": [row(run) for run in found if run]}
    if what not in (*FILES, *CHANGES):
        raise InvalidError("request.one_of", value=shortened(what), known=["list", *FILES, *CHANGES])
    chosen = [models.load_run(key) for key in keys]
    if not chosen:
        raise InvalidError("runs.none_selected")
    if what in FILES:
        ending, content = FILES[what]
        with speaking(_language(message)):
            encoded = base64.b64encode(content(chosen)).decode("ascii")
        return {"name": f"lenet-{chosen[0].key[:8]}.{ending}", "content": encoded}
    if is_public():
        raise LenetError("runs.shared")
    CHANGES[what](chosen, message)
    return {}


def row(run: Run) -> dict[str, Any]:
    """A run as the tab shows it.

    `settings` are those that differ from the defaults, as [field, value]; `start` is the network, or the KEY or
    KEY@EPOCH, that it started from, "" for random weights; `mine` how many digits of one's own it was taught; `epochs`
    how many were asked for, while `training` and `validation` hold [epoch, loss, accuracy] of those completed; `date`
    is ISO 8601, UTC.
    """
    return {
        "key": run.key,
        "title": run.title,
        "network": run.recipe.network,
        "finished": run.finished,
        "settings": settings(run.recipe),
        "start": models.short_name(run.recipe.start),
        "correct": run.correct,
        "total": run.total,
        "accuracy": run.accuracy,
        "interval": list(run.interval),
        "data": run.recipe.data,
        "seconds": run.seconds,
        "device": run.device.upper(),
        "date": run.date,
        "epochs": run.recipe.epochs,
        "mine": sum(run.mine),
        "training": [[r["epoch"], r["train_loss"], r["train_accuracy"]] for r in run.history],
        "validation": [[r["epoch"], r["validation_loss"], r["validation_accuracy"]] for r in run.history],
    }


def settings(recipe: Recipe) -> list[list[Any]]:
    """The fields of a recipe that differ from what is usual with its optimizer, and their values.

    Not those that stand apart in a row.
    """
    usual = asdict(Recipe(**complete({"optimizer": recipe.optimizer}))) | {"optimizer": Recipe.optimizer}
    values = asdict(recipe).items()
    return [[name, value] for name, value in values if name not in OWN_COLUMNS and value != usual[name]]


def _language(message: dict[str, Any]) -> str:
    """That a file is in, if it has words at all."""
    asked = message.get("language")
    return asked if isinstance(asked, str) and asked in languages() else DEFAULT


def _weights(chosen: list[Run]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "weights.safetensors"
        export.weights(chosen[0].key, file)
        return file.read_bytes()


def _history(chosen: list[Run]) -> bytes:
    return export.history(chosen[0]).encode()


def _curves(chosen: list[Run]) -> bytes:
    return curves.svg(chosen).encode()


def _rename(chosen: list[Run], message: dict[str, Any]) -> None:
    title = message.get("title")
    if not isinstance(title, str):
        raise InvalidError("request.title", value=shortened(title))
    store.rename(chosen[0].key, title)


def _delete(chosen: list[Run], message: dict[str, Any]) -> None:
    for run in chosen:
        store.delete(run.key)


FILES: dict[Any, tuple[str, Callable[[list[Run]], bytes]]] = {  # ending and content
    "weights": ("safetensors", _weights),
    "history": ("csv", _history),
    "curves": ("svg", _curves),
}
CHANGES: dict[Any, Callable[[list[Run], dict[str, Any]], None]] = {"rename": _rename, "delete": _delete}
