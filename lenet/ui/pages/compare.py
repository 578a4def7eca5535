"""The Compare tab: one drawing, read by several models side by side while the pen moves."""

from typing import Any

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
        components.part("compare", server_functions=[load, manage], **props())
    with gr.Column(elem_classes="card"):
        components.part("hands", server_functions=[load, manage], **props())


def props() -> dict[str, Any]:
    """What the part is given."""
    names = [*models.pretrained()]
    return {"value": names, "models": [describe(name) for name in names], "most": MAX_MODELS}
