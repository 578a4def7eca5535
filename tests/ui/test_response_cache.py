"""What is kept in memory for a crowd, before an application that counts how often it is asked."""

import asyncio
import gzip
from collections import Counter

import httpx
import pytest
from awaiting import awaited
from starlette.types import Receive, Scope, Send

from lenet.ui import response_cache

TYPES = {"js": b"text/javascript", "png": b"image/png", "": b"text/html; charset=utf-8"}
SCRIPT = "/assets/index-a.js"
WEIGHTS = "/gradio_api/lenet/weights/lenet5/4.safetensors"


class Counting:
    """Answers with the path, in two pieces; of `none` there is nothing, and `cookie` sets one."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        self.asked[path] += 1
        await asyncio.sleep(0)
        headers = [(b"content-type", TYPES.get(path.rpartition(".")[2], b"text/html"))]
        if path == "/static/cookie.js":
            headers.append((b"set-cookie", b"a=b"))
        await send({"type": "http.response.start", "status": 404 if "none" in path else 200, "headers": headers})
        await send({"type": "http.response.body", "body": path.encode(), "more_body": True})
        await send({"type": "http.response.body", "body": 100 * b"."})


@pytest.fixture
def behind() -> Counting:
    return Counting()


@pytest.fixture
def keeper(behind: Counting) -> response_cache.ResponseCache:
    return response_cache.ResponseCache(behind)


def ask(keeper: response_cache.ResponseCache, *paths: str, **headers: str) -> list[httpx.Response]:
    """Ask for these all at once."""

    async def asking() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app=keeper)
        async with httpx.AsyncClient(transport=transport, base_url="http://here", headers=headers) as client:
            return await asyncio.gather(*(client.get(path) for path in paths))

    return awaited(asking())


@pytest.mark.parametrize(
    "path",
    [SCRIPT, "/", "/static/x.png", "/gradio_api/lenet/0/host.js", "/gradio_api/lenet/weights/lenet5/4.safetensors"],
)
def test_a_crowd_that_comes_at_once_costs_one_answer(behind, keeper, path: str) -> None:
    answers = ask(keeper, *50 * [path]) + ask(keeper, path)
    assert {answer.content for answer in answers} == {path.encode() + 100 * b"."}
    assert behind.asked == {path: 1}


def test_a_language_in_the_address_costs_no_other_answer(behind, keeper) -> None:
    answers = ask(keeper, "/", "/?lang=zh", "/?lang=pt-BR")
    assert {answer.content for answer in answers} == {b"/" + 100 * b"."}
    assert behind.asked == {"/": 1}


def test_text_is_compressed_for_those_who_take_it(behind, keeper) -> None:
    (packed,) = ask(keeper, SCRIPT)
    (plain,) = ask(keeper, SCRIPT, **{"Accept-Encoding": ""})
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < len(plain.content)
    assert "content-encoding" not in plain.headers
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    assert packed.content == plain.content
    assert "content-encoding" not in ask(keeper, "/static/x.png")[0].headers


def test_what_is_compressed_already_is_not_again() -> None:
    async def packed(scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-type", b"text/html"), (b"content-encoding", b"gzip")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": gzip.compress(b"page")})

    assert ask(response_cache.ResponseCache(packed), "/")[0].text == "page"


def test_browsers_keep_files_with_a_digest_in_their_names(keeper) -> None:
    assert ask(keeper, SCRIPT)[0].headers["cache-control"] == response_cache.FOREVER
    assert "cache-control" not in ask(keeper, "/static/x.png")[0].headers


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/", {"Cookie": "access-token-1=a"}),
        ("/?deep_link=a", {}),
        ("/?lang=zh&deep_link=a", {}),
        ("/config", {}),
        ("/gradio_api/lenet/weights/0123abcd/4.safetensors", {}),
        ("/assets/none.js", {}),
        ("/static/cookie.js", {}),
        (SCRIPT, {"Range": "bytes=0-5"}),
        (SCRIPT, {"If-None-Match": '"a"'}),
    ],
)
def test_what_may_differ_is_asked_for_each_time(behind, keeper, path: str, headers: dict[str, str]) -> None:
    ask(keeper, *3 * [path], **headers)
    ask(keeper, path, **headers)
    assert behind.asked.total() == 4


def test_the_page_names_the_address_that_its_visitor_knows(behind, keeper) -> None:
    for headers in ({"Host": "a"}, {"Host": "b"}, {"X-Forwarded-Host": "a"}, {"X-Forwarded-Proto": "https"}):
        ask(keeper, "/", "/", **headers)
    assert behind.asked == {"/": 4}


def test_memory_has_a_limit_and_the_least_recently_used_goes(behind, keeper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(response_cache, "LIMIT", 3 * len(b"/static/0.png" + 100 * b"."))
    for number in (0, 1, 2, 0, 3, 0, 1):
        ask(keeper, f"/static/{number}.png")
    assert behind.asked == {"/static/0.png": 1, "/static/1.png": 2, "/static/2.png": 1, "/static/3.png": 1}


def test_who_comes_after_a_failure_asks_anew() -> None:
    times = 0

    async def failing(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal times
        times += 1
        await asyncio.sleep(0)
        raise RuntimeError("disk")

    keeper = response_cache.ResponseCache(failing)
    for _ in range(2):
        with pytest.raises(RuntimeError, match="disk"):
            ask(keeper, SCRIPT)
    assert times == 2
