"""A virtual environment of some requirements, made in a moment from what is installed here."""

import sys
import venv
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def make(folder: Path, requirements: list[str]) -> Path:
    """Make an environment in which nothing but these, and what they ask for, can be imported; give its Python.

    Raise ValueError for a requirement that what is installed here does not meet. Files are linked by what stands
    directly in site-packages, so a folder that several distributions share comes whole.
    """
    venv.create(folder, symlinks=True)
    python = folder / "bin" / "python"
    site = folder / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
    for installed in asked_for(requirements):
        for top in {file.parts[0] for file in installed.files or ()} - {"..", "__pycache__"}:
            if not (site / top).exists():
                (site / top).symlink_to(Path(str(installed.locate_file(top))).resolve())
    return python


def asked_for(requirements: list[str]) -> list[Distribution]:
    """What is installed here of these requirements and, step by step, of theirs."""
    waiting = [Requirement(text) for text in requirements]
    found: dict[str, Distribution] = {}
    seen = set()
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if (name, *sorted(requirement.extras)) in seen:
            continue
        seen.add((name, *sorted(requirement.extras)))
        installed = found[name] = distribution(name)
        if not requirement.specifier.contains(installed.version, prereleases=True):
            raise ValueError(f"{requirement} is asked for, and {installed.version} is installed")
        for needed in map(Requirement, installed.requires or ()):
            marker = needed.marker
            if marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *requirement.extras)):
                waiting.append(needed)
    return [*found.values()]
