"""The engine's modules in a page of their own, without a server: what tests ask of it, and what it answers."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import torch
from playwright.sync_api import Browser, Page, Route

from lenet.ui import serving

ADDRESS = "https://engine.test/"
BLANK = "<!doctype html><meta charset=utf-8><title>engine</title>"


@contextmanager
def open_engine(browser: Browser) -> Iterator[Page]:
    """A blank page on which the modules of `lenet/ui/web` can be imported."""
    page = browser.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.route("**/*", _answer)
    page.goto(ADDRESS)
    yield page
    page.close()
    assert troubles == []


def _answer(route: Route) -> None:
    path = route.request.url.removeprefix(ADDRESS)
    file = serving.files().get(path)
    if file is None:
        route.fulfill(body=BLANK, content_type="text/html")
    else:
        route.fulfill(body=file.plain, content_type=file.type)


def to_base64(values: np.ndarray) -> str:
    return base64.b64encode(values.tobytes()).decode()


def from_base64(text: str, kind: Any = np.float32) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), kind)


def distance(ours: np.ndarray, theirs: torch.Tensor) -> float:
    """The largest difference, as a part of the largest value."""
    values = theirs.flatten().numpy()
    assert ours.shape == values.shape
    return float(np.abs(ours - values).max() / max(1e-6, np.abs(values).max()))


SCRIPT = (Path(__file__).parent / "engine.js").read_text(encoding="utf-8")


def ask(page: Page, name: str, *arguments: Any) -> Any:
    """Call a function of `engine.js` in the page."""
    return page.evaluate(f"([name, args]) => {{ {SCRIPT}; return tests[name](...args); }}", [name, list(arguments)])
