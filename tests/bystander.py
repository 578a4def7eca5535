"""Somebody who uses the page, by what their browser asks.

As a program, in a process of its own, it waits for nothing but the server: `python bystander.py ADDRESS` loads a model
ten times a second until its input ends, then prints the seconds that each time took.
"""

import base64
import json
import select
import sys
import time
from typing import Any

import httpx

CALL = "gradio_api/component_server"


class Visitor:
    """A visitor of the page at an address. No connection is used twice: the server may be about to close it."""

    def __init__(self, address: str) -> None:
        limits = httpx.Limits(max_keepalive_connections=0)
        self.client = httpx.Client(base_url=address, timeout=60, limits=limits)
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

    def photo(self, content: bytes, patience: float) -> float:
        """Send a photo, again if the server is too busy, as the page does; the seconds until it is read."""
        before = time.monotonic()
        while (answer := self.ask("photo", {"picture": base64.b64encode(content).decode()}).json()).get("again"):
            assert time.monotonic() - before < patience
        assert "image" in answer
        return time.monotonic() - before


if __name__ == "__main__":
    visitor = Visitor(sys.argv[1])
    waits = [visitor.load()]
    print("here", flush=True)
    while not select.select([sys.stdin], [], [], 0.1)[0]:
        waits.append(visitor.load())
    print(json.dumps(waits))
