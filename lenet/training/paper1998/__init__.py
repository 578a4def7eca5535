"""How LeNet-5 was trained in 1998: `paper_stepper` says whether a recipe asks for it."""

from lenet.training.paper1998.stepper import paper_stepper

__all__ = ["paper_stepper"]
