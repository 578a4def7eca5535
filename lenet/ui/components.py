"""The page's own parts: gr.HTML components that scripts of `web/parts/` build in the browser."""

from itertools import count
from typing import Any

import gradio as gr

from lenet.ui import serving

_updates = count(1)


def update(value: dict[str, Any]) -> dict[str, Any]:
    """Number a part's new value, so that it differs from the last one.

    Gradio sends nothing where nothing changes, and the page, which waits for an answer, would take that for a server
    that is gone.
    """
    return {**value, "update": next(_updates)}


def part(name: str, value: Any = None, events: tuple[str, ...] = (), **options: Any) -> gr.HTML:
    """Make the part that `web/parts/NAME.js` builds; its value is `props.value` there.

    `events` are those that it raises besides Gradio's own: Gradio wants to read their names in the script. The template
    is empty and names no prop, so Gradio never touches what the part builds. Gradio's box around it is of the class
    `of-NAME`: a style sheet that asked for `:has(.part.NAME)` would cost a style recalculation with every reading.
    `options` are gr.HTML's, for example `server_functions`; those that it does not know become `props`.
    """
    own = f"import(new URL({serving.address() + 'host.js'!r}, document.baseURI))"
    gradio = "{ props, server, watch, trigger }"
    return gr.HTML(
        value,
        html_template="",
        js_on_load=f"{own}.then((host) => host.mount({name!r}, element, {gradio}, {list(events)}))",
        apply_default_css=False,
        elem_classes=f"of-{name}",
        **options,
    )
