import shlex
from pathlib import Path

import pytest
from fakes import a_run

from lenet.cli.main import main
from lenet.runs import models, store
from lenet.ui import site


@pytest.fixture(autouse=True)
def no_measuring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site, "_perturbed", lambda name, kind: {"kind": kind, "accuracy": [1.0]})


def test_a_site_is_written_and_the_line_says_how_to_see_it(capsys, tmp_path: Path) -> None:
    store.ensure_writable()
    keys = [store.save(a_run(n), models.load_model("lenet5").state_dict(), []).key for n in (1, 2)]
    place = tmp_path / "my site"
    assert main(["site", str(place), "--run", keys[0], keys[1]]) == 0
    ((line,), err) = (text.splitlines() for text in capsys.readouterr())
    assert err == []
    files = [path for path in place.rglob("*") if path.is_file()]
    said, command = line.split(" To see the page: ")
    assert said.startswith(f"Saved {len(files) - 1} files (")
    assert shlex.split(command) == ["python", "-m", "http.server", "--directory", str(place)]
    assert all((place / "weights" / key).is_dir() for key in keys)
    assert main(["site", str(place)]) == 0
    assert not any((place / "weights" / key).exists() for key in keys)


@pytest.mark.parametrize(
    ("folder", "more", "says"),
    [
        ("new", ["--run", "0123456789ab"], "No network or run is called “0123456789ab”"),
        ("full", [], "holds files that `lenet site` did not write"),
        ("full/file", [], "is a file. Give the name of a folder."),
        ("full/file/site", [], "Check the path"),
    ],
)
def test_what_cannot_be_written_is_1_and_one_line(
    capsys, tmp_path: Path, folder: str, more: list[str], says: str
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").write_text("mine")
    before = sorted(tmp_path.rglob("*"))
    assert main(["site", str(tmp_path / folder), *more]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1
    assert says in err
    assert [path for path in sorted(tmp_path.rglob("*")) if path.name != "home"] == before
