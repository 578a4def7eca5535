"""The page's own parts: small gr.HTML components whose template, style and script are files of `static/`."""

from collections.abc import Callable
from importlib import resources
from typing import Any

import gradio as gr

STATIC = resources.files("lenet.ui").joinpath("static")


def static(name: str) -> str:
    """The text of a file of `static/`."""
    return STATIC.joinpath(name).read_text(encoding="utf-8")


class Part(gr.HTML):
    """A part of the page, made of `static/NAME.html`, `.css` and `.js`, where its value is `props.value`."""

    def __init__(self, name: str, value: Any = None, **options: Any) -> None:
        super().__init__(
            value,
            html_template=static(f"{name}.html"),
            css_template=static(f"{name}.css"),
            js_on_load=static("shared.js") + static(f"{name}.js"),
            apply_default_css=False,
            **options,
        )

    def api_info(self) -> dict[str, Any]:
        """What the value is to the API: any JSON."""
        return {"type": {}, "description": "any JSON"}


Read = Callable[[dict[str, Any]], dict[str, Any]]


def pad(shipped: str, examples: list[Any], read: Read) -> Part:
    """Where one draws. Its value names the model that reads; `read` answers what the script asks."""
    return Part("pad", {"model": shipped}, shipped=shipped, examples=examples, server_functions=[read])


def bars(shipped: str) -> Part:
    """The ten probabilities and the answer; `shipped` is the model that it offers to go back to."""
    return Part("bars", {"model": shipped})


def maps(layers: list[dict[str, Any]]) -> Part:
    """What the network sees, and the values of its layers, of the names and shapes given."""
    return Part("maps", layers)


def header(model: dict[str, Any], device: str) -> Part:
    """The title, and what reads here."""
    return Part("header", {"model": model, "device": device})


def epochs(value: int, most: int) -> Part:
    """The slider of epochs, 1 to `most`; its value is the number."""
    return Part("epochs", value, most=most)


def progress(view: dict[str, Any]) -> Part:
    """How training goes; its value is a `View` of `lenet.ui.training`."""
    return Part("progress", view)
