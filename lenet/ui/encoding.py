"""Arrays as the page's scripts take them: a byte a value, in base64."""

import base64
from typing import Any

import numpy as np
from torch import Tensor

from lenet.networks.unit import Unit


def encode_uint8(name: str, values: "np.ndarray[Any, Any]") -> dict[str, Any]:
    """Encode grey pixels, 0 paper to 255 ink, with their name and shape, e.g. (rows, columns)."""
    return {"name": name, "shape": list(values.shape), "values": _base64(values)}


def encode_int8(name: str, values: Tensor, least: float = 0.0) -> dict[str, Any]:
    """Encode a layer's values as signed bytes, 127 standing for `scale`.

    That is the largest magnitude among them; or 1 where that is below `least`, so that what is next to nothing looks
    so.
    """
    largest = float(values.abs().max())
    scale = largest if largest > 0 and largest >= least else 1.0
    rounded = values.mul(127 / scale).round().numpy().astype(np.int8)
    return {"name": name, "shape": list(values.shape), "scale": scale, "values": _base64(rounded)}


def encode_unit(unit: Unit) -> dict[str, Any]:
    """Encode an explained unit: its fields as they are, lists for tensors and tuples."""
    sources = [
        {
            "map": source.map,
            "values": source.values.tolist(),
            "kernel": None if source.kernel is None else source.kernel.tolist(),
            "contribution": source.contribution,
        }
        for source in unit.sources
    ]
    return {**vars(unit), "receptive_field": list(unit.receptive_field), "sources": sources}


def _base64(values: "np.ndarray[Any, Any]") -> str:
    return base64.b64encode(values.tobytes()).decode("ascii")
