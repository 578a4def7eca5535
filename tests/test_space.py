"""The tree is a Hugging Face Space as it is: its builder reads requirements.txt and the README's front matter only."""

import re
import tomllib
from pathlib import Path

import gradio

ROOT = Path(__file__).parent.parent
GIVEN = {"gradio"}  # by the Space itself; a pin that differs from sdk_version fails the build


def name(requirement: str) -> str:
    return re.split(r"[<>=!~\[; ]", requirement)[0]


def test_requirements_are_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [requirement for requirement in project["dependencies"] if name(requirement) not in GIVEN]
    assert (ROOT / "requirements.txt").read_text().split() == wanted


def test_the_front_matter_is_what_a_space_needs() -> None:
    head = (ROOT / "README.md").read_text().split("---")[1]
    images = dict(line.split(": ", 1) for line in head.strip().splitlines() if ": " in line)
    assert images["sdk"] == "gradio"
    assert images["app_file"] == "app.py"
    assert (ROOT / images["app_file"]).is_file()
    assert len(images["short_description"]) <= 60
    assert images["sdk_version"].split(".")[0] == gradio.__version__.split(".")[0] == "6"
    assert "hardware" not in images
    assert (images["hf_oauth"], images["hf_oauth_scopes"]) == ("true", "[contribute-repos]")  # to save runs on the Hub
