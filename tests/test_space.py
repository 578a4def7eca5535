"""The tree is a Hugging Face Space as it is: its builder reads requirements.txt and the README's front matter only."""

import re
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import gradio
import pytest
from PIL import Image

from lenet.ui import SOURCE

ROOT = Path(__file__).parent.parent
GIVEN = {"gradio"}  # by the Space itself; a pin that differs from sdk_version fails the build
RAW = SOURCE.replace("github.com", "raw.githubusercontent.com") + "/main/"
TEXT = {".css", ".html", ".js", ".json", ".md", ".py", ".svg", ".ts", ".txt", ""}


@pytest.fixture(scope="module")
def pushed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that a Space gets."""
    folder = tmp_path_factory.mktemp("pushed")
    subprocess.run([sys.executable, ROOT / "tools" / "space.py", folder], check=True)
    return folder


@pytest.fixture
def front() -> dict[str, str]:
    """The front matter's values, as they are written."""
    head = (ROOT / "README.md").read_text().split("---")[1]
    return dict(line.split(": ", 1) for line in head.strip().splitlines() if ": " in line)


def name(requirement: str) -> str:
    return re.split(r"[<>=!~\[; ]", requirement)[0]


def test_requirements_are_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [requirement for requirement in project["dependencies"] if name(requirement) not in GIVEN]
    assert (ROOT / "requirements.txt").read_text().split() == wanted


def test_the_front_matter_is_what_a_space_needs(front: dict[str, str]) -> None:
    assert front["sdk"] == "gradio"
    assert front["app_file"] == "app.py"
    assert len(front["short_description"]) <= 60
    assert front["sdk_version"].split(".")[0] == gradio.__version__.split(".")[0] == "6"
    assert all(re.fullmatch(r"\[[\w-]+/[\w-]+\]", front[kind]) for kind in ("models", "datasets"))
    assert "hardware" not in front
    assert (front["hf_oauth"], front["hf_oauth_scopes"]) == ("true", "[contribute-repos]")  # to save runs on the Hub


def test_the_thumbnail_is_a_picture_of_this_repository(front: dict[str, str]) -> None:
    picture = ROOT / front["thumbnail"].removeprefix(RAW)
    assert front["thumbnail"].startswith(RAW)
    assert picture.stat().st_size <= 200_000
    with Image.open(picture) as image:
        assert image.width / image.height == pytest.approx(1.91, abs=0.01)  # as cards are wide


def test_a_space_gets_what_the_readme_shows_and_no_tests(pushed: Path) -> None:
    readme = (pushed / "README.md").read_text()
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", readme) if "://" not in link]
    assert "docs/light.png" in links
    assert [link for link in links if not (pushed / link).exists()] == []
    assert {path.name for path in pushed.iterdir()}.isdisjoint({"tests", "benchmarks", ".git", ".github"})


def test_a_folder_that_holds_something_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").touch()
    command = [sys.executable, ROOT / "tools" / "space.py", tmp_path]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, [file.name for file in tmp_path.iterdir()]) == (2, ["mine.txt"])
    assert "is not an empty folder: what is in it would be uploaded too" in done.stderr


def test_what_is_no_text_is_for_lfs(pushed: Path) -> None:
    lines = [line.split() for line in (pushed / ".gitattributes").read_text().splitlines()]
    patterns = [pattern for pattern, *attributes in lines if "filter=lfs" in attributes]
    for path in pushed.rglob("*"):
        if path.is_file():
            in_lfs = any(fnmatch(path.name, pattern) for pattern in patterns)
            assert in_lfs != (path.suffix in TEXT), path
            assert not in_lfs or not path.read_bytes().startswith(b"version https://git-lfs"), path
