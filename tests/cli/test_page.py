"""The page as a command. Gradio's server leaves sockets behind, so it gets a process of its own each time."""

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from lenet import ui
from lenet.cli.main import main
from lenet.ui import shutdown

COMMAND = "import sys; from lenet.cli.main import main; sys.exit(main(sys.argv[1:]))"
NO_TUNNEL = "from gradio import networking; networking.setup_tunnel = None; "


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that another program has."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


@pytest.fixture
def port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def started(program: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-u", "-c", program, "page", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def stop(process: subprocess.Popen[str]) -> tuple[str, str]:
    """Press Ctrl+C; return what else it printed."""
    process.send_signal(signal.SIGINT)
    return process.communicate(timeout=20)


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl+C differs")
def test_the_page_is_served_until_ctrl_c(port: int) -> None:
    with started(COMMAND, "--port", str(port)) as process:
        assert process.stdout
        assert process.stdout.readline() == f"The page is at http://127.0.0.1:{port}/. Ctrl+C stops it.\n"
        assert re.search("<title[^>]*>LeNet-5", httpx.get(f"http://127.0.0.1:{port}/").text)
        assert stop(process) == ("", "lenet: Stopped.\n")
        assert process.returncode == 130


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl+C differs")
def test_without_a_public_address_the_page_is_served_here_and_that_is_told(port: int) -> None:
    with started(NO_TUNNEL + COMMAND, "--share", "--port", str(port)) as process:
        assert process.stderr
        told = process.stderr.readline()
        assert re.match(r"lenet: There is no public address; .*Gradio reports: Could not create share link\. \w+", told)
        assert "Traceback" not in told
        assert httpx.get(f"http://127.0.0.1:{port}/").status_code == 200
        assert stop(process)[1] == "lenet: Stopped.\n"


def test_a_port_that_is_taken_is_1_and_one_line(taken: int) -> None:
    with started(COMMAND, "--port", str(taken)) as process:
        told = f"lenet: Port {taken} is taken, or the system does not allow it. Give another with --port.\n"
        assert process.communicate(timeout=60) == ("", told)
        assert process.returncode == 1


def test_a_public_address_is_told(capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    class App:
        closed = False

        def get_blocks(self) -> "App":
            return self

        def close(self, verbose: bool) -> None:
            App.closed = True

    monkeypatch.setattr(ui, "launch", lambda **options: (App(), "http://127.0.0.1:7860/", "https://0123.example"))
    monkeypatch.setattr(shutdown, "serve", lambda blocks: 130)
    assert main(["page", "--share"]) == 130
    *_, line = capsys.readouterr().out.splitlines()
    assert line == "Everybody can open it at https://0123.example."
    assert App.closed
