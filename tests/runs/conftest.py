from pathlib import Path

import pytest

from lenet.runs import store


@pytest.fixture
def folder(home: Path) -> Path:
    store.ensure_writable()
    return home / "runs"
