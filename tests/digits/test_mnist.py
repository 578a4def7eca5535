import gzip
import struct
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
import torch

from lenet.digits import mnist
from lenet.digits.data import Digits
from lenet.errors import InvalidError, LenetError


def test_the_sample_is_4000_to_learn_from_and_1000_to_test(sample) -> None:
    assert [len(part) for part in (sample.train, sample.validation, sample.test)] == [3500, 500, 1000]
    assert torch.bincount(sample.test.labels).tolist() == [100] * 10
    assert sample.train.images.shape == (3500, 32, 32)
    assert sample.train.images.dtype == torch.uint8
    assert [message.key for message in sample.notice] == ["data.sample_notice"]
    assert "1,000 held-out digits" in str(sample.notice[0])


def test_no_digit_of_the_sample_is_in_two_parts(sample) -> None:
    parts = [
        {image.numpy().tobytes() for image in part.images} for part in (sample.train, sample.validation, sample.test)
    ]
    assert len(set.union(*parts)) == sum(map(len, parts)) == 5000


def test_images_are_mnists_with_paper_around(sample) -> None:
    inside = sample.train.images[:, 2:30, 2:30]
    assert inside.sum(dtype=torch.int64) == sample.train.images.sum(dtype=torch.int64) > 0


def test_mnist_is_55000_5000_and_10000(mnist) -> None:
    assert [len(part) for part in (mnist.train, mnist.validation, mnist.test)] == [55_000, 5_000, 10_000]
    assert mnist.notice == ()


def test_a_network_trained_on_mnist_never_learned_from_the_samples_test_digits(mnist, sample) -> None:
    def pictures(digits: Digits) -> set[bytes]:
        return {image.numpy().tobytes() for image in digits.images}

    learned = pictures(mnist.train)
    assert pictures(sample.test) <= pictures(mnist.validation)
    assert not pictures(sample.test) & learned
    assert not pictures(mnist.validation) & learned
    assert not pictures(mnist.validation) & pictures(sample.train)


def test_an_unknown_data_set_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InvalidError, match=r"Unknown data set 'cifar'\. Choose from: auto, mnist, mnist\+pens, sample"):
        mnist.load("cifar")


def test_without_mnist_and_network_auto_is_the_sample_with_a_notice(no_network, sample) -> None:
    digits = mnist.load("auto")
    assert digits.name == "sample"
    assert digits.fingerprint == sample.fingerprint
    assert [message.key for message in digits.notice] == ["data.download", "data.fallback", "data.sample_notice"]
    assert "could not be downloaded" in str(digits.notice[0])


def test_mnist_asked_for_by_name_is_an_error_without_it(no_network) -> None:
    with pytest.raises(LenetError, match="Set LENET_DATA"):
        mnist.load("mnist")


def test_damaged_files_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for name in mnist.RAW_FILES:
        (raw / name).write_bytes(b"not MNIST")
    monkeypatch.setenv("LENET_DATA", str(tmp_path))
    with pytest.raises(LenetError, match=f"Can't read MNIST in {tmp_path}"):
        mnist.load("mnist")


def blank_files() -> dict[str, bytes]:
    """A stand-in for MNIST's files: as many digits, all blank."""
    files = {}
    for prefix, count in (("train", 60_000), ("t10k", 10_000)):
        images = struct.pack(">iiii", 0x803, count, 28, 28) + bytes(count * 28 * 28)
        labels = struct.pack(">ii", 0x801, count) + (np.arange(count) % 10).astype(np.uint8).tobytes()
        files |= {f"{prefix}-images-idx3-ubyte": images, f"{prefix}-labels-idx1-ubyte": labels}
    return files


@pytest.mark.parametrize("wrong", ["labels above 9", "images and labels swapped", "training and test swapped"])
def test_files_that_hold_something_else_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    files = blank_files()
    images, labels = "train-images-idx3-ubyte", "train-labels-idx1-ubyte"
    if wrong == "labels above 9":
        files[labels] = files[labels][:-1] + b"\x0a"
    elif wrong == "images and labels swapped":
        files[images], files[labels] = files[labels], files[images]
    else:
        files[images] = files["t10k-images-idx3-ubyte"]
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for name, content in files.items():
        (raw / name).write_bytes(content)
    monkeypatch.setenv("LENET_DATA", str(tmp_path))
    with pytest.raises(LenetError, match=f"Can't read MNIST in {tmp_path}"):
        mnist.load("mnist")


def test_mnist_that_arrives_later_is_noticed(tmp_path: Path, no_network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LENET_DATA", str(tmp_path))
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for name, content in blank_files().items():
        assert not mnist.at_hand()  # not while a file is missing
        assert mnist.load_at_hand().name == "sample"
        (raw / name).write_bytes(content)
    assert mnist.at_hand()
    assert mnist.load_at_hand().name == mnist.load("auto").name == "mnist"


def test_a_folder_without_mnist_is_named(tmp_path: Path, no_network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LENET_DATA", str(tmp_path))
    with pytest.raises(LenetError, match=f"LENET_DATA={tmp_path} does not hold MNIST/raw/"):
        mnist.load("mnist")


@pytest.fixture
def mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ThreadingHTTPServer]:
    """A server of the stand-in for MNIST."""
    from torchvision.datasets import MNIST
    from torchvision.datasets.utils import calculate_md5

    files = tmp_path / "mirror"
    files.mkdir()
    resources = []
    for name, content in blank_files().items():
        (files / f"{name}.gz").write_bytes(gzip.compress(content, 1))
        resources.append((f"{name}.gz", calculate_md5(files / f"{name}.gz")))

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=files))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr(MNIST, "mirrors", [f"http://127.0.0.1:{server.server_port}/"])
    monkeypatch.setattr(MNIST, "resources", resources)
    yield server
    server.shutdown()
    server.server_close()


def test_mnist_is_downloaded_once_into_the_home_folder(mirror, home: Path) -> None:
    assert not mnist.at_hand()
    digits = mnist.load("auto")
    assert (digits.name, len(digits.train), len(digits.test)) == ("mnist", 55_000, 10_000)
    assert mnist.at_hand()
    assert [folder.name for folder in (home / "data").iterdir()] == ["MNIST"]


def test_a_spoilt_download_leaves_nothing_behind(mirror, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from torchvision.datasets import MNIST

    monkeypatch.setattr(MNIST, "resources", [(name, "0" * 32) for name, _ in MNIST.resources])
    with pytest.raises(LenetError, match="could not be downloaded"):
        mnist.load("mnist")
    assert list((home / "data").iterdir()) == []
    assert not mnist.at_hand()
