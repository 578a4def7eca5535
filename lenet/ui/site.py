"""The page without a server, as plain files: all that a browser needs to draw, read, look inside, test and compare.

    index.html, README.md   the page, and what a Hugging Face Space wants to know
    page-DIGEST/            the files of `web/` as they are, `site.json` and `digits.bin`
    weights/                as the page with a server names them

A version never changes under its address, so a browser's cache cannot mix two of them.
"""

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterable
from hashlib import sha256
from html import escape
from typing import Any

from lenet.digits import mnist
from lenet.digits.geometry import MARGIN
from lenet.evaluation import paper, report, robustness
from lenet.runs import models
from lenet.runs.hub.card import SOURCE
from lenet.runs.run import Run
from lenet.texts import Message, text
from lenet.ui import head, header, serving, weights
from lenet.ui.description import describe
from lenet.ui.pages import compare, draw, networks, testset
from lenet.ui.pages.runs import row
from lenet.words import sentences

STYLES = ("styles.css", "site/site.css")
PAINTED = ("header.tagline.site", "site.from_file")  # texts in index.html, besides the names of tabs
DATA = "sample"  # that the page tests with
START = "pip install . && python app.py"  # the page with a server, as the README says
DRAW = ("header", "pad", "bars", "meters", "elsewhere", "stages", "maps", "sliding")  # parts of the tab that opens


def build(keys: Iterable[str] = ()) -> dict[str, bytes]:
    """Make the page's files, by path, with the stored runs of these keys, or their beginnings, beside the pretrained
    networks. Raise UnknownModelError for a key that no run has, DamagedError for a run that cannot be read.
    """
    runs = [models.load_run(key) for key in dict.fromkeys(models.whole_key(key) for key in keys)]
    titles = _titles(runs)
    described = [describe(name) for name in models.pretrained()]
    described += [{**describe(run.key), "title": titles[run.key], "pretrained": False, "id": run.key} for run in runs]
    site = {
        "models": described,
        "runs": [{**row(run), "title": titles[run.key]} for run in runs],
        "parts": _parts(titles),
        "testset": _testset([model["id"] for model in described]),
    }
    versioned = {path: file.plain for path, file in serving.files().items()}
    versioned |= {"site.json": json.dumps(site, separators=(",", ":")).encode(), "digits.bin": _digits()}
    base = f"page-{_digest(versioned)}/"
    return {
        "README.md": _template("README.md").replace("{source}", SOURCE).encode(),
        **{base + path: content for path, content in versioned.items()},
        **{model["weights"]: weights.weights_file(model["id"]) for model in described},
        "index.html": _page(base).encode(),  # last: whoever reads it finds all that it names
    }


def _titles(runs: list[Run]) -> dict[str, Any]:
    """A title of its own for each run, by its key, a message if nobody gave it one: here it is nobody's "your run"."""
    count = Counter(run.title for run in runs)
    return {run.key: run.title if run.title and count[run.title] == 1 else run.untitled.json() for run in runs}


def _parts(titles: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What each part is given."""
    count = len(models.pretrained()) + len(titles)
    return {
        "header": {"value": header(PAINTED[0])},
        "pad": {**draw.pad_props(), "photos": False},
        "bars": {**draw.bars_props(), "runs": [[*run] for run in titles.items()]},
        "elsewhere": {"value": {"source": SOURCE, "command": START}},
        "maps": {"value": serving.FIRST_MODEL},
        "testset": testset.props(),
        **{name: {**compare.props(), "most": min(compare.MAX_MODELS, count)} for name in ("compare", "hands")},
        "networks": {**networks.props(), "untrained": Message("networks.no_weights").json()},
    }


def _testset(names: list[str]) -> dict[str, Any]:
    """What the browser does not work out itself of a test."""
    notice = sentences(mnist.load(DATA).notice)
    return {
        "data": DATA,
        "notice": notice.json() if notice else None,
        "bins": report.BINS,
        "points": testset.POINTS,
        "shown": testset.MAX_SHOWN,
        "error": testset.ERROR_RATE,
        "paper": [{"label": label, "digit": digit, "paper": count} for (label, digit), count in paper.FREQUENT],
        "perturbed": {name: {kind: _perturbed(name, kind) for kind in robustness.SEVERITIES} for name in names},
    }


def _perturbed(name: str, kind: str) -> dict[str, Any]:
    found = testset.perturb({"kind": kind}, name, DATA)
    del found["drawing"]  # drawings are not transformed in the browser
    return found


def _digits() -> bytes:
    """The test digits, packed by gzip: all labels, a byte each, then all images, 28x28."""
    test = mnist.load(DATA).test
    images = test.images[:, MARGIN:-MARGIN, MARGIN:-MARGIN].contiguous()
    return gzip.compress(test.labels.numpy().astype("uint8").tobytes() + images.numpy().tobytes(), mtime=0)


def _digest(files: dict[str, bytes]) -> str:
    digest = sha256()
    for path, content in sorted(files.items()):
        digest.update(f"{path}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:12]


def _template(name: str) -> str:
    return serving.WEB.joinpath("site", name).read_text(encoding="utf-8")


def _page(base: str) -> str:
    """The HTML: the boxes that Gradio would make, with sentences and addresses filled in."""
    scripts = [path for path in head.scripts(serving.files()) if head.owner(path) in ("", *DRAW, "site")]
    fetched = [*(base + path for path in (*serving.FETCHED, "site.json")), weights.address(serving.FIRST_MODEL)]
    filled = {
        "<!-- head -->": head.lines("page.description.site", PAINTED, base, STYLES, scripts, fetched),
        "<!-- first paint -->": head.first_paint(PAINTED[0]),
        "<!-- shell -->": f'<script type="module" src="./{base}site/shell.js"></script>',
    }
    html = re.sub(r"\{([a-z_]+\.[a-z_.]+)\}", lambda place: escape(text(place[1])), _template("index.html"))
    for place, content in filled.items():
        html = html.replace(place, content)
    return html
