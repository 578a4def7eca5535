"""What a browser is sent: the page's HTML, its scripts and styles, and the table of texts."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from serving import serve

from lenet.ui import head, serving

ROOT = Path(__file__).parent.parent.parent / "lenet"
WEB = ROOT / "ui" / "web"
SCRIPTS = sorted(WEB.rglob("*.js"))
TEXTS = json.loads((WEB / "texts" / "en.json").read_text())
GZIP = {"Accept-Encoding": "gzip"}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serve(GRADIO_SSR_MODE="True") as address:  # as a Space has it
        yield address


@pytest.fixture(scope="module")
def below() -> Iterator[str]:
    """The page as a proxy sees it that takes /some/where off every address."""
    with serve(GRADIO_ROOT_PATH="/some/where") as address:
        yield address


def test_scripts_and_styles_are_kept_for_ever_under_a_version(address: str) -> None:
    assert re.fullmatch(r"gradio_api/lenet/[0-9a-f]{12}/", serving.address())
    for path, kind in {
        "host.js": "text/javascript",
        "parts/header.js": "text/javascript",
        "texts/en.json": "application/json",
        "favicon.svg": "image/svg+xml",
    }.items():
        answer = httpx.get(address + serving.address() + path, headers=GZIP)
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith(kind)
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["content-encoding"] == "gzip"
        assert answer.content == (WEB / path).read_bytes()
        assert httpx.get(address + serving.address() + path, headers={"Accept-Encoding": ""}).content == answer.content


def test_the_style_sheets_are_sent_as_one(address: str) -> None:
    answer = httpx.get(address + serving.address() + "styles.css", headers=GZIP)
    assert answer.headers["content-type"].startswith("text/css")
    sheets = {path.stem: path.read_text() for path in (WEB / "styles").glob("*.css")}
    places = {name: answer.text.index(sheet) for name, sheet in sheets.items()}
    assert sorted(places, key=lambda name: places[name])[: len(head.SHARED)] == [*head.SHARED]  # parts may overrule


@pytest.mark.parametrize("path", ["nothing.js", "../serving.py", "%2e%2e/serving.py", "tsconfig.json"])
def test_nothing_else_is_served(address: str, path: str) -> None:
    assert httpx.get(address + serving.address() + path).status_code == 404


def test_the_version_is_of_the_contents(monkeypatch: pytest.MonkeyPatch) -> None:
    changed = {**serving.files(), "host.js": serving.File("text/javascript", b"other")}
    before = serving.address()
    monkeypatch.setattr(serving, "files", lambda: changed)
    serving.address.cache_clear()
    try:
        assert serving.address() != before
    finally:
        monkeypatch.undo()
        serving.address.cache_clear()


def test_the_html_is_compressed_small_and_our_own(address: str) -> None:
    answer = httpx.get(address, headers=GZIP)
    html = answer.text
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["cache-control"] == "no-cache"
    assert int(answer.headers["content-length"]) == answer.num_bytes_downloaded < 25_000
    assert len(answer.content) < 90_000
    assert html == httpx.get(address, headers={"Accept-Encoding": ""}).text
    assert '<html\n\tlang="en"' in html
    assert f'<meta property="og:title" content="{TEXTS["page.title"]}">' in html
    assert html.count("og:title") == html.count("og:description") == html.count("og:image") == 1
    assert "gradio-app/gradio/main" not in html
    assert re.search(rf'og:image" content="{re.escape(address + serving.address())}card.png"', html)
    assert str(ROOT) not in html


def test_everything_that_the_html_names_is_there(address: str) -> None:
    names = re.findall(r'(?:href|content)="(?:\./|http[^"]*?/)(gradio_api/lenet/[^"]*)"', httpx.get(address).text)
    assert len(names) > 10
    assert [name for name in names if httpx.get(address + name).status_code != 200] == []


def test_a_page_below_a_root_path_names_everything_relative_to_itself(below: str) -> None:
    html = httpx.get(below, headers={"X-Forwarded-Host": "example.org", "X-Forwarded-Proto": "https"}).text
    assert 'og:url" content="https://example.org/some/where/"' in html
    assert f'href="./{serving.address()}styles.css"' in html
    assert f'src="/{serving.address()}' not in html
    assert httpx.get(below + serving.address() + "host.js").status_code == 200


def test_what_is_not_html_passes_through_as_it_comes(address: str) -> None:
    with httpx.stream("GET", address + "gradio_api/heartbeat/a") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert "content-encoding" not in answer.headers
        assert next(answer.iter_raw())


def used() -> list[str]:
    """The keys that scripts, the site's HTML and Python name, as patterns: what a template fills in may be anything."""
    found = []
    for path in SCRIPTS:
        code = re.sub(r"^\s*(//|\*|/\*).*$", "", path.read_text(), flags=re.M)
        found += re.findall(r"""(?:"|'|`)((?:[a-z_]+)\.(?:[\w.-]|\$\{[^}]*\})+)(?:"|'|`)""", code)
        found += [f"help.{name}" for name in re.findall(r'(?:help|heading)\([^)]*?"([a-z_]+)"', code)]
    found += re.findall(r"\{([a-z_]+\.[a-z_.]+)\}", (WEB / "site" / "index.html").read_text())
    for path in ROOT.rglob("*.py"):
        found += re.findall(r"""f?"((?:[a-z_]+)\.(?:[\w.-]|\{[^}]*\})+)\"""", path.read_text())
    return [re.sub(r"(\\\$)?\\\{.*?\\\}", ".+", re.escape(key)) for key in found]


