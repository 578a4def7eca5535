"""What the page says of a model: a trained or pretrained one, or one that is still in training."""

from functools import cache
from typing import Any

from lenet import networks
from lenet.digits.data import tested_on
from lenet.runs import models
from lenet.ui import weights
from lenet.ui.queue import Snapshot


def describe(name: str) -> dict[str, Any]:
    """Describe a model by its name. Raise UnknownModelError or DamagedError as `models.load_model` does.

    `id` is the name to ask with, `network` what it is, `run` the first 8 characters of its key ("" if pretrained),
    `title` what a person called it, `epoch` of the weights (None for those of the whole run), `images` None, `weights`
    their address beside that of the page's files, `year` of the network, `parameters` how many, `accuracy` (0 to 1,
    None if unknown) on the `part` "test" or, for an epoch, "validation" of `data`, `threshold` the confidence below
    which it rejects, `pretrained`, `taught` how many digits of somebody's own, and `live` False.
    """
    run, model = models.load_run(name), models.resolve(name)
    _, at, after = model.partition("@")
    network, epoch = run.recipe.network, int(after) if at else None
    pretrained = models.short_name(model) == network
    accuracy: float | None = run.accuracy
    if epoch is not None:
        accuracy = run.history[epoch - 1]["validation_accuracy"] if epoch else None
    model = network if pretrained else model
    return {
        "id": model,
        "network": network,
        "run": "" if pretrained else run.key[:8],
        "title": run.title,
        "epoch": epoch,
        "images": None,
        "weights": weights.address(model),
        **_constants(network),
        "accuracy": accuracy,
        "data": tested_on(run.recipe.data),
        "part": "test" if epoch is None else "validation",
        "threshold": run.threshold if epoch is None else 0.0,
        "pretrained": pretrained,
        "taught": sum(run.mine),
        "live": False,
    }


def describe_live(name: str, snapshot: Snapshot) -> dict[str, Any]:
    """Describe the weights of a training in progress, asked for by `name`, in the form that `describe` gives.

    `epoch` or `images` says how far it is: both 0 at the start, `images` alone within the first epoch, then `epoch`.
    One that is over and could not be saved is described as its run.
    """
    recipe, run = snapshot.recipe, snapshot.run
    about = {
        "id": name,
        "network": recipe.network,
        "run": "",
        "title": "",
        "epoch": snapshot.epoch,
        "images": snapshot.images,
        "weights": "",
        **_constants(recipe.network),
        "accuracy": None,
        "data": tested_on(recipe.data),
        "part": "validation",
        "threshold": 0.0,
        "pretrained": False,
        "taught": 0,
        "live": True,
    }
    if run:
        about |= {"run": run.key[:8], "epoch": None, "accuracy": run.accuracy, "part": "test"}
        about |= {"threshold": run.threshold, "taught": sum(run.mine), "live": False}
    return about


@cache
def _constants(network: str) -> dict[str, int]:
    entry = networks.entry(network)
    return {"year": entry.year, "parameters": networks.parameters(entry.build())}
