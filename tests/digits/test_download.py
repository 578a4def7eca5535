"""Fetching files from servers that stall, trickle, send too much or the wrong thing: each is given up in time."""

import gzip
import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from lenet.digits import download

CONTENT = b"digits" * 50_000
FILE = gzip.compress(CONTENT, 0)
RESOURCES = [("digits.gz", hashlib.md5(FILE).hexdigest())]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server of mirrors, one a way to behave; its waits end with the test."""
    over = threading.Event()

    class Mirror(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            _, behaviour, _ = self.path.split("/")
            self.send_response(404 if behaviour == "none" else 200)
            self.end_headers()
            match behaviour:
                case "good":
                    self.wfile.write(FILE)
                case "other":
                    self.wfile.write(gzip.compress(b"another file"))
                case "stalling":
                    self.wfile.write(FILE[:1000])
                    over.wait(30)
                case "trickling":
                    while not over.wait(0.02):
                        self.wfile.write(b"a")
                case "endless":
                    while not over.is_set():
                        self.wfile.write(bytes(100_000))

        def handle(self) -> None:
            with suppress(ConnectionError):  # whoever fetched gave up
                super().handle()

        def log_message(self, *_: object) -> None:
            pass

    monkeypatch.setattr(download, "PATIENCE", 0.3)
    monkeypatch.setattr(download, "LONGEST", 0.6)
    monkeypatch.setattr(download, "LARGEST", 1_000_000)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Mirror)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    over.set()
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("behaviour", ["none", "other", "stalling", "trickling", "endless"])
def test_a_mirror_that_is_no_good_is_given_up_in_time(server: str, tmp_path: Path, behaviour: str) -> None:
    before = time.monotonic()
    with pytest.raises(OSError, match=r"\w"):
        download.fetch([f"{server}{behaviour}/"], RESOURCES, tmp_path, lambda came: None)
    assert time.monotonic() - before < 5
    assert [*tmp_path.iterdir()] == []


def test_the_next_mirror_is_asked_and_progress_is_told(server: str, tmp_path: Path) -> None:
    told: list[int] = []
    mirrors = ["http://127.0.0.1:9/", *(f"{server}{behaviour}/" for behaviour in ("none", "stalling", "good"))]
    download.fetch(mirrors, RESOURCES, tmp_path, told.append)
    assert (tmp_path / "digits").read_bytes() == CONTENT
    assert told[-1] == len(FILE)
    assert len(told) > 2
