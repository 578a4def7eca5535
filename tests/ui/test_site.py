"""The page without a server: which files are written, and into which folders."""

import gzip
import json
import re
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from fakes import a_run

from lenet.digits.data import Data
from lenet.errors import LenetError, UnknownModelError
from lenet.evaluation import robustness
from lenet.runs import models, store
from lenet.runs.hub.card import SOURCE
from lenet.texts import Message
from lenet.ui import folder, serving, site
from lenet.ui.pages.testset import perturb

WEB = Path(serving.__file__).parent / "web"
MEASURE = site._perturbed


@pytest.fixture(autouse=True)
def no_measuring(monkeypatch: pytest.MonkeyPatch) -> None:
    """What transformations cost takes long to measure; the page's own tests look at it."""
    monkeypatch.setattr(site, "_perturbed", lambda name, kind: {"kind": kind, "accuracy": [1.0]})


def stored(number: int, **other: object) -> str:
    """The key of a run that nobody trained, with the weights of lenet5."""
    store.ensure_writable()
    return store.save(a_run(number, **other), models.load_model("lenet5").state_dict(), []).key


def base(contents: dict[str, bytes]) -> str:
    (found,) = {path.partition("/")[0] + "/" for path in contents if path.startswith("page-")}
    return found


def message(told: dict) -> Message:
    """A message of JSON."""
    values = {name: message(value) if isinstance(value, dict) else value for name, value in told["values"].items()}
    return Message(told["key"], values)


def told(contents: dict[str, bytes]) -> dict:
    return json.loads(contents[base(contents) + "site.json"])


def test_all_that_the_html_names_is_written_and_named_relative_to_it() -> None:
    contents = site.build()
    html = contents["index.html"].decode()
    names = re.findall(r'(?:href|src)="([^"]*)"', html)
    assert len(names) > 60
    assert [name for name in names if not name.startswith("./") or name[2:] not in contents] == []
    assert not re.search(r"(?<!\$)\{\w+\.|<!-- (head|shell|first)|og:url", html)
    told = r'<p id="from-file.*?</p>|<script type="application/json".*?</script>'
    assert "http" not in re.sub(told, "", html)
    assert '<meta property="og:title" content="LeNet-5: draw a digit">' in html


def test_the_files_of_the_page_are_those_of_the_page_with_a_server() -> None:
    contents = site.build()
    for path, file in serving.files().items():
        assert contents[base(contents) + path] == file.plain
    assert contents[base(contents) + "parts/pad.js"] == (WEB / "parts" / "pad.js").read_bytes()


def test_weights_are_where_models_say_and_what_their_address_says() -> None:
    contents = site.build()
    described = told(contents)["models"]
    assert [model["id"] for model in described] == [*models.pretrained()]
    for model in described:
        assert model["weights"] == f"weights/{model['id']}/{sha256(contents[model['weights']]).hexdigest()}.safetensors"


def test_the_digits_are_the_samples_test_digits(sample: Data) -> None:
    contents = site.build()
    unpacked = np.frombuffer(gzip.decompress(contents[base(contents) + "digits.bin"]), np.uint8)
    count = len(sample.test)
    assert unpacked[:count].tolist() == sample.test.labels.tolist()
    assert (unpacked[count:].reshape(count, 28, 28) == sample.test.images[:, 2:-2, 2:-2].numpy()).all()


def test_what_transformations_cost_is_measured_on_the_sample() -> None:
    found = MEASURE("lenet1-1989", "noise")
    assert {**found, "drawing": None} == perturb({"kind": "noise"}, "lenet1-1989", "sample")
    assert "drawing" not in found  # none is transformed in the browser
    assert found["accuracy"][0] > 0.95


def test_a_space_finds_what_it_wants_to_know() -> None:
    contents = site.build()
    head = contents["README.md"].decode().split("---")[1]
    front = dict(line.split(": ", 1) for line in head.strip().splitlines())
    assert (front["sdk"], front["app_file"], front["license"]) == ("static", "index.html", "mit")
    assert front["app_file"] in contents
    assert front["title"]
    assert f"`lenet site` of {SOURCE} wrote" in contents["README.md"].decode()
    assert len(front["short_description"]) <= 60


def test_another_content_has_another_address() -> None:
    before, key = base(site.build()), stored(1)
    assert base(site.build()) == before
    assert base(site.build([key])) != before


