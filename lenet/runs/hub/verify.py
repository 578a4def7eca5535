"""Whether a file from the Hub is a model: exactly the weights of a network of the registry, and the run they are of."""

import json
import tempfile
from pathlib import Path

from safetensors import SafetensorError, safe_open

from lenet import networks
from lenet.errors import DamagedError, LenetError
from lenet.runs import store
from lenet.runs.hub.names import FILE
from lenet.runs.run import Run
from lenet.texts import Message
from lenet.training.loop import Weights


def verify(content: bytes, repository: str) -> tuple[Run, Weights]:
    """Return the run and weights of a file. Raise LenetError, which says why, if it is anything else.

    It is read as safetensors and JSON alone; shapes are compared before any memory is taken for them.
    """

    def refused(reason: str, **values: object) -> LenetError:
        return LenetError("hub.refused", repository=repository, reason=Message(f"hub.reason.{reason}", values))

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / FILE
        file.write_bytes(content)
        try:
            run, plan, found = _header(file)
        except (SafetensorError, OSError) as error:
            raise refused("file") from error
        except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
            raise refused("run") from error
        entry = networks.entry(run.recipe.network)
        tensors = {name: ([*value.shape], "F32") for name, value in entry.build().state_dict().items()}
        described = json.loads(json.dumps(entry.plan.to_json()))
        if "posterior" not in plan:  # a file of before there was one
            for name in described.pop("posterior").values():
                del tensors[name]
        if found != tensors:
            raise refused("tensors", network=entry.name)
        if plan != described:
            raise refused("plan", network=entry.name)
        try:
            run, weights = store.read(file)
        except DamagedError as error:
            raise refused("digest") from error
    if not all(values.isfinite().all() for values in weights.values()):
        raise refused("values")
    return run, weights


def _header(file: Path) -> tuple[Run, dict[str, object], dict[str, tuple[list[int], str]]]:
    """The run, the plan, and the shape and type of each tensor."""
    with safe_open(file, framework="pt") as content:
        header = content.metadata() or {}
        run, plan = Run.from_header(json.loads(header["lenet"])), json.loads(header["plan"])
        slices = {name: content.get_slice(name) for name in content.keys()}  # noqa: SIM118, not a dict
        return run, dict(plan), {name: (part.get_shape(), part.get_dtype()) for name, part in slices.items()}
