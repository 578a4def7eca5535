"""The house: what each room may import, read from every import of its modules, those inside functions included."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).parent.parent / "lenet"
GROUND = ("texts", "words", "errors", "settings")  # modules, each of which may import those before it
BELOW = {  # room: the rooms that it may import, beside the ground
    "digits": set(),
    "networks": {"digits"},
    "training": {"digits", "networks"},
    "evaluation": {"digits", "networks"},
    "runs": {"digits", "networks", "training", "evaluation"},
    "cli": {"digits", "networks", "training", "evaluation", "runs"},
    "ui": {"digits", "networks", "training", "evaluation", "runs"},
}
LATE = {"cli/page.py": {"ui"}, "cli/site.py": {"ui"}}  # imported by a command when it runs
PAGE_ONLY = {"gradio", "spaces"}  # packages that nothing but the page needs


def modules(room: str) -> list[Path]:
    return sorted((HOUSE / room).rglob("*.py")) if (HOUSE / room).is_dir() else [HOUSE / f"{room}.py"]


def name(module: Path) -> str:
    parts = module.relative_to(HOUSE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(module: Path) -> Iterator[tuple[int, str]]:
    """The line and full name of all that a module imports; of `from package import module` the module."""
    package = name(module).split(".")[: None if module.name == "__init__.py" else -1]
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) + 1 - node.level] if node.level else []
            source = ".".join([*base, *([node.module] if node.module else [])])
            yield from ((node.lineno, known(f"{source}.{alias.name}") or source) for alias in node.names)


def known(module: str) -> str | None:
    """The module of ours that has this name, if there is one."""
    path = HOUSE.parent.joinpath(*module.split("."))
    return module if path.with_suffix(".py").is_file() or (path / "__init__.py").is_file() else None


def test_every_room_has_its_arrows() -> None:
    rooms = {path.stem for path in HOUSE.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()}
    assert rooms - {"__init__", "__main__"} == {*GROUND, *BELOW}


@pytest.mark.parametrize("room", [*GROUND, *BELOW])
def test_arrows_point_one_way(room: str) -> None:
    allowed = {*GROUND[: GROUND.index(room)]} if room in GROUND else {room, *GROUND, *BELOW[room]}
    against = []
    for module in modules(room):
        late = LATE.get(module.relative_to(HOUSE).as_posix(), set())
        for line, imported in imports(module):
            first, *rest = imported.split(".")
            if first == "lenet" and (not rest or rest[0] not in allowed | late):
                against.append(f"{module.relative_to(HOUSE.parent)}:{line} imports {imported}")
    assert not against, "\n".join(against)


@pytest.mark.parametrize("room", [room for room in (*GROUND, *BELOW) if room != "ui"])
def test_the_page_alone_needs_gradio(room: str) -> None:
    against = [
        f"{module.relative_to(HOUSE.parent)}:{line} imports {imported}"
        for module in modules(room)
        for line, imported in imports(module)
        if imported.split(".")[0] in PAGE_ONLY
    ]
    assert not against, "\n".join(against)


def test_commands_start_without_the_page() -> None:
    program = f"import sys, lenet.cli.main; print(sorted({PAGE_ONLY!r} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_no_modules_import_each_other_in_a_circle() -> None:
    files = sorted(HOUSE.rglob("*.py"))
    arrows = {name(file): {imported for _, imported in imports(file)} - {name(file)} for file in files}
    while free := [module for module, targets in arrows.items() if not targets & arrows.keys()]:
        for module in free:
            del arrows[module]
    assert not arrows, {module: sorted(targets & arrows.keys()) for module, targets in arrows.items()}
