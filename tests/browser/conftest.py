"""The real page in Chromium, Debian's or whichever `CHROMIUM` names."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright
from steps import draw, enter, expect_settled

from lenet.digits.preprocessing import preprocess_drawing
from lenet.digits.strokes import parse_drawing
from lenet.networks.activations import Activations, trace
from lenet.runs import models

ROOT = Path(__file__).parent.parent.parent
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        pytest.skip("needs Chromium: install it from the system's packages, or name it in CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def servers() -> Iterator[dict[str, subprocess.Popen[str]]]:
    """The processes that serve, by their addresses, until the module ends."""
    with ending() as started:
        yield started


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory, servers: dict[str, subprocess.Popen[str]]) -> Callable[..., str]:
    """Start `python app.py`, or Python with other arguments, with some settings, and give its address."""
    return partial(start, tmp_path_factory, servers)


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of one server for all."""
    with ending() as started:
        yield start(tmp_path_factory, started)


@contextmanager
def ending() -> Iterator[dict[str, subprocess.Popen[str]]]:
    started: dict[str, subprocess.Popen[str]] = {}
    yield started
    for process in started.values():
        process.terminate()
        process.communicate(timeout=20)


def start(
    places: pytest.TempPathFactory, started: dict[str, subprocess.Popen[str]], *arguments: str, **settings: str
) -> str:
    home = places.mktemp("home")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("LENET_", "GRADIO_"))}
    process = subprocess.Popen(
        [sys.executable, "-u", *(arguments or ["app.py"])],
        cwd=ROOT,
        env={**environment, "LENET_HOME": str(home), **settings},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    for line in process.stdout:
        if found := re.search(r"http://[\w.:]+", line):
            started[found.group()] = process
            return found.group()
    raise AssertionError("it ended without serving")


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The page at 1280x800, with nothing drawn. It may ask nobody but its own server, and may not fail."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    outside: list[str] = []
    troubles: list[str] = []
    page.on("request", lambda request: outside.append(request.url) if not own(request.url, address) else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda line: troubles.append(line.text) if is_error(line) else None)
    enter(page, address)
    yield page
    context.close()
    assert outside == []
    assert troubles == []


@pytest.fixture
def seven(page: Page, drawings) -> Activations:
    """A 7 on the pad, and what torch says of exactly these strokes."""
    draw(page, drawings[7]["strokes"])
    expect(page.get_by_role("meter", name="Probability of 7", exact=True)).to_have_attribute(
        "aria-valuenow", re.compile(r"^(9\d|100)")
    )
    expect_settled(page)
    kept = page.evaluate("JSON.parse(sessionStorage.getItem('lenet.pad')).ink")
    field = preprocess_drawing(parse_drawing(kept)).image
    assert field is not None
    return trace(models.load_model("lenet5"), field)


def is_error(line: ConsoleMessage) -> bool:
    """A request that fails is the server's trouble; tests cause some."""
    return line.type == "error" and not line.text.startswith("Failed to load resource")


def own(url: str, address: str) -> bool:
    return url.startswith((address, "data:", "blob:"))
