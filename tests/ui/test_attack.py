"""What strangers send to the running server: each of them gets a word, and no other visitor notices.

`python -m pytest tests/ui/test_attack.py --hypothesis-profile=attack -s` sends 20,000 bodies and 500 spoilt files, and
prints what it measured.
"""

import base64
import json
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from subprocess import PIPE, Popen

import bystander
import hostile
import httpx
import pytest
from bystander import CALL, Visitor
from fakes import a_run
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from serving import Server, start

from lenet.runs import models, store

JOIN, RUN = "gradio_api/queue/join", "gradio_api/run/predict"
NOTICED = 0.5  # seconds that another visitor's question may take
MAX_GROWTH = 100  # megabytes
AT_ONCE = 8  # bombs
HARDLY = 3.0  # seconds that another visitor's photo may take meanwhile,
SLOWER = 10  # or so many times what it takes alone, on a machine that is busy with something else
EXAMPLES = settings.default.max_examples if settings.default else 100
bounded = settings(deadline=None, suppress_health_check=[*HealthCheck], database=None, derandomize=True)
files = settings(bounded, max_examples=max(5, EXAMPLES // 40))


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A public page, where in the end nothing went wrong that nobody had foreseen."""
    with start(LENET_PUBLIC="1") as server:
        yield server
        assert "Traceback" not in server.log.read_text()


@pytest.fixture(scope="module")
def visitor(server: Server) -> Iterator[Visitor]:
    visitor = Visitor(server.address)
    with closing(visitor.client):
        visitor.load()
        for _ in range(5):  # later ones take no new memory
            throw(visitor, hostile.bomb("PNG of a megapixel"))
        memory = server.memory()
        yield visitor
        print(f"\nmemory: {memory:.0f} MB before, {server.memory():.0f} MB after")
        assert server.memory() - memory < MAX_GROWTH
        assert visitor.load() < NOTICED


@pytest.fixture
def others(server: Server) -> Iterator[None]:
    """Meanwhile another visitor asks ten times a second, and never waits long."""
    command = [sys.executable, bystander.__file__, server.address]
    with Popen(command, stdin=PIPE, stdout=PIPE, text=True) as another:
        assert another.stdout is not None
        assert another.stdout.readline() == "here\n"
        yield
        waits = json.loads(another.communicate()[0])
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
def test_wherever_it_is_asked_gets_a_word(visitor: Visitor) -> None:
    @bounded
    @given(st.sampled_from(["GET", "HEAD"]), hostile.addresses(), hostile.headers())
    def send(method: str, address: str, headers: dict[str, str]) -> None:
        response = visitor.client.request(method, address, headers=headers)
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
        visitor.photo(content, HARDLY)


@pytest.mark.usefixtures("others")
def test_a_run_that_is_spoilt_gets_a_word(server: Server, visitor: Visitor, monkeypatch) -> None:
    monkeypatch.setenv("LENET_HOME", str(server.home))
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
    alone = visitor.photo(hostile.pictures()[0], HARDLY)
    waited = throw(visitor, hostile.bomb(name))
    print(f"\n{AT_ONCE} x {name}: another photo waits {waited:.2f} s, alone {alone:.2f} s")
    assert waited < max(HARDLY, SLOWER * alone)


def throw(visitor: Visitor, bomb: bytes) -> float:
    """Throw some bombs at once; the seconds that another photo takes meanwhile."""
    picture = base64.b64encode(bomb).decode()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        thrown = [pool.submit(visitor.ask, "photo", {"picture": picture}) for _ in range(AT_ONCE)]
        waited = visitor.photo(hostile.pictures()[0], 2 * HARDLY)
        assert all(answered(one.result()) for one in thrown)
    return waited
