import pytest

from lenet.digits import mnist


@pytest.fixture
def here(little, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page's data is small."""
    monkeypatch.setattr(mnist, "load", lambda choice: little)
