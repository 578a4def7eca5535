"""The page: draw a digit, watch LeNet-5 classify it, look inside the network, train your own."""

import os
from importlib.util import find_spec
from typing import Any

import gradio as gr

from lenet import settings
from lenet.runs.hub.card import SOURCE
from lenet.texts import Message, text
from lenet.ui import api, components, hub, serving, shutdown, threads
from lenet.ui.description import describe
from lenet.ui.loading import loader
from lenet.ui.pages import compare, draw, networks, runs, testset
from lenet.ui.queue import TrainingQueue

IDLE = 0.02  # seconds between two looks for events; Gradio looks every millisecond, for 6 % of a core
PAPER = "https://doi.org/10.1109/5.726791"
CHINESE = ["PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC"]
FONTS = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", *CHINESE, "sans-serif"]  # none from outside


def build() -> gr.Blocks:
    """Build the whole page, ready to be launched. Raise LenetError if a setting from outside is invalid."""
    settings.check()
    threads.use_one_core()
    queue = TrainingQueue()
    load = loader(queue)
    with hub.Blocks(title="LeNet-5", analytics_enabled=False, delete_cache=(3600, 3600)) as demo:
        components.part("header", header("header.tagline"))
        with gr.Tabs(elem_id="tabs"):
            with gr.Tab(text("page.draw"), elem_id="draw", id="draw"):
                draw.build(queue, load)
            with gr.Tab(text("page.testset"), elem_id="testset", id="testset"):
                testset.build()
            with gr.Tab(text("page.compare"), elem_id="compare", id="compare"):
                compare.build(load)
            with gr.Tab(text("page.networks"), elem_id="networks", id="networks"):
                networks.build(queue, load)
            with gr.Tab(text("page.runs"), elem_id="runs", id="runs"):
                runs.build()
        api.build(queue)
    demo.queue(max_size=32, api_open=False)
    demo._queue.sleep_when_free = demo._queue.progress_update_sleep_when_free = IDLE
    return demo


def header(tagline: str) -> dict[str, str | bool | dict[str, Any]]:
    """What the header is given; `tagline` is a key."""
    return {
        "model": describe(serving.FIRST_MODEL),
        "tagline": Message(tagline).json(),
        "paper": PAPER,
        "source": SOURCE,
        "public": settings.is_public(),
    }


def launch(demo: gr.Blocks | None = None, **options: Any) -> Any:
    """Serve the page as it should be served in public, one built for this call unless it is given.

    In a notebook the page stands below the cell, and the call returns; `gradio.close_all()` stops it. In a program, it
    does not return: Ctrl+C or SIGTERM end the program, see `lenet.ui.shutdown`. `options` go to Gradio's own launch and
    win over these; with `prevent_thread_lock=True` the call returns, and leaves signals alone. With `share=True`
    strangers share the page, unless `LENET_PUBLIC` says no.
    """
    if options.get("share"):
        os.environ.setdefault("LENET_PUBLIC", "1")
    if demo is None:
        with threads.own_cores():
            demo = build()
    shutdown.take_over(demo)
    usual: dict[str, Any] = {
        "theme": gr.themes.Base(font=FONTS, font_mono=["ui-monospace", "monospace"]),
        "app_kwargs": serving.app_kwargs(),
        "ssr_mode": False,
        "footer_links": [],
        "mcp_server": find_spec("mcp") is not None,
        "max_file_size": "10mb",
        "enable_monitoring": False,
        "run_history": False,
        "state_session_capacity": 50,  # each keeps the last picture that a program sent, up to 6 MB
        "show_error": False,
        "height": 800,  # pixels, of the page in a notebook
    }
    return demo.launch(**{**usual, **options})
