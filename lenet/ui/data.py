"""Which data the page tests with."""

from lenet.digits import mnist


def name_at_hand() -> str:
    """MNIST if it is at hand now, else the sample. MNIST may arrive later: whatever is cached must name its data."""
    return "mnist" if mnist.at_hand() else "sample"
