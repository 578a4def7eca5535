"""Names of the networks' room that its branch brings; to be deleted when it is merged."""

from typing import Any

try:
    from lenet.networks.unit import explain_unit
except ImportError:
    from lenet.networks.unit import unit as explain_unit  # type: ignore[no-redef,attr-defined]

KINDS = {
    "convolution, wired": "table_convolution",
    "subsampling, trainable": "subsampling",
    "maximum pooling": "max_pooling",
    "average pooling": "average_pooling",
    "full connection": "linear",
    "Euclidean RBF": "rbf",
}


def unit_fields(network: Any, unit: Any) -> dict[str, Any]:
    """The fields of a `Unit` with `activation`."""
    found = dict(vars(unit))
    if "squashed" in found:
        found["activation"] = network.activation if found.pop("squashed") else None
    return found


def layer_fields(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields of a `Layer` with its kind as on the wire."""
    return {**fields, "kind": KINDS.get(fields["kind"], fields["kind"])}


__all__ = ["explain_unit", "layer_fields", "unit_fields"]
