"""The page's own parts: small gr.HTML components whose template, style and script are files of `web/`."""

from collections.abc import Callable
from importlib import resources
from typing import Any

import gradio as gr

from lenet.evaluation import paper
from lenet.ui import serving

WEB = resources.files("lenet.ui").joinpath("web")


def static(name: str) -> str:
    """The text of a file of `web/`."""
    return WEB.joinpath(name).read_text(encoding="utf-8")


def module(name: str, value: Any = None, events: tuple[str, ...] = (), **options: Any) -> gr.HTML:
    """A part of the page, built in the browser by `web/parts/NAME.js`; its value is `props.value` there.

    `events` are those that it raises besides Gradio's own: Gradio wants to read their names in the script. The template
    is empty and names no prop, so Gradio never touches what the part builds.
    """
    own = f"import(new URL({serving.address() + 'host.js'!r}, document.baseURI))"
    gradio = "{ props, server, watch, trigger }"
    return gr.HTML(
        value,
        html_template="",
        js_on_load=f"{own}.then((host) => host.mount({name!r}, element, {gradio}, {list(events)}))",
        apply_default_css=False,
        **options,
    )


def part(name: str, value: Any = None, helpers: tuple[str, ...] = ("shared",), **options: Any) -> gr.HTML:
    """A part that is no module yet, made of `web/parts/NAME.html` and `.js` and `web/styles/NAME.css`.

    Its value is `props.value`. The scripts named as `helpers` stand before its own.
    """
    return gr.HTML(
        value,
        html_template=static(f"parts/{name}.html"),
        css_template=static(f"styles/{name}.css"),
        js_on_load="".join(static(f"parts/{script}.js") for script in (*helpers, name)),
        apply_default_css=False,
        **options,
    )


Read = Callable[[dict[str, Any]], dict[str, Any]]


def pad(shipped: str, examples: list[Any], hard: list[str], read: Read) -> gr.HTML:
    """Where one draws. Its value names the model that reads; `read` answers what the script asks.

    `examples` are the strokes of ten digits, `hard` pictures of others as data URLs.
    """
    props = {"shipped": shipped, "examples": examples, "hard": hard}
    return part("pad", {"model": shipped}, ("shared", "sheet", "intake"), server_functions=[read], **props)


def bars(shipped: str, networks: list[str]) -> gr.HTML:
    """The ten probabilities and the answer; `shipped` is the model that it offers to go back to.

    `networks` are all whose shipped weights can read.
    """
    return part("bars", {"model": shipped}, networks=networks)


def seen() -> gr.HTML:
    """What the network sees, how the drawing became it, and what in it matters."""
    return part("seen")


def maps(layers: list[dict[str, Any]]) -> gr.HTML:
    """The values of the layers, of the names and shapes given."""
    return part("maps", layers, ("shared", "codes"))


def unit() -> gr.HTML:
    """The unit that is pointed at, taken apart."""
    return part("unit", elem_classes="floating")


def header(model: dict[str, Any], device: str) -> gr.HTML:
    """The title, and what reads here."""
    told = {  # until the server's answers have these names
        "network": model["name"],
        "parameters": model["weights"],
        "accuracy": model["accuracy"],
        "data": "mnist",
        "part": "test",
        "pretrained": model["shipped"],
    }
    return module("header", {"model": told, "device": device})


def form(offered: dict[str, Any], values: dict[str, Any], estimate: Read) -> gr.HTML:
    """What to train: its value holds what is filled in, by the names of `lenet.ui.form`."""
    return part("form", values, server_functions=[estimate], offered=offered)


def shelf(manage: Read) -> gr.HTML:
    """The runs; `manage` answers what the script asks."""
    return part("shelf", None, ("shared", "chart"), server_functions=[manage], paper=paper.ACCURACY)


def compare(networks: list[str], most: int, compare: Read, manage: Read) -> gr.HTML:
    """The same drawing, read by several networks; `compare` and `manage` answer what the script asks."""
    return part("compare", networks, ("shared", "sheet"), server_functions=[compare, manage], most=most)


def testset(names: list[str], answer: Read, manage: Read) -> gr.HTML:
    """How well the test digits are read; `answer` and `manage` answer what the script asks."""
    return part("testset", names, ("shared", "plot"), server_functions=[answer, manage])


def networks(names: list[str], inspect: Read) -> gr.HTML:
    """What each network is made of, with its wires to be cut; `inspect` answers what the script asks."""
    return part("networks", names, ("shared", "wires"), server_functions=[inspect])


def dying(view: dict[str, Any]) -> gr.HTML:
    """What becomes of each digit with a ReLU on the outputs, and without; its value is a `View` of `lenet.ui.dying`."""
    return part("dying", view)


def progress(view: dict[str, Any]) -> gr.HTML:
    """How training goes; its value is a `View` of `lenet.ui.training`."""
    return part("progress", view, ("shared", "chart"), paper=paper.ACCURACY)
