"""The real page in Chromium, Debian's or whichever `CHROMIUM` names."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright
from serving import start
from steps import draw, enter, expect_settled

from lenet.digits.preprocessing import preprocess_drawing
from lenet.digits.strokes import parse_drawing
from lenet.networks.activations import Activations, trace
from lenet.runs import models

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
def servers() -> dict[str, subprocess.Popen[str]]:
    """The processes that serve in this module, by their addresses."""
    return {}


@pytest.fixture(scope="module")
def serve(servers: dict[str, subprocess.Popen[str]]) -> Iterator[Callable[..., str]]:
    """Start `python app.py`, or Python with other arguments, with some settings, and give its address.

    It ends with the module.
    """
    with ExitStack() as stack:

        def started(*arguments: str, **settings: str) -> str:
            server = stack.enter_context(start(*arguments, **settings))
            address = server.address.rstrip("/")
            servers[address] = server.process
            return address

        yield started


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """The address of one server for all."""
    with start() as server:
        yield server.address.rstrip("/")


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The page at 1280x800, with nothing drawn. It may ask nobody but its own server, and may not fail."""
    with visit(browser, address) as page:
        yield page


@pytest.fixture(scope="module")
def lasting(browser: Browser, address: str) -> Iterator[Page]:
    """One such page for all tests of a module that only look at it: each brings it into the state that it needs."""
    with visit(browser, address) as page:
        yield page


@contextmanager
def visit(browser: Browser, address: str) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        page = context.new_page()
        outside: list[str] = []
        troubles: list[str] = []
        page.on("request", lambda request: outside.append(request.url) if not own(request.url, address) else None)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda line: troubles.append(line.text) if is_error(line) else None)
        enter(page, address)
        yield page
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
