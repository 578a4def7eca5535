"""The page as a visitor of a Space has it, in an iframe of another website.

It runs from a folder that holds only what a Space gets, in an environment of what its builder installs, below a path,
with a Space's own variables. ZeroGPU is a stand-in that enforces its rules.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from environment import make
from plain import serve_folder
from playwright.sync_api import Browser, Frame, expect
from proxy import below
from serving import ROOT, serve
from steps import RUN, draw, expect_read, expect_settled, expect_trained, model, train

SPACE = {"SYSTEM": "spaces", "SPACE_ID": "somebody/lenet", "GRADIO_SSR_MODE": "True", "GRADIO_ROOT_PATH": "/some/where"}
ZEROGPU = {"SPACES_ZERO_GPU": "true", "PYTHONPATH": str(ROOT / "tests" / "zerogpu")}
FRAME = """<!doctype html><title>Hugging Face</title><iframe src="{address}?__theme=light" width="1240" height="900"
    sandbox="allow-downloads allow-forms allow-modals allow-popups allow-popups-to-escape-sandbox allow-same-origin
    allow-scripts allow-storage-access-by-user-activation"></iframe>"""


@pytest.fixture(scope="module")
def pushed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that a Space gets."""
    folder = tmp_path_factory.mktemp("pushed")
    subprocess.run([sys.executable, ROOT / "tools" / "space.py", folder], check=True)
    return folder


@pytest.fixture(scope="module")
def python(pushed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment with what a Space's builder installs."""
    found = re.search(r"^sdk_version: (\S+)$", (pushed / "README.md").read_text(), re.MULTILINE)
    assert found is not None
    requirements = (pushed / "requirements.txt").read_text().split()
    return make(tmp_path_factory.mktemp("venv"), [*requirements, f"gradio=={found[1]}"])


@pytest.fixture(params=["CPU", "ZeroGPU"])
def frame(
    request: pytest.FixtureRequest, browser: Browser, pushed: Path, python: Path, tmp_path: Path
) -> Iterator[Frame]:
    """The page of a Space on that hardware, with a 7 still to be drawn."""
    settings = SPACE | (ZEROGPU if request.param == "ZeroGPU" else {})
    with ExitStack() as stack:
        inside = stack.enter_context(serve(python, pushed, **settings))
        address = stack.enter_context(below(SPACE["GRADIO_ROOT_PATH"], inside))
        (tmp_path / "index.html").write_text(FRAME.format(address=address))
        other = stack.enter_context(serve_folder(tmp_path)).replace("127.0.0.1", "localhost")  # another website
        page = stack.enter_context(browser.new_page(viewport={"width": 1280, "height": 960}))
        page.goto(other)
        (frame,) = page.main_frame.child_frames
        yield frame


def test_a_visitor_draws_and_retrains(frame: Frame, drawings) -> None:
    expect(frame.get_by_role("img", name="output, 10 units")).to_be_visible(timeout=30_000)
    frame.get_by_role("button", name="Clear", exact=True).click()
    draw(frame, drawings[7]["strokes"])
    expect_read(frame, 7)
    train(frame, 1)
    expect_trained(frame)
    expect(model(frame)).to_have_text(RUN)
    expect_settled(frame)


def test_what_the_builder_does_not_install_is_not_there(python: Path) -> None:
    look = "import sys; from importlib.util import find_spec; sys.exit(any(map(find_spec, sys.argv[1:])))"
    subprocess.run([python, "-I", "-c", look, "lenet", "onnx", "playwright", "pytest"], check=True)