def test_runs_are_offered_under_names_of_their_own() -> None:
    keys = [stored(1, title="mine"), stored(2), stored(3, title="twice"), stored(4, title="twice")]
    contents = site.build([*keys, keys[0][:64]])
    given = [title for _, title in told(contents)["parts"]["bars"]["runs"]]
    names = [title if isinstance(title, str) else str(message(title)) for title in given]
    assert [key for key, _ in told(contents)["parts"]["bars"]["runs"]] == keys
    assert names[0] == "mine"
    assert all(re.fullmatch(r"lenet5, \d+ epochs? \([0-9a-f]{8}\)", name) for name in names[1:])
    assert [row["title"] for row in told(contents)["runs"]] == given
    described = told(contents)["models"][len(models.pretrained()) :]
    assert [(model["id"], model["title"]) for model in described] == [*zip(keys, given, strict=True)]
    assert all(model["weights"] in contents for model in described)
    assert told(contents)["testset"]["perturbed"][keys[1]].keys() == robustness.SEVERITIES.keys()


def test_an_unknown_run_is_refused() -> None:
    with pytest.raises(UnknownModelError, match="No network or run is called “0123456789ab”"):
        site.build(["0123456789ab"])


def written(place: Path) -> dict[str, bytes]:
    paths = [path for path in place.rglob("*") if path.is_file() and path.name != folder.LIST]
    return {path.relative_to(place).as_posix(): path.read_bytes() for path in paths}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "some" / "site"


def test_an_earlier_site_is_written_over_and_what_it_left_is_removed(place: Path) -> None:
    folder.write(place, {"index.html": b"1", "page-1/a/b.js": b"1", "page-1/c.js": b"1"})
    (place / "CNAME").write_bytes(b"example.org")
    (place / "page-1" / "notes.txt").write_bytes(b"mine")
    folder.write(place, {"page-2/a/b.js": b"2", "index.html": b"2"})
    kept = {"CNAME": b"example.org", "page-1/notes.txt": b"mine"}
    assert written(place) == {"page-2/a/b.js": b"2", "index.html": b"2", **kept}
    assert not (place / "page-1" / "a").exists()


def test_an_empty_folder_is_taken(place: Path) -> None:
    place.mkdir(parents=True)
    folder.write(place, {"index.html": b"1"})
    assert written(place) == {"index.html": b"1"}


def test_foreign_files_are_never_touched(place: Path) -> None:
    place.mkdir(parents=True)
    (place / "index.html").write_bytes(b"mine")
    with pytest.raises(LenetError, match="holds files that `lenet site` did not write"):
        folder.write(place, {"index.html": b"1", "other": b"1"})
    assert written(place) == {"index.html": b"mine"}
    assert not (place / folder.LIST).exists()


def test_a_foreign_file_in_the_place_of_a_new_one_is_refused(place: Path) -> None:
    folder.write(place, {"index.html": b"1"})
    (place / "new.js").write_bytes(b"mine")
    with pytest.raises(LenetError, match=r"new\.js is in the way"):
        folder.write(place, {"index.html": b"2", "new.js": b"2"})
    assert written(place) == {"index.html": b"1", "new.js": b"mine"}


def test_a_file_is_no_folder(place: Path) -> None:
    place.parent.mkdir()
    place.write_bytes(b"mine")
    with pytest.raises(LenetError, match="is a file"):
        folder.write(place, {"index.html": b"1"})
    assert place.read_bytes() == b"mine"


def test_a_list_that_names_others_files_is_not_believed(place: Path) -> None:
    folder.write(place, {"index.html": b"1"})
    other = place.parent / "precious"
    other.write_bytes(b"mine")
    (place / folder.LIST).write_text(f"../precious\n{other}\n")
    folder.write(place, {"page.html": b"2"})
    assert other.read_bytes() == b"mine"


def test_what_was_broken_off_is_written_over(place: Path) -> None:
    folder.write(place, {"page-1/a.js": b"1", "index.html": b"1"})
    with pytest.raises(TypeError):
        folder.write(place, {"page-2/a.js": b"2", "page-2/b.js": 2, "index.html": b"2"})  # type: ignore[dict-item]
    assert (place / "index.html").read_bytes() == b"1"  # still whole
    assert (place / "page-1" / "a.js").is_file()
    folder.write(place, {"page-3/a.js": b"3", "index.html": b"3"})
    assert written(place) == {"page-3/a.js": b"3", "index.html": b"3"}
