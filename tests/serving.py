"""The page's server as a process of its own, for tests that speak HTTP."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Server:
    """A running server: its address, its process, and the files of its runs and of what it says on stderr."""

    address: str
    process: subprocess.Popen[str]
    home: Path
    log: Path

    def memory(self) -> float:
        """Megabytes that it holds."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1000


@contextmanager
def start(
    *arguments: str, python: str | Path = sys.executable, folder: Path = ROOT, **settings: str
) -> Iterator[Server]:
    """`python app.py` in a folder, or Python with other arguments, with some settings."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("LENET_", "GRADIO_"))}
    with TemporaryDirectory() as place:
        home, log = Path(place) / "home", Path(place) / "log"
        with (
            log.open("w") as said,
            subprocess.Popen(
                [python, "-u", *(arguments or ["app.py"])],
                cwd=folder,
                env={**environment, "LENET_HOME": str(home), **settings},
                stdout=subprocess.PIPE,
                stderr=said,
                text=True,
            ) as process,
        ):
            assert process.stdout is not None
            try:
                found = next(match[0] for line in process.stdout if (match := re.search(r"http://[\w.:]+", line)))
                yield Server(f"{found}/", process, home, log)
            finally:
                process.terminate()


@contextmanager
def serve(python: str | Path = sys.executable, folder: Path = ROOT, **settings: str) -> Iterator[str]:
    """The address of `python app.py` in a folder with some settings."""
    with start(python=python, folder=folder, **settings) as server:
        yield server.address
