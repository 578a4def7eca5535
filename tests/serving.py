"""The page's server as a process of its own, for tests that speak HTTP."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parent.parent


@contextmanager
def serve(python: str | Path = sys.executable, folder: Path = ROOT, **settings: str) -> Iterator[str]:
    """`python app.py` in a folder with some settings; gives its address."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("LENET_", "GRADIO_"))}
    with (
        TemporaryDirectory() as home,
        subprocess.Popen(
            [python, "-u", "app.py"],
            cwd=folder,
            env={**environment, "LENET_HOME": home, **settings},
            stdout=subprocess.PIPE,
            text=True,
        ) as process,
    ):
        assert process.stdout is not None
        try:
            found = next(match[0] for line in process.stdout if (match := re.search(r"http://[\w.:]+", line)))
            yield f"{found}/"
        finally:
            process.terminate()
