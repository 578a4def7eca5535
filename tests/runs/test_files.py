from pathlib import Path

import pytest

from lenet.errors import LenetError
from lenet.runs import files


def test_a_file_is_written_with_its_folder_and_replaced(tmp_path: Path) -> None:
    file = tmp_path / "new" / "folder" / "file.csv"
    files.write(file, "7 → 9\n")
    assert file.read_text(encoding="utf-8") == "7 → 9\n"
    files.write(file, b"bytes")
    assert file.read_bytes() == b"bytes"
    assert [*file.parent.iterdir()] == [file]


def test_what_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "file.csv"
    files.write(file, "old")

    def write_half() -> None:
        with files.replacing(file) as temporary:
            temporary.write_text("half")
            raise OSError("no space left")

    with pytest.raises(OSError, match="no space left"):
        write_half()
    assert file.read_text() == "old"
    assert [*tmp_path.iterdir()] == [file]


def test_a_directory_is_not_replaced(tmp_path: Path) -> None:
    with pytest.raises(LenetError, match="is a directory or device"):
        files.write(tmp_path, "text")
