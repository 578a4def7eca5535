"""The README in Chinese says what the one in English says: the same commands, figures and links."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ENGLISH, CHINESE = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh.md"))
BODY = ENGLISH.split("---\n", 2)[2]  # without what a Space wants to know
FIGURE = r"\d[\d,.]*\d|\d"


def code(text: str) -> list[str]:
    """What is in code blocks, without comments; not the tree of files."""
    blocks = re.findall(r"```(?:sh|python)\n(.*?)```", text, re.DOTALL)
    return [re.sub(r" *# .*", "", line) for block in blocks for line in block.splitlines()]


def rows(text: str) -> list[list[str]]:
    """The figures of each row of the tables."""
    return [re.findall(FIGURE, line) for line in text.splitlines() if line.startswith("| ")]


def test_the_commands_are_the_same() -> None:
    assert len(code(BODY)) > 30
    assert code(CHINESE) == code(BODY)


def test_the_figures_of_the_tables_are_the_same() -> None:
    assert len(rows(BODY)) > 25
    assert [*map(sorted, rows(CHINESE))] == [*map(sorted, rows(BODY))]


def test_the_figures_of_the_sentences_are_the_same() -> None:
    figures = [{figure for figure in re.findall(FIGURE, text) if len(figure) > 1} for text in (BODY, CHINESE)]
    assert figures[0] ^ figures[1] == set()


@pytest.mark.parametrize("pattern", [r"\]\(([^)]*)\)", r"^(#+) ", r"^(- \*\*|\d\. \*\*|```\w*$)"])
def test_links_headings_and_lists_are_the_same(pattern: str) -> None:
    english, chinese = (re.findall(pattern, text, re.MULTILINE) for text in (BODY, CHINESE))
    others = {"README.md": "README.zh.md", "docs/lesson.zh.md": "docs/lesson.md"}
    assert [others.get(one, one) for one in chinese] == english


def test_what_both_name_in_code_is_the_same() -> None:
    names = [{*re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))} for text in (BODY, CHINESE)]
    assert names[0] ^ names[1] == set()


def test_every_file_that_is_linked_is_there() -> None:
    files = [link for link in re.findall(r"\]\(([^)]*)\)", CHINESE) if "://" not in link]
    assert [file for file in files if not (ROOT / file).is_file()] == []
