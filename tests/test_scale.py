"""Two replicas behind nginx, as `deploy/` has them; one is killed while visitors come."""

import asyncio
import gzip
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from awaiting import awaited
from load import Crowd, Trainer, busiest
from load_client import Request, browser
from load_page import Page, photo, training
from load_servers import CONFIG, NGINX, Replica, nginx, replicas

from lenet.ui import guard

VISITORS = 30


@pytest.fixture
def started() -> Iterator[list[Replica]]:
    if NGINX is None:
        pytest.skip("needs nginx: install it from the system's packages")
    with replicas(2) as started:
        yield started


async def named(port: int) -> Page:
    """What the page's HTML names; load.py asks for all that Chromium does."""
    async with browser(port, count=1) as (line,):
        html = gzip.decompress(await line.ask(Request("/"))).decode()
        config = json.loads(await line.ask(Request("/config")))
    files = re.findall(r'(?:href|src)="\./((?:gradio_api/lenet|assets)/[^"]+)"', html)
    assert len(files) > 20
    return Page([Request("/"), *(Request(f"/{path}") for path in files)], photo(config), training(config))


def test_a_replica_that_is_killed_under_load_leaves_nothing_unanswered(started: list[Replica]) -> None:
    async def visits(port: int) -> Crowd:
        page = await named(port)
        async with Trainer.at_work(page, port) as trainer:
            victim = await busiest(started)
            crowd = Crowd(page, port)
            coming = asyncio.create_task(crowd.come(VISITORS))
            while crowd.requests < VISITORS * len(page.opening) // 2:
                await asyncio.sleep(0)
            victim.process.kill()
            before = trainer.trained
            await coming
            async with asyncio.timeout(20):
                while trainer.trained == before:  # with the other one
                    await asyncio.sleep(0.05)
        async with browser(port, count=1) as (line,):
            assert json.loads(await line.ask(Request("/healthz")))["ready"]
        return crowd

    with nginx([replica.port for replica in started]) as port:
        crowd = awaited(visits(port))
    assert [replica.process.poll() is None for replica in started].count(True) == 1
    assert crowd.wrong == []
    assert (len(crowd.opened), len(crowd.photos)) == (VISITORS, VISITORS // 10)


def services() -> dict[str, Any]:
    return yaml.safe_load((CONFIG.parent / "compose.yaml").read_text())["services"]


def test_nginx_waits_for_the_replicas_that_it_names() -> None:
    named = set(re.findall(r"server ([\w-]+):7860 ", CONFIG.read_text()))
    assert named == {name for name in services() if name != "nginx"} == {*services()["nginx"]["depends_on"]}
    assert {wait["condition"] for wait in services()["nginx"]["depends_on"].values()} == {"service_healthy"}


def test_replicas_are_alike_and_share_their_runs() -> None:
    first, second = (service for name, service in services().items() if name != "nginx")
    assert first == second
    home = first["environment"]["LENET_HOME"]
    assert [volume.partition(":")[2] for volume in first["volumes"]] == [home]
    assert "/healthz" in " ".join(first["healthcheck"]["test"])


def test_nginx_passes_on_bodies_as_large_as_the_page_takes() -> None:
    (megabytes,) = re.findall(r"client_max_body_size (\d+)m;", CONFIG.read_text())
    assert int(megabytes) * 2**20 >= guard.MAX_BODY
