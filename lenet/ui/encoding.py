"""Pixels as the page's scripts take them: a byte each, in base64."""

import base64
from typing import Any

import numpy as np


def encode_uint8(values: "np.ndarray[Any, np.dtype[np.uint8]]") -> str:
    """Encode pixels, rows after rows."""
    return base64.b64encode(values.tobytes()).decode("ascii")


def encode_grey(name: str, grey: "np.ndarray[Any, np.dtype[np.uint8]]") -> dict[str, Any]:
    """Encode grey pixels (rows, columns), 0 paper to 255 ink, with their name."""
    rows, columns = grey.shape
    return {"name": name, "rows": rows, "columns": columns, "values": encode_uint8(grey)}
