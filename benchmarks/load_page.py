"""What the page asks its server for when it opens, when a photo is sent, and when somebody trains."""

import base64
import io
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from live_page import Seat, chromium, visitor
from load_client import HERE, Request
from load_client import browser as lines_of
from PIL import Image

from lenet.digits import mnist

SIDE = 512  # pixels of a photo, as the page makes it
EPOCHS = 5  # of a training, on the sample


@dataclass(frozen=True)
class Page:
    """The requests of a visitor."""

    opening: list[Request]
    photo: Request
    training: Request

    @classmethod
    async def seen(cls, port: int) -> "Page":
        """Open it in Chromium, and note what that asks for until the network is idle."""
        async with chromium() as browser, visitor(browser) as context:
            found: list[Request] = []
            context.on("request", lambda one: found.append(Request(_path(one.url), one.post_data or "")))
            seat = await Seat.take(context, f"http://{HERE}:{port}/")
            await seat.traffic.idle()
        async with lines_of(port, count=1) as (line,):
            config = json.loads(await line.ask(Request("/config")))
        return cls([*dict.fromkeys(found)], photo(config), training(config))


def _path(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def photo(config: dict[str, Any]) -> Request:
    """What the pad asks for when a photo is put on it; `config` is Gradio's."""
    digit = Image.fromarray(255 - mnist.load("sample").test.images[0].numpy()).resize((SIDE, SIDE))
    file = io.BytesIO()
    digit.save(file, "PNG")
    pad = next(one["id"] for one in config["components"] if "photo" in one["props"].get("server_fns", []))
    message = {"picture": base64.b64encode(file.getvalue()).decode(), "raw": False}
    return _post("component_server/", {"data": message, "component_id": pad, "fn_name": "photo"})


def training(config: dict[str, Any]) -> Request:
    """What the Draw tab asks for when somebody trains there."""
    start = next(one for one in config["dependencies"] if [name for _, name in one["targets"]] == ["start"])
    chosen = {"form": {"data": "sample", "epochs": EPOCHS}, "model": "lenet5"}
    asked = {"data": [], "fn_index": start["id"], "trigger_id": start["targets"][0][0], "event_data": chosen}
    return _post("queue/join", asked)


def _post(path: str, body: dict[str, Any]) -> Request:
    return Request(f"/gradio_api/{path}", json.dumps(body))
