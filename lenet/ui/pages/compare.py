"""The Compare tab: one drawing, read by several models side by side while the pen moves."""

import gradio as gr

from lenet.runs import models
from lenet.ui import components
from lenet.ui.answers import ServerFunction
from lenet.ui.description import describe
from lenet.ui.pages.runs import manage

MAX_MODELS = 10


def build(load: ServerFunction) -> None:
    """Lay the tab out; `load` tells of models, see `loading.loader`."""
    with gr.Column(elem_classes="card"):
        names = [*models.pretrained()]
        described = [describe(name) for name in names]
        components.part("compare", names, server_functions=[load, manage], models=described, most=MAX_MODELS)
