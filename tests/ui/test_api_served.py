"""The endpoints as programs reach them, on a page that is served; and the examples of docs/api.md."""

import asyncio
import json
import re
import shutil
import socket
import subprocess
from ast import literal_eval
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from awaiting import awaited
from gradio_client import Client
from gradio_client.exceptions import AppError
from PIL import Image, ImageDraw

from lenet.runs import cache, models
from lenet.texts import text
from lenet.ui import api, build, launch
from lenet.ui import queue as queue_module
from lenet.ui.pages import runs

mcp = pytest.importorskip("mcp")

from mcp.client.streamable_http import streamable_http_client  # noqa: E402 - there if mcp is

DOCS = (Path(__file__).parent.parent.parent / "docs" / "api.md").read_text()
pytestmark = [
    # Gradio keeps figures of its queue in pandas, with an option that pandas warns of.
    pytest.mark.filterwarnings("ignore:'future.no_silent_downcasting' is deprecated"),
    # Gradio 6.24 forgets to await who listens to a heartbeat.
    pytest.mark.filterwarnings("ignore:coroutine 'App.create_app:RuntimeWarning"),
]

HERE = "http://127.0.0.1:7860"  # in the documents
SEVEN = {"strokes": [[[0, 0], [100, 0], [40, 160]]]}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The page, served by this process, so that tests can change what it does."""

    async def served() -> Any:  # where no event loop runs, Gradio opens some and does not close them
        page = build()
        with socket.create_server(("127.0.0.1", 0)) as free:  # Gradio, looking for one, leaves sockets open
            port = free.getsockname()[1]
        return page, launch(page, prevent_thread_lock=True, quiet=True, server_port=port)[1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LENET_PUBLIC_TRAIN", "1")
        page, address = awaited(served())
    yield address.rstrip("/")
    page.close(verbose=False)


def by_gradio(address: str, name: str, arguments: dict[str, Any]) -> Any:
    client = Client(address, verbose=False)
    try:
        return client.predict(**arguments, api_name=f"/{name}")
    except AppError as error:
        return str(error)
    finally:
        client.close()


def by_http(address: str, name: str, arguments: dict[str, Any]) -> Any:
    """Two requests, as curl makes them."""
    place = f"{address}/gradio_api/call/{name}"
    asked = httpx.post(place, json={"data": [*arguments.values()]}).raise_for_status().json()
    answer = httpx.get(f"{place}/{asked['event_id']}", timeout=30).text
    *_, (event, data) = re.findall(r"event: (.*)\ndata: (.*)\n\n", answer)
    return json.loads(data)[0] if event == "complete" else json.loads(data)["error"]


def by_mcp(address: str, name: str, arguments: dict[str, Any]) -> Any:
    async def called(session: mcp.ClientSession) -> Any:
        result = await session.call_tool(name, arguments)
        (content,) = result.content
        return content.text if result.isError else literal_eval(content.text)

    return in_session(address, called)


def in_session(address: str, ask: Callable[[mcp.ClientSession], Any]) -> Any:
    async def asked() -> Any:
        async with (
            streamable_http_client(f"{address}/gradio_api/mcp/") as (read, write, _),
            mcp.ClientSession(read, write) as session,
        ):
            await session.initialize()
            return await ask(session)

    return awaited(asked())


@pytest.fixture(params=[by_gradio, by_http, by_mcp])
def ask(request: pytest.FixtureRequest, address: str) -> Callable[..., Any]:
    """Call an endpoint with arguments by name; what it answers, or its error as a text."""
    return lambda name, **arguments: request.param(address, name, arguments)


def test_every_way_leads_to_the_same_answers(ask) -> None:
    assert ask("classify", drawing=SEVEN, model="lenet5-1998") == api.classify(SEVEN, "lenet5-1998")
    assert ask("networks") == api.networks()
    assert ask("report", model="lenet1-1989") == api.report("lenet1-1989")


def test_every_way_tells_an_error_in_its_sentence(ask) -> None:
    assert ask("classify", drawing="AAAA", model="lenet5") == text("photo.damaged")
    assert ask("train", recipe={"epochs": 99}) == "Epochs must be a whole number from 1 to 50."


def test_no_way_tells_a_path_or_a_traceback(ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: Any, **options: Any) -> None:
        raise RuntimeError("in /root/secret.py")

    monkeypatch.setattr(api, "_image", fail)
    monkeypatch.setattr(api, "retrain", fail)
    assert ask("classify", drawing=SEVEN, model="lenet5") == text("api.failed")
    assert ask("train", recipe={}) == text("api.failed")


def test_every_way_trains_to_the_end(ask) -> None:
    told = ask("train", recipe={"data": "sample", "epochs": 1})
    assert (told["state"], told["run"]) == ("done", runs.row(models.load_run(told["run"]["key"])))


def test_who_stops_listening_stops_the_training(address: str) -> None:
    place = f"{address}/gradio_api/call/train"
    asked = httpx.post(place, json={"data": [{"data": "sample", "epochs": 50}]}).json()
    with httpx.stream("GET", f"{place}/{asked['event_id']}", timeout=30) as answer:
        next(line for line in answer.iter_lines() if '"progress": 0.' in line and '"progress": 0.0,' not in line)
    assert by_http(address, "train", {"recipe": {"data": "sample", "epochs": 1}})["state"] == "done"
    assert [(run.recipe.epochs, run.finished) for run in cache.stored()] == [(1, True), (50, False)]


def test_a_call_over_mcp_that_is_given_up_ends_its_training(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue_module, "SILENCE", 0.1)
    started = asyncio.Event()

    async def told(progress: float, total: float | None, message: str | None) -> None:
        if message == "Processing":
            started.set()

    async def given_up(session: mcp.ClientSession) -> None:
        arguments = {"recipe": {"data": "sample", "epochs": 50}}
        call = asyncio.create_task(session.call_tool("train", arguments, progress_callback=told))
        await started.wait()
        call.cancel()

    in_session(address, given_up)
    assert by_mcp(address, "train", {"recipe": {"data": "sample", "epochs": 1}})["state"] == "done"
    assert [run.recipe.epochs for run in cache.stored() if run.finished] == [1]


def test_calls_over_mcp_wait_for_each_other(address: str) -> None:
    async def both(session: mcp.ClientSession) -> list[bool]:
        recipes = [{"data": "sample", "epochs": 1, "seed": seed} for seed in (1, 2)]
        results = await asyncio.gather(*(session.call_tool("train", {"recipe": recipe}) for recipe in recipes))
        return [result.isError for result in results]

    assert in_session(address, both) == [False, False]


def test_the_tools_of_mcp_are_the_endpoints(address: str) -> None:
    async def listed(session: mcp.ClientSession) -> Any:
        return (await session.list_tools()).tools

    tools = {tool.name: tool for tool in in_session(address, listed)}
    assert [*tools] == ["classify", "networks", "report", "train"] == re.findall(r"^\| `(\w+)` \|", DOCS, re.M)
    assert tools["classify"].inputSchema["required"] == ["drawing"]
    for name, tool in tools.items():
        assert len(tool.description) > 100, name
        assert all("description" in about for about in tool.inputSchema["properties"].values())


def test_what_the_page_alone_uses_cannot_be_called(address: str) -> None:
    info = httpx.get(f"{address}/gradio_api/info?all_endpoints=True").json()
    assert [*info["named_endpoints"]] == ["/classify", "/networks", "/report", "/train"]
    assert info["unnamed_endpoints"] == {}
    straight = httpx.post(f"{address}/gradio_api/run/train", json={"data": [{}]})
    assert straight.status_code == 404, "a training whose answers nobody can hear"


def examples(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", DOCS, re.M | re.S)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with the picture of the examples."""
    image = Image.new("L", (120, 160), "white")
    ImageDraw.Draw(image).line([(30, 30), (90, 30), (50, 130)], fill="black", width=9)
    image.save(tmp_path / "digit.png")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_examples_in_python_print_what_they_say(address: str, folder: Path, capsys) -> None:
    names: dict[str, Any] = {}
    with ThreadPoolExecutor(1) as thread:  # Playwright may have an event loop in this one
        for example in examples("python"):
            thread.submit(exec, example.replace(HERE, address), names).result()
            printed = capsys.readouterr().out.splitlines()
            says = re.findall(r"print\(.*\)(?:  # (.+))?", example)
            assert len(printed) >= len(says) > 0
            assert [line for line in says if line and line not in printed] == []
    names["client"].close()


def test_the_examples_in_the_shell_are_answered(address: str, folder: Path) -> None:
    if not shutil.which("curl"):
        pytest.skip("needs curl")
    for example in examples("sh"):
        done = subprocess.run(
            ["bash", "-c", example.replace(HERE, address)], capture_output=True, text=True, check=True
        )
        assert done.stdout.startswith('event: complete\ndata: [{"digit": 7, ')


def test_the_configuration_names_the_address_of_mcp(address: str) -> None:
    (example,) = examples("json")
    (server,) = json.loads(example)["mcpServers"].values()
    page = httpx.get(server["url"].replace(HERE, address))
    assert "MCP" in page.text
