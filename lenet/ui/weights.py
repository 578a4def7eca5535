"""Weights as the page's engine takes them: files of safetensors, with the network's plan in their header."""

import json
from functools import lru_cache
from hashlib import sha256

import torch
from safetensors.torch import save as to_bytes

from lenet import networks
from lenet.runs import models
from lenet.training.loop import Weights


def weights_file(model: str) -> bytes:
    """The weights of a model by its name; the same bytes every time. Raises as `models.load_model` does."""
    return _file(model)[0]


def digest(model: str) -> str:
    """SHA-256 of a model's file, in hexadecimal digits. Raises as `models.load_model` does."""
    return _file(model)[1]


def address(model: str) -> str:
    """Where a model's file is: a browser may keep it for ever, for the digest of its bytes is part of the address."""
    return f"weights/{model}/{digest(model)}.safetensors"


def _file(model: str) -> tuple[bytes, str]:
    return _encoded(models.load_run(model).recipe.network, models.load_model(model))


@lru_cache(maxsize=128)
def _encoded(network: str, model: networks.LeNet) -> tuple[bytes, str]:
    content = encode(network, model.state_dict())
    return content, sha256(content).hexdigest()


def encode(network: str, weights: Weights, half: bool = False) -> bytes:
    """Encode the weights of a network, with `half` as float16, with which its values are right to a thousandth."""
    kept = {name: values.to(torch.float16 if half else torch.float32) for name, values in weights.items()}
    return to_bytes(kept, metadata={"plan": json.dumps(networks.entry(network).plan.to_json())})
