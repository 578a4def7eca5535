import errno
import os
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from fakes import a_run, files, weights

from lenet.errors import LenetError
from lenet.runs import models, store


def test_the_oldest_unused_runs_make_room_and_the_newest_always_stays(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (1, 2, 3):
        store.save(a_run(number), weights(), [])
        os.utime(store.path(a_run(number).key), (number, number))
    size = store.path(a_run(1).key).stat().st_size
    store.touch(store.path(a_run(1).key))
    monkeypatch.setenv("LENET_CACHE_MB", str(3.5 * size / 1e6))
    store.save(a_run(4), weights(), [])
    assert files(folder) == {store.path(a_run(number).key).name for number in (1, 3, 4)}
    monkeypatch.setenv("LENET_CACHE_MB", "0.000001")
    store.save(a_run(5), weights(), [])
    assert files(folder) == {store.path(a_run(5).key).name}
    assert all(file.is_file() for file in models.pretrained().values())


class Disk:
    """A disk with that many bytes for the files of a folder."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path, size: int) -> None:
        self.folder, self.size, self.written = folder, size, 0
        self.write_bytes = Path.write_bytes
        monkeypatch.setattr(Path, "write_bytes", lambda file, content: self.write(file, content))
        monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=self.free()))

    def free(self) -> int:
        return self.size - sum(file.stat().st_size for file in self.folder.iterdir())

    def write(self, file: Path, content: bytes) -> int:
        self.written += 1
        if len(content) <= self.free():
            return self.write_bytes(file, content)
        self.write_bytes(file, content[: self.free()])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def used_in_order(*numbers: int) -> int:
    """Store runs, the least recently used first; return the size of one."""
    for number in numbers:
        store.save(a_run(number), weights(), [])
        os.utime(store.path(a_run(number).key), (number, number))
    return store.path(a_run(numbers[0]).key).stat().st_size


def test_on_a_full_disk_the_oldest_unused_runs_make_room_and_no_more_of_them(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = used_in_order(1, 2, 3, 4)
    Disk(monkeypatch, folder, 5 * size - 1)
    kept = store.save(a_run(5), weights(5), [weights(4)])  # twice as large
    assert files(folder) == {store.path(a_run(number).key).name for number in (3, 4, 5)}
    assert store.read(store.path(kept.key), 0)[0] == kept


def test_on_a_full_disk_no_run_goes_in_vain(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    size = used_in_order(1, 2)
    disk = Disk(monkeypatch, folder, 2 * size)
    with pytest.raises(OSError, match="No space left"):
        store.save(a_run(3), weights(), [weights(), weights()])
    assert files(folder) == {store.path(a_run(number).key).name for number in (1, 2)}
    assert disk.written == 1


def test_a_file_limit_costs_no_run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    used_in_order(1, 2)

    def too_large(file: Path, content: bytes) -> int:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))

    monkeypatch.setattr(Path, "write_bytes", too_large)
    with pytest.raises(OSError, match="too large"):
        store.save(a_run(3), weights(), [])
    assert files(folder) == {store.path(a_run(number).key).name for number in (1, 2)}


def test_a_title_that_cannot_be_written_is_refused_in_a_sentence_and_the_old_one_stays(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = used_in_order(1, 2)
    Disk(monkeypatch, folder, 2 * size + 99)
    with pytest.raises(LenetError, match=r"The title could not be saved \(No space left on device\)\. Make room in /"):
        store.rename(a_run(1).key, "mine")
    assert store.read(store.path(a_run(1).key))[0].title == ""
    assert len(files(folder)) == 2
