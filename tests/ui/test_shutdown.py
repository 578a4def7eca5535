"""How the page's process ends while somebody trains there."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from types import SimpleNamespace

import httpx
import pytest
from serving import ROOT

from lenet.runs import cache
from lenet.ui import shutdown
from lenet.ui.queue import TrainingQueue


def train(address: str) -> None:
    """Begin a training that takes long, as the page does."""
    events = httpx.get(f"{address}/config").json()["dependencies"]
    start = next(one for one in events if [target[1] for target in one["targets"]] == ["start"])  # the Draw tab's
    asked = {"data": [], "fn_index": start["id"], "trigger_id": start["targets"][0][0], "session_hash": "visitor"}
    asked["event_data"] = {"form": {"data": "sample", "epochs": 50}, "model": "lenet5"}
    httpx.post(f"{address}/gradio_api/queue/join", json=asked).raise_for_status()


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize(
    ("program", "kind", "code"),
    [(["app.py"], signal.SIGTERM, 0), (["-m", "lenet", "page"], signal.SIGINT, 130)],
    ids=["app.py, SIGTERM", "lenet page, SIGINT"],
)
def test_a_signal_keeps_the_training_and_ends_the_page_soon(program: list[str], kind: int, code: int) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GRADIO_")}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        environment["GRADIO_SERVER_PORT"] = str(probe.getsockname()[1])
    with subprocess.Popen(
        [sys.executable, "-u", *program],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        try:
            assert process.stdout
            address = next(match[0] for line in process.stdout if (match := re.search(r"http://[\d.:]+\d", line)))
            train(address)
            heard, asked = [], 0.0
            with httpx.stream("GET", f"{address}/gradio_api/queue/data?session_hash=visitor", timeout=20) as answer:
                for line in answer.iter_lines():
                    heard.append(line)
                    if "training.epoch" in line and not asked:
                        process.send_signal(kind)
                        asked = time.monotonic()
            _, complaints = process.communicate(timeout=20)
            took = time.monotonic() - asked
        finally:
            process.kill()
    assert process.returncode == code
    assert took < 5
    assert complaints == ("" if program == ["app.py"] else "lenet: Stopped.\n")
    (run,) = cache.stored()
    assert not run.finished
    assert any("training.stopped" in line for line in heard)  # also the page is told


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    event = threading.Event()
    monkeypatch.setattr(shutdown, "_asked", event)
    return event


def test_the_end_waits_for_who_trains(asked: threading.Event) -> None:
    queue, kept = TrainingQueue(), []
    ticket = queue.join()

    def work() -> None:
        while not ticket.is_left():
            time.sleep(0.01)
        kept.append("weights")

    shutdown.start_training(threading.Thread(target=work, daemon=True))
    assert not ticket.is_asked()
    shutdown.end_trainings()
    assert kept == ["weights"]
    assert ticket.is_asked()


@pytest.mark.parametrize("interactive", [True, False])
def test_a_notebook_keeps_its_signals(interactive: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if interactive:
        monkeypatch.setattr(sys, "ps1", "In [1]: ", raising=False)
    page = SimpleNamespace(block_thread="Gradio's own")
    shutdown.take_over(page)
    assert (page.block_thread == "Gradio's own") == interactive


def test_another_thread_keeps_gradios_way() -> None:
    page = SimpleNamespace(block_thread="Gradio's own")
    other = threading.Thread(target=shutdown.take_over, args=(page,))
    other.start()
    other.join()
    assert page.block_thread == "Gradio's own"
