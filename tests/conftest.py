"""What the tests share. Every test has a LENET_HOME of its own; MNIST and pen digits are used where there are any."""

import gzip
import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hub import TOKEN, Hub, serving
from hypothesis import settings
from mine import digits

from lenet.digits import mnist as mnist_data
from lenet.digits.data import Data, Digits
from lenet.training import teach

HERE = Path(__file__).parent
SHARED = Path(os.environ.get("LENET_DATA") or HERE.parent.parent / "shared")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # a shell's background job, whose children would ignore it too
    signal.signal(signal.SIGINT, signal.default_int_handler)
settings.register_profile("attack", max_examples=20_000)  # for tests/ui/test_attack.py


def pytest_addoption(parser: pytest.Parser) -> None:
    about = (
        "words, parted by commas: a skip whose reason has none of them fails the run; without this, any test may skip"
    )
    parser.addoption("--may-skip", metavar="WORDS", help=about)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail where a test was skipped that could have been run."""
    allowed = session.config.getoption("--may-skip")
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if allowed is None or reporter is None:
        return
    reasons = {str(report.longrepr[2]) for report in reporter.stats.get("skipped", [])}
    if wrong := [reason for reason in reasons if not any(word in reason for word in allowed.split(",") if word)]:
        reporter.write_line(f"Skipped, though only {allowed or 'nothing'} may be: {'; '.join(wrong)}", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty LENET_HOME, and no settings from outside."""
    for name in ("LENET_DATA", "LENET_MAX_EPOCHS", "LENET_MAX_SECONDS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LENET_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def sample() -> Data:
    return mnist_data.load("sample")


@pytest.fixture
def little(sample: Data) -> Data:
    """A data set small enough for an epoch to be over at once."""

    def first(digits: Digits) -> Digits:
        return digits[:256]

    return Data("sample", first(sample.train), first(sample.validation), first(sample.test), (), "little")


@pytest.fixture
def mnist(monkeypatch: pytest.MonkeyPatch) -> Data:
    if not (SHARED / "MNIST" / "raw").is_dir():
        pytest.skip("needs MNIST: set LENET_DATA to a folder that holds MNIST/raw/")
    monkeypatch.setenv("LENET_DATA", str(SHARED))
    return mnist_data.load("mnist")


@pytest.fixture(scope="session")
def drawings() -> list[dict]:
    """Twenty digits drawn for these tests, two of each: label, and strokes in thousandths of a sheet."""
    return [json.loads(line) for line in (HERE / "drawings.jsonl").read_text().splitlines()]


@pytest.fixture
def own(drawings: list[dict]) -> Digits:
    """Eight digits of somebody's own."""
    return digits(drawings[:8])


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lessons that teach somebody's own digits are over at once."""
    monkeypatch.setattr(teach, "LESSON", 256)
    monkeypatch.setattr(teach, "COPIES", (1, 8))


@pytest.fixture(scope="session")
def pens() -> list[dict]:
    """Thousands of digits of real pens: label, and strokes in thousandths of the digit's longer side."""
    file = SHARED / "strokes" / "digits.jsonl.gz"
    if not file.is_file():
        pytest.skip("needs the pen digits in strokes/digits.jsonl.gz, in the folder that LENET_DATA names")
    with gzip.open(file, "rt") as lines:
        return [json.loads(line) for line in lines]


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Hub]:
    """A stand-in for the Hugging Face Hub, where mia is signed in."""
    from huggingface_hub import close_session, constants

    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(tmp_path / "no-token"))
    with serving() as hub:
        monkeypatch.setattr(constants, "ENDPOINT", hub.address)
        yield hub
    close_session()


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """MNIST's mirrors are where nothing answers."""
    from torchvision.datasets import MNIST

    monkeypatch.setattr(MNIST, "mirrors", ["http://127.0.0.1:9/"])
