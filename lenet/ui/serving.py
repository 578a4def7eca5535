"""How the page reaches a browser: files of `web/` under a versioned address, weights, and the HTML that names them.

Gradio offers two ways to serve files of one's own. `gr.set_static_paths` works, but shows the install path in the
address and sends no cache header. `launch(app_kwargs=...)` hands routes and middleware to FastAPI: that is used here.
Under server-side rendering, Node stands in front and passes on only what begins with a few prefixes (gradio's
templates/node/build/proxy_routes.js); `/gradio_api` is one, so the address begins with it. Node writes the HTML itself
then, uncompressed and with Gradio's own title, and all it would render of this page are empty boxes: `lenet.ui.launch`
turns it off, also where a Space's `GRADIO_SSR_MODE` asks for it. Whoever turns it on again gets a page that works: the
modules are served through Node, and host.js links the styles. Below a root path Gradio 6.31 cannot start Node, whatever
the page; without Node, root paths work.
"""

import gzip
import json
import re
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lenet import networks
from lenet.errors import LenetError
from lenet.runs import models
from lenet.ui import head, weights
from lenet.ui.guard import Guard
from lenet.ui.response_cache import FOREVER, ResponseCache

WEB = resources.files("lenet.ui").joinpath("web")
TYPES = {
    "js": "text/javascript; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "json": "application/json",
    "svg": "image/svg+xml",
    "png": "image/png",
}
ROOT = "gradio_api/lenet/"  # of all addresses here, relative to the page
FETCHED = ("examples.json", "plans.json")  # by modules, before they begin, besides a table of texts
TAGLINE = "header.tagline"
FIRST_MODEL = "lenet5"  # that reads until another is chosen
FIRST = ("header", "pad", "bars", "training", "stages", "maps", "sliding")  # parts of the tab that opens


@dataclass(frozen=True)
class File:
    """A file as it is sent."""

    type: str
    plain: bytes


@cache
def files() -> dict[str, File]:
    """What is served of `web/`, by path: its style sheets as one, and besides the plans of all networks.

    Read once: a version never changes under its address.
    """
    found = dict(_walk(WEB, ""))
    sheets = [found.pop(path).plain for path in head.styles([*found])]
    plans = {name: entry.plan.to_json() for name, entry in networks.REGISTRY.items()}
    found["styles.css"] = File(TYPES["css"], b"\n".join(sheets))
    found["plans.json"] = File(TYPES["json"], json.dumps(plans).encode())
    return dict(sorted(found.items()))


def _walk(folder: Traversable, path: str) -> list[tuple[str, File]]:
    found = []
    for entry in folder.iterdir():
        ending = entry.name.rpartition(".")[2]
        if entry.is_dir():
            found += _walk(entry, f"{path}{entry.name}/")
        elif ending in TYPES and entry.name not in ("tsconfig.json", ".prettierrc.json"):
            found.append((path + entry.name, File(TYPES[ending], entry.read_bytes())))
    return found


@cache
def address() -> str:
    """Where the files are, relative to the page: its version is a digest of them all."""
    digest = sha256()
    for path, file in files().items():
        digest.update(f"{path}\0{len(file.plain)}\0".encode())
        digest.update(file.plain)
    return f"{ROOT}{digest.hexdigest()[:12]}/"


def send_file(request: Request) -> Response:
    """A file of `web/`, to be kept for ever."""
    file = files().get(request.path_params["path"])
    if file is None:
        return Response(status_code=404)
    return Response(file.plain, headers={"Cache-Control": FOREVER}, media_type=file.type)


def send_weights(request: Request) -> Response:
    """The weights of a model, to be kept for ever: another file has another address."""
    model, digest = request.path_params["model"], request.path_params["digest"]
    with suppress(LenetError):
        if weights.digest(model) == digest:
            content = weights.weights_file(model)
            headers = {"Cache-Control": FOREVER}
            return Response(content, headers=headers, media_type="application/octet-stream")
    return Response(status_code=404)


