"""Who asks, who listens, and what becomes of a place in the training queue whose page is gone."""

from types import SimpleNamespace

import pytest
from starlette.datastructures import MutableHeaders
from visiting import a_request

from lenet.errors import LenetError
from lenet.ui import presence
from lenet.ui import queue as queue_module
from lenet.ui.presence import Visitor, visitor
from lenet.ui.queue import MAX_OF_ADDRESS, TrainingQueue


@pytest.mark.parametrize(
    ("path", "query", "session"),
    [
        ("/gradio_api/queue/data", b"session_hash=abc", "abc"),
        ("/gradio_api/call/train/e1", b"", "e1"),
        ("/gradio_api/queue/status", b"session_hash=abc", None),
        ("/", b"", None),
    ],
)
def test_a_stream_is_known_by_its_address(path: str, query: bytes, session: str | None) -> None:
    assert presence.stream(path, query) == session


def test_a_page_listens_as_long_as_one_of_its_streams_is_open() -> None:
    with presence.listening("a"):
        with presence.listening("a"):
            assert presence.listens("a")
        assert presence.listens("a")
        assert not presence.listens("b")
    assert not presence.listens("a")


@pytest.mark.parametrize(
    ("client", "forwarded", "address"),
    [
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "8.8.8.8", "8.8.8.8"),
        ("10.0.0.1", "1.1.1.1, 8.8.8.8, 10.0.0.7", "8.8.8.8"),  # the first one is only said
        ("9.9.9.9", "8.8.8.8", "9.9.9.9"),  # no proxy: what it says of itself is nobody's word
        ("10.0.0.1", "nonsense, ::::", "10.0.0.1"),
    ],
)
def test_an_address_is_the_last_that_a_proxy_vouches_for(client: str, forwarded: str, address: str) -> None:
    assert visitor(a_request("s", client, forwarded)) == Visitor("s", address)


def test_who_is_relayed_is_known_by_a_name_as_long_as_they_listen() -> None:
    headers = MutableHeaders({"x-forwarded-for": "8.8.8.8"})
    with presence.relaying(headers, ("10.0.0.1", 5)):
        name = headers[presence.RELAYED]
        assert visitor(a_request("the server's own", relayed=name)) == Visitor(name, "8.8.8.8")
        assert presence.listens(name)
    assert not presence.listens(name)
    for stale in (name, "made up"):
        assert visitor(a_request("a page", relayed=stale)) == Visitor("a page", "127.0.0.1")


def test_no_name_of_a_relayed_request_is_taken_from_it() -> None:
    headers = MutableHeaders({presence.RELAYED: "mine"})
    with presence.relaying(headers, None):
        assert headers.getlist(presence.RELAYED) != ["mine"]
        assert len(headers.getlist(presence.RELAYED)) == 1


def test_a_ticket_whose_page_is_silent_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(0, 1000, 5))  # seconds
    monkeypatch.setattr(queue_module, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    ticket = TrainingQueue().join(Visitor("page"))
    with presence.listening("page"):
        assert not any(ticket.is_left() for _ in range(5))
    assert [ticket.is_left() for _ in range(3)] == [False, True, True]


def test_a_page_has_one_place() -> None:
    queue = TrainingQueue()
    queue.join(Visitor("page"))
    with pytest.raises(LenetError, match="already has a place"):
        queue.join(Visitor("page"))
    queue.join(Visitor("another"))


def test_in_public_an_address_has_a_quarter_of_the_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LENET_PUBLIC", "1")
    queue = TrainingQueue()
    for number in range(MAX_OF_ADDRESS):
        queue.join(Visitor(str(number), "8.8.8.8"))
    with pytest.raises(LenetError, match="4 trainings from your network"):
        queue.join(Visitor("one more", "8.8.8.8"))
    queue.join(Visitor("one more", "9.9.9.9"))


def test_who_waits_for_data_holds_up_nobody() -> None:
    queue = TrainingQueue()
    first, second = queue.enter(Visitor("a")), queue.join(Visitor("b"))
    assert queue.ahead(second) == 0
    queue.line_up(first)
    assert queue.ahead(first) == 1
