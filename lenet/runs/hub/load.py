"""Models by every name that there is: those of `lenet.runs.models`, and `hf:USER/NAME` for one on the Hub."""

from lenet.networks import LeNet
from lenet.runs import models
from lenet.runs.hub import cache
from lenet.runs.hub.names import PREFIX


def load_model(name: str) -> LeNet:
    """Return the model of that name, on the CPU. Shared between callers: don't change it.

    `hf:USER/NAME` is fetched from the Hugging Face Hub, unless its present revision is here. UnknownModelError if there
    is no such model, DamagedError if its file is damaged; of the Hub also as `cache.fetch` does.
    """
    return models.load_model(local_name(name))


def local_name(name: str) -> str:
    """Return a name that `models` knows: `hf:USER/NAME` becomes the key of the copy here. Raises as `cache.fetch` does.

    Ask for it once, and use it for all that follows: meanwhile the Hub may get another revision.
    """
    base, at, epoch = name.partition("@")
    return cache.fetch(base.removeprefix(PREFIX)) + at + epoch if base.startswith(PREFIX) else name
