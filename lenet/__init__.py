"""LeNet-5 to draw for, to look into, and to train again."""

from lenet.digits.data import Data, Digits
from lenet.digits.mnist import load
from lenet.digits.preprocessing import preprocess_drawing, preprocess_picture
from lenet.digits.strokes import Drawing, parse_drawing
from lenet.errors import LenetError
from lenet.evaluation.report import Report, evaluate
from lenet.networks import REGISTRY, LeNet, create, infer
from lenet.networks.activations import Activations, trace
from lenet.runs.hub.load import load_model
from lenet.runs.run import Run
from lenet.training.loop import fit
from lenet.training.recipe import Recipe

__version__ = "0.1.0"
__all__ = [
    "REGISTRY",
    "Activations",
    "Data",
    "Digits",
    "Drawing",
    "LeNet",
    "LenetError",
    "Recipe",
    "Report",
    "Run",
    "create",
    "evaluate",
    "fit",
    "infer",
    "load",
    "load_model",
    "parse_drawing",
    "preprocess_drawing",
    "preprocess_picture",
    "trace",
]