def test_every_text_that_a_script_names_is_in_the_table() -> None:
    missing = []
    for path in SCRIPTS:
        for key in re.findall(r"""\bt\(\s*["'`]([^"'`]+)["'`]""", path.read_text()):
            pattern = re.sub(r"\\\$\\\{.*?\\\}", ".+", re.escape(key))
            if not any(re.fullmatch(pattern, known) for known in TEXTS):
                missing.append(f"{path.name}: {key}")
    assert missing == []


def test_every_text_is_used() -> None:
    patterns = used()
    assert [key for key in TEXTS if not any(re.fullmatch(pattern, key) for pattern in patterns)] == []


def test_the_table_is_in_order_and_well_formed() -> None:
    assert [*TEXTS] == sorted(TEXTS)
    for key, entry in TEXTS.items():
        assert re.fullmatch(r"[a-z0-9_]+(\.[\w+-]+)+", key)
        for sentence in entry.values() if isinstance(entry, dict) else [entry]:
            assert sentence.strip() == sentence != ""
            assert re.fullmatch(r"""([^{}]|\{\w+(:(\.?\d|\d%))?\}|\{"[^{}]*\})*""", sentence), (
                key
            )  # also a drawing's braces


def test_no_script_holds_words_of_its_own() -> None:
    """A string with a word in it where a visitor would read it: a child, a label, a title, a text."""
    words = r"""["'`][^"'`]*[A-Za-z]{2,}[^"'`]*["'`]"""
    places = [
        rf"(?:textContent|title|placeholder|ariaLabel)\s*=\s*{words}",
        rf"""["']?(?:aria-label|title|placeholder|alt)["']?\s*:\s*{words}""",
        rf"""setAttribute\(["'](?:aria-label|title|placeholder|alt)["'],\s*{words}""",
        rf"(?:el|svg)\([^()]*\{{[^{{}}]*\}},\s*{words}",
    ]
    own = ["LeNet-5 "]
    found = [
        (path.name, hit)
        for path in SCRIPTS
        for place in places
        for hit in re.findall(place, path.read_text())
        if not any(name in hit for name in own) and "${" not in hit and "t(" not in hit
    ]
    assert found == []
