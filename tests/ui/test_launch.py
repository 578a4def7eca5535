"""The page from Python, as a notebook launches it."""

import json
import subprocess
import sys

import pytest

from lenet import settings, ui

NOTEBOOK = """
import json, re, threading
import gradio, httpx, torch
torch.set_num_threads(2)
from lenet import settings, ui
app, address, public = ui.launch(prevent_thread_lock=True)
html = httpx.get(address).text
found = {"title": bool(re.search("<title[^>]*>LeNet-5", html)), "height": app.get_blocks().height}
found |= {"public": settings.is_public(), "cores": torch.get_num_threads(), "closed": False}
later = threading.Thread(target=lambda: found.update(server=torch.get_num_threads()))
later.start()
later.join()
gradio.close_all()
try:
    httpx.get(address)
except httpx.ConnectError:
    found["closed"] = True
print(json.dumps(found))
"""


@pytest.fixture
def unset(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever sets LENET_PUBLIC, it is taken back."""
    monkeypatch.setenv("LENET_PUBLIC", "")
    monkeypatch.delenv("LENET_PUBLIC")


def test_without_arguments_the_page_is_built_and_the_caller_keeps_its_cores() -> None:
    done = subprocess.run([sys.executable, "-c", NOTEBOOK], capture_output=True, text=True)  # Gradio leaves sockets
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found == {"title": True, "height": 800, "public": False, "cores": 2, "server": 1, "closed": True}


@pytest.mark.parametrize(("chosen", "public"), [(None, True), ("0", False)])
def test_a_page_with_a_link_for_strangers_is_public_unless_that_is_refused(
    chosen: str | None, public: bool, unset: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if chosen is not None:
        monkeypatch.setenv("LENET_PUBLIC", chosen)
    found: list[bool] = []

    class Page:
        def __init__(self) -> None:
            found.append(settings.is_public())

        def launch(self, share: bool, **more: object) -> None:
            found.append(share)

    monkeypatch.setattr(ui, "build", Page)
    ui.launch(share=True)
    assert found == [public, True]