def send_health(request: Request) -> Response:
    """Whether this process can serve: all pretrained weights are loaded."""
    try:
        loaded = [name for name in models.pretrained() if weights.weights_file(name)]
    except LenetError:
        loaded = []
    return JSONResponse({"ready": bool(loaded), "networks": loaded}, 200 if loaded else 503)


class Page:
    """Middleware that makes Gradio's HTML our own, and compresses it. What is not HTML passes at once, untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hold the answer back until its whole HTML is there."""
        if scope["type"] != "http" or not scope["path"].endswith("/") or "/gradio_api/" in scope["path"]:
            return await self.app(scope, receive, send)
        start: Message = {}
        body = b""

        async def hold(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                start = message
                if not _is_html(message):
                    await send(message)
            elif not _is_html(start):
                await send(message)
            else:
                body += message.get("body", b"")
                if not message.get("more_body", False):
                    await _send_page(Request(scope), start, body, send)

        return await self.app(scope, receive, hold)


def _is_html(start: Message) -> bool:
    headers = Headers(raw=start["headers"])
    return headers.get("content-type", "").startswith("text/html") and "content-encoding" not in headers


async def _send_page(request: Request, start: Message, body: bytes, send: Send) -> None:
    body = with_head(body.decode(), public_address(request)).encode()
    headers = MutableHeaders(raw=start["headers"])
    headers["Cache-Control"] = "no-cache"  # it names the version of everything else
    headers.add_vary_header("Accept-Encoding")
    if "gzip" in request.headers.get("accept-encoding", ""):
        body = gzip.compress(body, compresslevel=6, mtime=0)
        headers["Content-Encoding"] = "gzip"
    headers["Content-Length"] = str(len(body))
    await send(start)
    await send({"type": "http.response.body", "body": body if request.method != "HEAD" else b""})


def public_address(request: Request) -> str:
    """The page's own address as the visitor knows it, for who shares it; proxies tell theirs in headers."""
    headers = request.headers
    scheme = headers.get("x-forwarded-proto", request.url.scheme).split(",")[0].strip()
    host = headers.get("x-forwarded-host", headers.get("host", "")).split(",")[0].strip()
    root = request.app.root_path if "app" in request.scope else ""
    if root.startswith("http"):
        return root.rstrip("/") + "/"
    return f"{scheme}://{host}{root.rstrip('/')}/"


def with_head(html: str, own: str) -> str:
    """Gradio's HTML with this page's title, picture, icon, styles and modules in it, and its first paint.

    `own` is the page's address.
    """
    html = re.sub(r'\s*<meta\s+(?:property|name)="(?:og|twitter):[^>]*>', "", html)
    html = html.replace('<link rel="manifest" href="/manifest.json" />', "")
    html = html.replace('<meta charset="utf-8" />', '<meta charset="utf-8" />' + _head(own), 1)
    return re.sub(r"(<body[^>]*>)", lambda body: body[1] + head.first_paint(TAGLINE), html, count=1)


def _head(own: str) -> str:
    base = address()
    scripts = [path for path in head.scripts(files()) if head.owner(path) in ("", *FIRST)]
    fetched = [*(base + path for path in FETCHED), ROOT + weights.address(FIRST_MODEL)]
    return head.lines("page.description", [TAGLINE], base, ["styles.css"], scripts, fetched, own)


def app_kwargs() -> dict[str, Any]:
    """What Gradio hands to FastAPI."""
    return {
        "routes": [
            Route("/healthz", send_health, methods=["GET", "HEAD"]),
            Route(f"/{ROOT}weights/{{model}}/{{digest}}.safetensors", send_weights, methods=["GET", "HEAD"]),
            Route(f"/{address()}{{path:path}}", send_file, methods=["GET", "HEAD"]),
        ],
        "middleware": [Middleware(ResponseCache), Middleware(Guard), Middleware(Page)],
    }
