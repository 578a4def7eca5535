"""The command line as a whole: exit codes, and where words go."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

import pytest

from lenet.cli.main import main, parser


def test_every_option_of_every_command_is_explained() -> None:
    (commands,) = (action for action in parser()._actions if isinstance(action, argparse._SubParsersAction))
    assert [*commands.choices] == ["train", "test", "predict", "export", "networks", "runs", "push", "page", "site"]
    for name, command in commands.choices.items():
        assert command.description
        assert [action.dest for action in command._actions if not action.help] == [], name
        assert command.format_help()  # no stray % in it


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["train", "--data", "sample", "--optimizer", "adagrad"], "choose from"),
        (["train", "--preset", "z"], "choose from"),
        (["train", "--data", "sample", "--output", "."], ". is a directory or device. Give the name of a file."),
        (["test", "--predictions", "."], ". is a directory or device. Give the name of a file."),
        (["export", "--output", "."], ". is a directory or device. Give the name of a file."),
        (["runs", "--rename", "mine"], "give exactly one run KEY"),
        (["runs", "--delete"], "give the KEY of one or more runs"),
        (["runs", "--curves", "curves.svg"], "give the KEY of one or more runs"),
        (["runs", "--curves", "curves.png"], "give a name that ends in .svg"),
        (["train", "--data", "sample", "--epochs", "0"], "1 to 50|at least 1|from 1"),
        (["train", "--data", "sample", "--epochs", "51"], "1 to 50|at most 50"),
        (["train", "--network", "lenet6"], "choose from 'lenet5'|choose from lenet5"),
        (["test", "--data", "cifar"], "choose from"),
        (["page", "--port", "0"], "from 1 to 65535, not 0"),
        (["page", "--port", "web"], "from 1 to 65535, not web"),
        (["predict"], "FILE"),
        ([], "COMMAND"),
    ],
)
def test_wrong_use_is_2_and_says_what_is_known(capsys, arguments: list[str], says: str) -> None:
    try:
        code = main(arguments)
    except SystemExit as left:
        code = left.code
    assert code == 2
    said = capsys.readouterr().err
    assert any(part in said for part in says.split("|"))


def test_an_unknown_run_is_1_and_one_line(capsys) -> None:
    assert main(["test", "--run", "0123456789ab", "--data", "sample"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1
    assert "No network or run is called “0123456789ab”" in err


def test_mnist_that_cannot_be_had_is_1_and_one_line(capsys, no_network) -> None:
    assert main(["test", "--data", "mnist"]) == 1
    err = capsys.readouterr().err
    assert len(err.splitlines()) == 1
    assert "Set LENET_DATA" in err


def test_a_file_that_cannot_be_written_is_1_and_one_line(capsys, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert main(["test", "--data", "sample", "--json", "--predictions", str(tmp_path / "file" / "p.csv")]) == 1
    *_, last = capsys.readouterr().err.splitlines()
    assert last.startswith(f"lenet: Cannot read or write {tmp_path}")
    assert "Check the path" in last


@pytest.mark.skipif(sys.platform == "win32", reason="names are text there")
def test_a_name_that_no_terminal_can_show_is_printed_all_the_same(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "lenet", "predict", b"7\xff.png"]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("lenet: 7")


@pytest.mark.skipif(sys.platform == "win32", reason="pipes differ")
def test_a_reader_who_leaves_is_no_trouble() -> None:
    command = f"{sys.executable} -m lenet networks --json | head -n 1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True)
    assert done.stdout.startswith('{"name": "lenet5"')
    assert done.stderr == ""
