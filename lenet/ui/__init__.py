"""The page: draw a digit, watch LeNet-5 read it, look inside, train it again."""

from typing import Any

import gradio as gr

from lenet import settings
from lenet.ui import components, reading, serving, threads
from lenet.ui.estimate import estimator
from lenet.ui.pages import compare, draw, testset
from lenet.ui.pages import networks as networks_page
from lenet.ui.pages import runs as runs_page
from lenet.ui.queue import TrainingQueue

PAPER = "https://doi.org/10.1109/5.726791"
SOURCE = "https://github.com/lenet-5/lenet"  # also in pyproject.toml
FONTS = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif"]  # none comes from outside


def build() -> gr.Blocks:
    """The whole page, ready to be launched. LenetError where a setting from outside is no good."""
    settings.check()
    threads.use_one_core()
    with gr.Blocks(title="LeNet-5", analytics_enabled=False, delete_cache=(3600, 3600)) as demo:
        components.header(reading.described(draw.SHIPPED), "CPU", PAPER, SOURCE)
        queue = TrainingQueue()
        with gr.Tabs(elem_id="tabs"):
            with gr.Tab("Draw", elem_id="draw", id="draw"):
                draw.wire(draw.build(reading.reader(queue), estimator(queue)), queue)
            with gr.Tab("Test set", elem_id="testset", id="testset"):
                testset.build()
            with gr.Tab("Compare", elem_id="compare", id="compare"):
                compare.build()
            with gr.Tab("Networks", elem_id="networks", id="networks"):
                networks_page.build(queue)
            with gr.Tab("Runs", elem_id="runs", id="runs"):
                runs_page.build()
    return demo.queue(max_size=32)


def launch(demo: gr.Blocks, **options: Any) -> Any:
    """Serve the page as it should be served in public; `options` go to Gradio's own launch and win over these."""
    usual: dict[str, Any] = {
        "theme": gr.themes.Base(font=FONTS, font_mono=["ui-monospace", "monospace"]),
        "app_kwargs": serving.app_kwargs(),
        "ssr_mode": False,
        "footer_links": [],
        "max_file_size": "10mb",
        "enable_monitoring": False,
        "run_history": False,
        "state_session_capacity": 500,
        "show_error": False,
    }
    return demo.launch(**{**usual, **options})
