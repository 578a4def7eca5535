"""The head of the page's HTML, with a server or without: what it says of itself, and what it loads at once."""

import json
from collections.abc import Iterable
from functools import cache
from html import escape
from importlib import resources

from lenet import texts
from lenet.texts import text

TABS = ("page.draw", "page.testset", "page.compare", "page.networks", "page.runs")
SHARED = ("colours", "page", "draw", "controls", "chart", "scroller")  # style sheets of no single part


def lines(
    about: str,
    painted: Iterable[str],
    base: str,
    styles: Iterable[str],
    scripts: Iterable[str],
    fetched: Iterable[str],
    own: str = "",
) -> str:
    """Write the head's lines; `about` is the text that describes the page, by its key, `painted` are what stands in the
    HTML, in English: an element says in `data-text` which it is, and is put right before it is seen.

    `base` is the address of the files of `web/`, `own` that of the page, as far as it is known; `styles` and `scripts`
    are paths of files, `fetched` addresses of what modules fetch before they begin.
    """
    title, description = escape(text("page.title")), escape(text(about))
    url = f'<meta property="og:url" content="{escape(own)}">' if own else ""
    written = [
        _languages(base, ["page.title", about, *TABS, *painted]),
        f'<title data-text="page.title">{title}</title>',
        f'<meta name="description" content="{description}" data-text="{about}">',
        f'<meta property="og:type" content="website">{url}',
        f'<meta property="og:title" content="{title}"><meta property="og:description" content="{description}">',
        f'<meta property="og:image" content="{escape(own + base)}card.png">',
        '<meta name="twitter:card" content="summary_large_image">',
        f'<link rel="icon" type="image/svg+xml" href="./{base}favicon.svg">',
        # The body is marked as dark only once there are scripts; host.js takes this mark away then
        '<script>document.documentElement.classList.toggle("dark", (new URLSearchParams(location.search).get("__theme")'
        ' ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "")) === "dark")</script>',
        # In another page's frame, pad, bars and maps alone: marked before anything is painted
        '<script>document.documentElement.classList.toggle("embed",'
        ' new URLSearchParams(location.search).get("view") === "embed")</script>',
        *(f'<link rel="stylesheet" href="./{base}{path}">' for path in styles),
        *(f'<link rel="modulepreload" href="./{base}{path}">' for path in scripts),
        *(f'<link rel="preload" as="fetch" crossorigin href="./{path}">' for path in fetched),
    ]
    return "\n".join(written)


def _languages(base: str, keys: list[str]) -> str:
    """What chooses the language: all that there are, with what is in the HTML already, and head/language.js."""
    described = {
        language: {
            "name": texts.table(language)["language.name"],
            "tag": texts.table(language)["language.tag"],
            "table": f"./{base}texts/{language}.json",
            "texts": {} if language == texts.DEFAULT else {key: texts.table(language)[key] for key in keys},
        }
        for language in texts.languages()
    }
    data = json.dumps(described, ensure_ascii=False, separators=(",", ":")).replace("<", r"\u003c")
    return f'<script type="application/json" id="languages">{data}</script>\n<script>{_chooser()}</script>'


@cache
def _chooser() -> str:
    """head/language.js without its comments."""
    file = resources.files("lenet").joinpath("ui", "web", "head", "language.js")
    stripped = [line.strip() for line in file.read_text(encoding="utf-8").splitlines()]
    return "\n".join(line for line in stripped if not line.startswith(("//", "/**")))


def styles(paths: Iterable[str]) -> list[str]:
    """The style sheets among files of `web/`, in order, those that parts share first: what follows wins."""
    shared = [f"styles/{name}.css" for name in SHARED]
    return [*shared, *sorted(path for path in paths if path.startswith("styles/") and path not in shared)]


def scripts(paths: Iterable[str]) -> list[str]:
    """The scripts among files of `web/`."""
    return [path for path in paths if path.endswith(".js")]


def owner(path: str) -> str:
    """The part that a file belongs to, as `maps_unit` does to "maps", or "site", "head", "lesson".

    Empty for what parts share.
    """
    folder, _, name = path.rpartition("/")
    name = name.partition(".")[0]
    if folder == "parts":
        return name.partition("_")[0]
    return folder if folder in ("site", "head", "lesson") else ""


def first_paint(tagline: str) -> str:
    """What stands there until the parts do: the title where it will be; `tagline` is a key. host.js takes it away."""
    return f'<div id="first-paint"><h1>LeNet-5 <small data-text="{tagline}">{escape(text(tagline))}</small></h1></div>'
