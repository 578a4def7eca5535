"""What the page asks before a model reads in it: what the model is, and where its weights are.

And what it asks afterwards of a training that could not be saved: the file that could not be written.
"""

import base64
from typing import Any

from lenet.errors import InvalidError
from lenet.runs import store
from lenet.runs.hub.names import PREFIX
from lenet.ui import hub, weights
from lenet.ui.answers import Answer, ServerFunction, answering
from lenet.ui.description import describe, describe_live
from lenet.ui.queue import TrainingQueue, is_live


def loader(queue: TrainingQueue) -> ServerFunction:
    """Make the server function `load`: `{"model": name}` -> `about` it, see `description.describe`.

    `hf:USER/NAME` is fetched from the Hub first; its `id` is another then, that asks for nothing.
    Any process with the same runs can answer; weights in training come with the answer, as `weights` in base64, and
    only the process of that `queue` has them.
    """

    @answering
    def load(message: Any) -> Answer:
        name = message.get("model") if isinstance(message, dict) else None
        if not isinstance(name, str):
            raise InvalidError("request.load")
        if name.startswith(PREFIX):
            name = hub.open_model(name)
        if not is_live(name):
            return {"about": describe(name)}
        snapshot = queue.snapshot(name)
        half = snapshot.run is None  # in training, another comes soon
        content = weights.encode(snapshot.recipe.network, snapshot.network.state_dict(), half)
        return {"about": describe_live(name, snapshot), "weights": base64.b64encode(content).decode("ascii")}

    return load


def rescuer(queue: TrainingQueue) -> ServerFunction:
    """Make the server function `rescue`: `{"model": name}` of an unsaved one -> its file, `name` and base64 `content`.

    As KEY.safetensors in the folder of runs, it is a run. It holds no weights of earlier epochs.
    """

    @answering
    def rescue(message: Any) -> Answer:
        name = message.get("model") if isinstance(message, dict) else None
        snapshot = queue.snapshot(name) if isinstance(name, str) and is_live(name) else None
        if not (snapshot and snapshot.run):
            raise InvalidError("request.load")
        run, content = store.encode(snapshot.run, snapshot.network.state_dict())
        return {"name": store.path(run.key).name, "content": base64.b64encode(content).decode("ascii")}

    return rescue
