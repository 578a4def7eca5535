"""What the server lets in, asked over HTTP as a stranger would."""

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from serving import Server, start
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from lenet.runs import models
from lenet.ui import guard, serving

COMPONENT = "gradio_api/component_server"
RUN = "gradio_api/run/predict"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with start(LENET_PUBLIC="0") as server:
        yield server


@pytest.fixture(scope="module")
def address(server: Server) -> str:
    return server.address


def ask(address: str, path: str, content: object, **headers: str) -> httpx.Response:
    return httpx.post(
        address + path, content=json.dumps(content), headers={"Content-Type": "application/json", **headers}
    )


def test_what_the_page_uses_is_there(address: str) -> None:
    for path in ("", "config", "gradio_api/info", "gradio_api/startup-events", "theme.css", "healthz"):
        assert httpx.get(address + path).status_code == 200, path


def test_health_names_the_networks_that_are_loaded(address: str) -> None:
    assert httpx.get(address + "healthz").json()["ready"] is True
    assert "lenet5" in httpx.get(address + "healthz").json()["networks"]


@pytest.mark.parametrize("content", [None, b"", b"spoilt"], ids=["missing", "empty", "damaged"])
def test_without_loaded_weights_it_is_not_ready(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "lenet5.safetensors"
    if content is not None:
        file.write_bytes(content)
    monkeypatch.setattr(models, "pretrained", lambda: {} if content is None else {"lenet5": file})
    answer = serving.send_health(Request({"type": "http"}))
    assert (answer.status_code, json.loads(bytes(answer.body))) == (503, {"ready": False, "networks": []})


def test_all_who_ask_what_needs_no_session_share_one() -> None:
    heard: list[dict[str, Any]] = []

    async def behind(request: Request) -> Response:
        heard.append(await request.json())
        return Response()

    app = Starlette(routes=[Route("/{path:path}", behind, methods=["POST"])], middleware=[Middleware(guard.Guard)])
    app.get_blocks = lambda: SimpleNamespace(blocks={5: None}, fns={})  # type: ignore[attr-defined]
    client = TestClient(app)
    for session in ("a", "b"):
        client.post(f"/{COMPONENT}/", json={"session_hash": session, "component_id": 5, "data": [1.5, "é"]})
    client.post("/gradio_api/reset", json={"session_hash": "c"})
    assert [asked["session_hash"] for asked in heard] == [guard.ONE, guard.ONE, "c"]
    assert heard[0] == {"session_hash": guard.ONE, "component_id": 5, "data": [1.5, "é"]}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "gradio_api/upload"),
        ("POST", "gradio_api/run/start"),
        ("POST", "gradio_api/stream/x"),
        ("POST", "gradio_api/call/start"),  # the page's own training
        ("POST", "gradio_api/call/train"),  # without LENET_PUBLIC_TRAIN
        ("POST", "gradio_api/call/nothing"),
        ("POST", "gradio_api/call/v2/classify"),
        ("POST", "gradio_api/mcp/messages/"),
        ("GET", "gradio_api/mcp/sse"),
        ("POST", "gradio_api/process_recording"),
        ("GET", "gradio_api/deep_link?session_hash=a"),
        ("GET", "gradio_api/file=/etc/passwd"),
        ("GET", "gradio_api/proxy=http://127.0.0.1/"),
        ("GET", "gradio_api/vibe-code"),
        ("GET", "monitoring"),
        ("GET", "gradio_api/heartbeat/%0a"),
        ("GET", "gradio_api/openapi.json"),
        ("GET", "assets/" + 250 * "a" + ".js"),
        ("GET", "static/" + 2000 * "a/"),
        ("GET", "gradio_api/lenet/%0d"),
        ("PUT", ""),
        ("POST", ""),
    ],
)
def test_what_the_page_does_not_use_is_refused(address: str, method: str, path: str) -> None:
    answer = httpx.request(method, address + path, json={} if method != "GET" else None)
    assert (answer.status_code, answer.json()) == (404, {"detail": "There is nothing at this address."})


def test_what_waits_in_the_queue_is_not_asked_past_it(address: str) -> None:
    functions = httpx.get(address + "config").json()["dependencies"]
    queued = [one["id"] for one in functions if one["queue"] is not False]
    at_once = [one for one in functions if one["queue"] is False]
    stopping = [one["id"] for one in at_once if one["api_visibility"] == "private"]
    asked = [one["id"] for one in at_once if one["id"] not in stopping]
    body = {"data": [], "session_hash": "a"}
    for index in (*queued, *asked, None):
        assert ask(address, RUN, {**body, "fn_index": index}).status_code == 404
    for index in stopping:
        assert ask(address, RUN, {**body, "fn_index": index, "event_data": {"token": "x"}}).status_code == 200
    assert all([queued, asked, stopping])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((name, host) for name in ("Host", "X-Forwarded-Host") for host in ("a:b:c", "[::", "a:99999")),
        *(("X-Gradio-Server", server) for server in ("a", "http://a:b:c", "http://[::", "http://a:99999")),
    ],
)
def test_what_cannot_be_the_pages_address_is_not_taken_for_it(address: str, name: str, value: str) -> None:
    answers = [httpx.get(address + path, headers={name: value}) for path in ("", "config", "gradio_api/info")]
    answers.append(ask(address, "gradio_api/call/classify", {"data": [{"strokes": []}, "lenet5"]}, **{name: value}))
    said = "This request names no address that the page could have. Check its Host and X-Forwarded-Host."
    assert [(answer.status_code, answer.json()["detail"]) for answer in answers] == 4 * [(400, said)]


