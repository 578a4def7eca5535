"""LeNet-5 to draw for, to look into, and to train again."""

from lenet.data import Data, Digits, load
from lenet.ink import Drawing, from_picture, from_strokes, parse
from lenet.look import Look, look
from lenet.networks import REGISTRY, LeNet, create, infer
from lenet.recipe import Recipe
from lenet.report import Report, report
from lenet.runs import model
from lenet.settings import LenetError
from lenet.store import Run
from lenet.train import fit

__version__ = "0.1.0"
__all__ = [
    "REGISTRY",
    "Data",
    "Digits",
    "Drawing",
    "LeNet",
    "LenetError",
    "Look",
    "Recipe",
    "Report",
    "Run",
    "create",
    "fit",
    "from_picture",
    "from_strokes",
    "infer",
    "load",
    "look",
    "model",
    "parse",
    "report",
]
