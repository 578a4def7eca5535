"""The table of texts, as Python renders it; and no sentence for a person stands anywhere else in Python."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from lenet import errors, texts
from lenet.errors import InvalidError, LenetError
from lenet.texts import Message, text

PACKAGE = Path(texts.__file__).parent
FILES = sorted(PACKAGE.rglob("*.py"))
ERRORS = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, LenetError)}
ASKS = {"text", "Message", "help_text", "say"}  # functions whose first argument is a key
PROSE = re.compile(r"[A-Za-z]{2,} [a-z]{2,}")


@pytest.fixture
def words(monkeypatch: pytest.MonkeyPatch) -> dict[str, texts.Entry]:
    """A little table in the real one's place."""
    table: dict[str, texts.Entry] = {"common.list": "{first}, {second}"}
    monkeypatch.setattr(texts, "table", lambda language="en": table)
    return table


@pytest.mark.parametrize(
    ("sentence", "value", "rendered"),
    [
        ("{x}", "lenet5", "lenet5"),
        ("{x}", 9958, "9,958"),
        ("{x}", -1234567, "−1,234,567"),
        ("{x}", 0.006, "0.006"),
        ("{x}", 1e-5, "0.00001"),
        ("{x}", 2.0, "2"),
        ("{x}", 1234.5, "1,234.5"),
        ("{x}", None, ""),
        ("{x}", ["lenet5", 1000, 2.5], "lenet5, 1,000, 2.5"),
        ("{x}", (), ""),
        ("{x:2%}", 0.9958, "99.58%"),
        ("{x:0%}", 0.125, "13%"),
        ("{x:1%}", 1, "100.0%"),
        ("{x:2%}", -0.031, "−3.10%"),
        ("{x:.2}", -1.55, "−1.55"),
        ("{x:.2}", -0.001, "0.00"),
        ("{x:.0}", 2.5, "3"),
        ("{x:.2}", 1.005, "1.00"),
        ("{x:.1}", 7, "7.0"),
        ("{x:.2}", "n/a", "n/a"),
        ('{"strokes": {x}}', 5, '{"strokes": 5}'),
        ("{x} of {x}", 5, "5 of 5"),
    ],
)
def test_values_are_written_in_their_form(words: dict, sentence: str, value: object, rendered: str) -> None:
    words["a.b"] = sentence
    assert text("a.b", x=value) == rendered


def test_a_value_in_braces_is_not_read_again(words: dict) -> None:
    words["a.b"] = "{title} is deleted"
    assert text("a.b", title="{title} {x}") == "{title} {x} is deleted"


def test_a_count_chooses_the_form(words: dict) -> None:
    words["a.b"] = {"one": "{count} epoch", "other": "{count} epochs"}
    assert [text("a.b", count=count) for count in (0, 1, 2, 1000)] == [
        "0 epochs",
        "1 epoch",
        "2 epochs",
        "1,000 epochs",
    ]
    words["a.c"] = {"other": "{count} 轮"}
    assert text("a.c", count=1) == "1 轮"


def test_messages_stand_in_messages(words: dict) -> None:
    words |= {"a.outer": "{what}: {list}", "a.inner": {"one": "{count} run", "other": "{count} runs"}}
    inner = Message("a.inner", {"count": 1})
    outer = Message("a.outer", {"what": inner, "list": [inner, Message("a.inner", {"count": 2}), "more"]})
    assert str(outer) == "1 run: 1 run, 2 runs, more"
    assert outer.json() == {
        "key": "a.outer",
        "values": {
            "what": {"key": "a.inner", "values": {"count": 1}},
            "list": [
                {"key": "a.inner", "values": {"count": 1}},
                {"key": "a.inner", "values": {"count": 2}},
                "more",
            ],
        },
    }


def test_what_is_missing_is_an_error(words: dict) -> None:
    words |= {"a.b": "{x}", "a.c": {"one": "{count} a", "other": "{count} b"}}
    with pytest.raises(KeyError, match=r"a\.unknown"):
        text("a.unknown")
    for key in ("a.b", "a.c"):
        with pytest.raises(KeyError):
            text(key)


