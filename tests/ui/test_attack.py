"""What strangers send to the running server: each of them gets a word, and no other visitor notices.

`python -m pytest tests/ui/test_attack.py --hypothesis-profile=attack -s` sends 20,000 bodies and 500 spoilt files, and
prints what it measured.
"""

import base64
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread
from typing import Any

import hostile
import httpx
import pytest
from fakes import a_run
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from serving import Server, start

from lenet.runs import models, store

CALL, JOIN, RUN = "gradio_api/component_server", "gradio_api/queue/join", "gradio_api/run/predict"
NOTICED = 0.5  # seconds that another visitor's question may take
MAX_GROWTH = 100  # megabytes
AT_ONCE = 8  # bombs
HARDLY = 3.0  # seconds that another visitor's photo may take meanwhile
EXAMPLES = settings.default.max_examples if settings.default else 100
bounded = settings(deadline=None, suppress_health_check=[*HealthCheck], database=None, derandomize=True)
files = settings(bounded, max_examples=max(5, EXAMPLES // 40))


def client_of(server: Server) -> httpx.Client:
    """A client that reuses no connection: the server may be about to close it."""
    return httpx.Client(base_url=server.address, timeout=60, limits=httpx.Limits(max_keepalive_connections=0))


class Visitor:
    """Somebody who uses the page meanwhile, by what their browser asks."""

    def __init__(self, server: Server, client: httpx.Client) -> None:
        self.server, self.client = server, client
        config = self.client.get("config").json()
        parts = {part["id"]: part["props"].get("server_fns") for part in config["components"]}
        self.components: dict[int, list[str]] = {number: names for number, names in parts.items() if names}
        self.functions: list[int] = [function["id"] for function in config["dependencies"]]

    def ask(self, function: str, data: Any) -> httpx.Response:
        number = next(number for number, names in self.components.items() if function in names)
        body = {"component_id": number, "fn_name": function, "session_hash": "visitor", "data": data}
        return self.client.post(CALL, json=body)

    def load(self) -> float:
        """Load a model, as a click on its name does; the seconds that it took."""
        before = time.monotonic()
        assert self.ask("load", {"model": "lenet5"}).json()["about"]["id"] == "lenet5"
        return time.monotonic() - before

    def photo(self, content: bytes) -> float:
        """Send a photo, again if the server is too busy, as the page does; the seconds until it is read."""
        before = time.monotonic()
        while (answer := self.ask("photo", {"picture": base64.b64encode(content).decode()}).json()).get("again"):
            assert time.monotonic() - before < 2 * HARDLY
        assert "image" in answer
        return time.monotonic() - before


def warmed_up(visitor: Visitor) -> float:
    """The server's memory once large bodies take no new one."""
    before, now = 0.0, visitor.server.memory()
    while now > before + 5:
        throw(visitor, hostile.bomb("PNG of a megapixel"))
        before, now = now, visitor.server.memory()
    return now


@pytest.fixture(scope="module")
def visitor() -> Iterator[Visitor]:
    """A visitor of a public page; in the end, nothing went wrong there that nobody had foreseen."""
    with start(LENET_PUBLIC="1") as server, client_of(server) as client:
        visitor = Visitor(server, client)
        visitor.load()
        memory = warmed_up(visitor)
        yield visitor
        print(f"\nmemory: {memory:.0f} MB before, {server.memory():.0f} MB after")
        assert server.memory() - memory < MAX_GROWTH
        assert visitor.load() < NOTICED
        assert "Traceback" not in server.log.read_text()


@pytest.fixture
def others(visitor: Visitor) -> Iterator[None]:
    """Meanwhile another visitor asks ten times a second, and never waits long."""
    over, waits = Event(), []

    def visit() -> None:
        while not over.is_set():
            waits.append(visitor.load())
            over.wait(0.1)

    thread = Thread(target=visit)
    thread.start()
    yield
    over.set()
    thread.join()
    print(f"\n{len(waits)} questions of another visitor: {max(waits):.3f} s at most")
    assert max(waits) < NOTICED


def answered(response: httpx.Response) -> bool:
    return response.status_code < 500 and "Traceback" not in response.text


@pytest.mark.usefixtures("others")
def test_whatever_is_sent_gets_a_word(visitor: Visitor) -> None:
    @bounded
    @given(st.data())
    def send(data: st.DataObject) -> None:
        call = st.tuples(st.just(CALL), hostile.calls(visitor.components))
        event = st.tuples(st.sampled_from([JOIN, RUN]), hostile.events(visitor.functions))
        paths = [CALL, JOIN, RUN, "gradio_api/call/start", "gradio_api/cancel", "gradio_api/reset"]
        other = st.tuples(st.sampled_from(paths), hostile.anything)
        path, body = data.draw(st.one_of(call, call, call, event, other))
        content = json.dumps(body, ensure_ascii=True).encode()
        response = visitor.client.post(path, content=content, headers={"Content-Type": "application/json"})
        assert answered(response), (response.status_code, response.text[:500])

    send()


@pytest.mark.usefixtures("others")
def test_a_picture_that_is_spoilt_gets_a_word(visitor: Visitor) -> None:
    good = hostile.pictures()

    @files
    @given(st.sampled_from(good), hostile.spoiling, hostile.cutting)
    def send(content: bytes, changes: list[tuple[float, int]], left: float) -> None:
        content = hostile.spoilt(content, changes, left)
        response = visitor.ask("photo", {"picture": base64.b64encode(content).decode()})
        assert answered(response)
        assert response.json().keys() & {"image", "error"}

    send()
    for content in good:
        visitor.photo(content)


@pytest.mark.usefixtures("others")
def test_a_run_that_is_spoilt_gets_a_word(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LENET_HOME", str(visitor.server.home))
    store.ensure_writable()
    weights = models.load_model("lenet1-1989").state_dict()
    run = a_run(recipe=models.load_run("lenet1-1989").recipe)
    file = store.path(run.key)
    store.write(file, run, weights, [weights])
    good = file.read_bytes()

    @files
    @given(hostile.spoiling, hostile.cutting)
    def send(changes: list[tuple[float, int]], left: float) -> None:
        file.write_bytes(hostile.spoilt(good, changes, left))
        for function, data in (
            ("load", {"model": run.key}),
            ("load", {"model": f"{run.key}@0"}),
            ("manage", {"do": "list", "keys": [run.key]}),
            ("manage", {"do": "curves", "keys": [run.key]}),
            ("test", {"do": "read", "model": run.key, "from": 0}),
        ):
            assert answered(visitor.ask(function, data))

    send()
    file.write_bytes(good)
    assert visitor.ask("load", {"model": run.key}).json()["about"]["id"] == run.key


@pytest.mark.parametrize("name", hostile.BOMBS)
def test_a_bomb_keeps_nobody_waiting(visitor: Visitor, name: str) -> None:
    waited = throw(visitor, hostile.bomb(name))
    print(f"\n{AT_ONCE} x {name}: another photo waits {waited:.2f} s")
    assert waited < HARDLY


def throw(visitor: Visitor, bomb: bytes) -> float:
    """Throw some bombs at once; the seconds that another photo takes meanwhile."""
    picture = base64.b64encode(bomb).decode()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        thrown = [pool.submit(visitor.ask, "photo", {"picture": picture}) for _ in range(AT_ONCE)]
        waited = visitor.photo(hostile.pictures()[0])
        assert all(answered(one.result()) for one in thrown)
    return waited