@pytest.mark.parametrize("host", ["lenet.example", "127.0.0.1:7860", "[::1]:7860", "user-lenet.hf.space, 10.0.0.1"])
def test_behind_a_proxy_the_page_has_the_address_that_was_asked(address: str, host: str) -> None:
    assert httpx.get(address + "config", headers={"X-Forwarded-Host": host}).status_code == 200


@pytest.mark.parametrize("path", ["gradio_api/call/classify", "gradio_api/queue/join", "gradio_api/mcp/", COMPONENT])
@pytest.mark.parametrize("file", ["http://127.0.0.1:9/7.png", "https://example.org/7.png", "/etc/hosts"])
def test_no_file_is_fetched_by_its_address_or_path(address: str, path: str, file: str) -> None:
    drawing = {"path": file, "url": file, "meta": {"_type": "gradio.FileData"}}
    body = {"data": [{"strokes": [drawing]}, "lenet5"], "params": {"arguments": {"drawing": drawing}}}
    answer = ask(address, path, body)
    assert (answer.status_code, answer.json()["detail"]) == (
        400,
        "The server takes no file by its path or address. Send a picture as text, in base64.",
    )


@pytest.mark.parametrize("body", [{}, {"data": 7}, {"data": []}, {"data": [{"strokes": []}]}, {"data": [{}, "a", "b"]}])
def test_a_call_has_all_arguments_of_its_endpoint(address: str, body: object) -> None:
    answer = ask(address, "gradio_api/call/classify", body)
    said = '"data" is a list of all arguments of this endpoint, in order. It has 2.'
    assert (answer.status_code, answer.json()["detail"]) == (400, said)


@pytest.mark.parametrize("path", ["queue/data", "queue/data?session_hash=x", "call/classify/x"])
def test_who_asked_for_nothing_hears_nothing(server: Server, path: str) -> None:
    for method in ("GET", "HEAD"):
        assert httpx.request(method, f"{server.address}gradio_api/{path}").status_code == 404
    assert "Traceback" not in server.log.read_text()


def test_an_event_has_all_arguments_of_its_handler(address: str) -> None:
    for function in httpx.get(address + "config").json()["dependencies"]:
        body = {"fn_index": function["id"], "session_hash": "a"}
        for data in (None, {}, [0] * (len(function["inputs"]) + 1)):
            assert ask(address, "gradio_api/queue/join", {**body, "data": data}).status_code == 400


def test_every_answer_forbids_guessing_its_type(address: str) -> None:
    for answer in (httpx.get(address), httpx.get(address + "nothing"), ask(address, COMPONENT, {})):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "strict-origin-when-cross-origin"


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_website_may_not_write(address: str, site: str) -> None:
    answer = ask(address, COMPONENT, {}, **{"Sec-Fetch-Site": site})
    assert (answer.status_code, answer.json()["detail"]) == (
        403,
        "Another website may not ask this page to do something.",
    )


def test_a_form_of_another_website_is_no_json(address: str) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        answer = httpx.post(address + COMPONENT, content="{}", headers={"Content-Type": kind})
        assert answer.status_code == 415


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[]", 400),
        (b"7", 400),
        (b"[" * 15_000, 400),
        (b"[" + b"[]," * 30_000 + b"[]]", 413),
        (b'"' + b"a" * guard.MAX_BODY + b'"', 413),
        (b'{"data": NaN}', 400),
        (b'{"data": "\\ud800"}', 400),
        (b'{"data": [-1e999]}', 400),
        (b'{"session_hash": 5}', 400),
        (b'{"session_hash": ""}', 400),
        (b'{"session_hash": "' + b"a" * 200 + b'"}', 400),
        (b'{"component_id": 99999, "session_hash": "a", "fn_name": "load", "data": {}}', 404),
        (b'{"component_id": "x", "session_hash": "a", "fn_name": "load", "data": {}}', 404),
        (b'{"fn_index": 99999, "session_hash": "a", "data": []}', 404),
        (b'{"fn_index": -1, "session_hash": "a", "data": []}', 404),
    ],
)
@pytest.mark.parametrize("path", [COMPONENT, "gradio_api/queue/join"])
def test_a_body_that_is_none_of_ours_is_answered_in_a_word(address: str, path: str, body: bytes, status: int) -> None:
    answer = httpx.post(address + path, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == status
    assert answer.json()["detail"].endswith(".")
