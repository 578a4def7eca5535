"""A folder of files that one command writes, and writes over when it runs again."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from lenet.errors import LenetError
from lenet.runs import files

LIST = ".lenet-site"  # in the folder: paths of the files that were written there, a line each


def write(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Write files by their paths in a folder, in their order, and remove those that an earlier call left there.

    LenetError if there is a file of that name, if the folder holds other files and none of an earlier call, or if
    another file stands in the place of one of these. What fails in the middle leaves a folder that can be written over.
    """
    old = earlier(folder)
    for path in contents:
        if path not in old and (folder / path).exists():
            raise LenetError("site.in_the_way", file=str(folder / path))
    files.write(folder / LIST, _listed([*contents, *old]))
    for path, content in contents.items():
        files.write(folder / path, content)
    for path in old - contents.keys():
        _remove(folder, path)
    files.write(folder / LIST, _listed(contents))


def _listed(paths: Iterable[str]) -> str:
    return "".join(f"{path}\n" for path in dict.fromkeys(paths))


def earlier(folder: Path) -> set[str]:
    """Paths of the files that an earlier call of `write` left in a folder. LenetError if it would refuse the folder."""
    if folder.exists() and not folder.is_dir():
        raise LenetError("site.not_a_folder", folder=str(folder))
    if not folder.is_dir() or not any(folder.iterdir()):
        return set()
    if not (folder / LIST).is_file():
        raise LenetError("site.foreign", folder=str(folder))
    root = folder.resolve()
    paths = (folder / LIST).read_text(encoding="utf-8").splitlines()
    return {path for path in paths if (folder / path).resolve().is_relative_to(root)}  # whoever wrote that list


def _remove(folder: Path, path: str) -> None:
    """Remove a file, and the folders that it leaves empty."""
    (folder / path).unlink(missing_ok=True)
    with suppress(OSError):
        for parent in (folder / path).parents:
            if parent == folder:
                break
            parent.rmdir()