def test_an_error_is_its_message(words: dict) -> None:
    words["a.b"] = "{key} is {name}."
    error = InvalidError("a.b", key="rate", name=0.5)
    assert str(error) == str(error.message) == "rate is 0.5."
    assert error.message == Message("a.b", {"key": "rate", "name": 0.5})
    assert isinstance(error, ValueError)
    assert isinstance(error, LenetError)


def test_what_an_error_repeats_is_cut_where_it_is_endless(words) -> None:
    words["a.b"] = "There is no {name}."
    assert len(str(InvalidError("a.b", name="x" * 5_000_000))) < 600


@pytest.mark.parametrize("key", texts.table())
def test_an_entry_is_well_formed(key: str) -> None:
    assert re.fullmatch(r"[a-z0-9_-]+(\.[a-zA-Z0-9_+-]+)+", key)
    entry = texts.table()[key]
    forms = [entry] if isinstance(entry, str) else [*entry.values()]
    if isinstance(entry, dict):
        assert "other" in entry
        assert entry.keys() <= {"zero", "one", "two", "few", "many", "other"}
    for sentence in forms:
        assert sentence
        braces = re.findall(r"\{\w[^}]*\}?", sentence)
        assert [place for place in braces if not texts.PLACE.fullmatch(place)] == []
        assert not re.search(r"\d %|\} %", sentence), "a percentage has no space"


def calls(names: set[str], files: list[Path] = FILES) -> Iterator[tuple[str, ast.expr]]:
    """Of every call of these functions where it stands, and its first argument."""
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                if name in names:
                    yield f"{file.relative_to(PACKAGE)}:{node.lineno}", node.args[0]


def keys(argument: ast.expr) -> Iterator[re.Pattern[str]]:
    """What an argument may be: literal keys, of a choice each, and those with a changing part as patterns."""
    match argument:
        case ast.Constant(value=str(key)):
            yield re.compile(re.escape(key))
        case ast.JoinedStr():
            parts = [re.escape(part.value) if isinstance(part, ast.Constant) else ".+" for part in argument.values]
            yield re.compile("".join(parts))
        case ast.IfExp():
            yield from keys(argument.body)
            yield from keys(argument.orelse)


def test_every_key_that_python_asks_for_is_in_the_table() -> None:
    unknown = [
        f"{place}: {key.pattern}"
        for place, argument in calls(ASKS | ERRORS)
        for key in keys(argument)
        if not any(map(key.fullmatch, texts.table()))
    ]
    assert unknown == []


def test_every_text_of_the_command_line_is_asked_for() -> None:
    literals = [
        key
        for file in FILES
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant | ast.JoinedStr)
        for key in keys(node)
    ]
    asked = [key for key in literals if "cli" in key.pattern]
    unused = [key for key in texts.table() if key.startswith("cli.") and not any(one.fullmatch(key) for one in asked)]
    assert unused == []


def test_no_error_for_a_person_is_raised_with_a_sentence() -> None:
    sentences = [
        f"{place}: {key.pattern}"
        for place, argument in calls(ERRORS)
        for key in keys(argument)
        if not re.fullmatch(r"[\w-]+(\\\.[\w-]+)+", key.pattern)
    ]
    assert sentences == []


def test_the_command_line_has_no_words_of_its_own() -> None:
    files = [*(PACKAGE / "cli").glob("*.py"), *(PACKAGE / "runs").glob("*.py"), PACKAGE / "settings.py"]
    assert [place for file in files for place in prose(file)] == []


def prose(file: Path) -> Iterator[str]:
    """Sentences in a file's code: neither docstrings, nor errors for programmers, nor a style sheet."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    allowed = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Raise)
            and isinstance(node.exc, ast.Call)
            and ast.unparse(node.exc.func) == "ValueError"
        ):
            allowed |= {*ast.walk(node.exc)}
    for node in ast.walk(tree):
        words = node.value if isinstance(node, ast.Constant) and node not in allowed else ""
        if isinstance(words, str) and PROSE.search(words) and "{ " not in words:
            yield f"{file.name}:{node.lineno}: {words}"
