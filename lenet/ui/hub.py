"""Models of the Hugging Face Hub on the page: anybody opens one, and who is signed in saves a run.

Signing in is a Space's: without its OAuth settings nothing of it is attached, and `lenet push` saves runs. Gradio keeps
a visitor's token in a signed cookie of theirs; here it is used for the one call, and written nowhere.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

import gradio as gr
from gradio.utils import get_space

from lenet.errors import InvalidError, LenetError
from lenet.runs import models
from lenet.runs.hub.download import UnreachableError
from lenet.runs.hub.load import local_name
from lenet.runs.hub.push import push
from lenet.runs.run import is_key
from lenet.texts import Message
from lenet.ui import components
from lenet.ui.answers import ServerFunction
from lenet.ui.threads import Turns

SETTINGS = ("OAUTH_CLIENT_ID", "OAUTH_CLIENT_SECRET", "OAUTH_SCOPES", "OPENID_PROVIDER_URL")  # of a Space
PACKAGES = ("authlib", "itsdangerous")  # that a Space has for it
MAX_SAVING = 2  # visitors at once
SECONDS = 60.0  # that saving may take

_opening = Turns(1)
_saving = Turns(MAX_SAVING, waiting=0)


def open_model(name: str) -> str:
    """Fetch `hf:USER/NAME`, one at a time, and return the name that the page knows it by.

    BusyError if others are served, else raises as `cache.fetch` does.
    """
    with _opening():
        return local_name(name)


def has_sign_in() -> bool:
    """Return whether visitors can sign in here. Elsewhere Gradio would sign everybody in as the machine's owner."""
    return get_space() is not None and all(map(os.environ.get, SETTINGS)) and all(map(find_spec, PACKAGES))


@dataclass(frozen=True)
class View:
    """What the part shows: who is signed in ("" if nobody), what was done, and the page of the saved model."""

    user: str = ""
    message: Message | None = None
    failed: bool = False
    saving: bool = False
    address: str = ""

    def json(self) -> dict[str, Any]:
        """As the page's script takes it."""
        return components.update({**vars(self), "message": self.message.json() if self.message else None})


class Blocks(gr.Blocks):
    """Where Gradio adds /login/huggingface, /login/callback and /logout, which the part has links to.

    It would for a gr.LoginButton too, which asks the server at every visit.
    """

    @property
    def expects_oauth(self) -> bool:
        """Return whether it adds them."""
        return has_sign_in()


def build(manage: ServerFunction) -> None:
    """Lay out where a run is saved; `manage` lists the runs, see `pages.runs`."""
    with gr.Column(elem_classes="card"):
        part = components.part("hub", None, ("who", "save"), server_functions=[manage])
    for event, answer in ((part.who, who), (part.save, save)):
        event(answer, None, part, api_visibility="private", concurrency_limit=None, show_progress="hidden")


def who(request: gr.Request, profile: gr.OAuthProfile | None) -> dict[str, Any]:
    """Tell who is signed in."""
    return View(user=_user(request, profile)).json()


async def save(
    event: gr.EventData, request: gr.Request, profile: gr.OAuthProfile | None, token: gr.OAuthToken | None
) -> AsyncIterator[dict[str, Any]]:
    """Save `{"key": KEY, "repository": USER/NAME, "private": bool}` for who is signed in; yield views of it."""
    view = View(user=_user(request, profile), saving=True)
    yield view.json()
    view = replace(view, saving=False)
    try:
        if token is None or not view.user:
            raise LenetError("hub.sign_in_first")
        yield replace(view, address=await _pushed(event._data, token.token), message=Message("hub.saved")).json()
    except LenetError as error:
        yield replace(view, failed=True, message=_without_command_line(error)).json()


async def _pushed(asked: Any, token: str) -> str:
    """Push in a thread; whoever waits too long is told, while it goes on."""
    values = asked if isinstance(asked, dict) else {}
    key, repository, private = (values.get(name) for name in ("key", "repository", "private"))
    if not (isinstance(key, str) and isinstance(repository, str) and isinstance(private, bool) and is_key(key)):
        raise InvalidError("request.save")
    models.load_run(key)

    def work() -> str:
        with _saving():
            return push(key, repository, private, token)

    try:
        return await asyncio.wait_for(asyncio.shield(asyncio.to_thread(work)), SECONDS)
    except TimeoutError as error:
        raise UnreachableError(Message("hub.reason.slow")) from error


def _user(request: gr.Request, profile: gr.OAuthProfile | None) -> str:
    """Who is signed in, "" if nobody; nobody is for another website, with whose requests the same cookie comes.

    Gradio answers any website's scripts on a Space. A browser names the page that asks in the header `Origin`, which no
    script can change, nor `Host`; what sends none has nobody's cookies but its own.
    """
    origin, host = request.headers.get("origin"), request.headers.get("host")
    hosts = {host, *(name.strip() for name in os.environ.get("SPACE_HOST", "").split(","))} - {None, ""}
    is_own = origin is None or urlsplit(origin).netloc in hosts
    return profile.username if profile and is_own else ""


def _without_command_line(error: LenetError) -> Message:
    """What is said here where the command line would name its own way to sign in."""
    here = {"push.token": "hub.sign_in_again", "push.forbidden": "hub.forbidden"}
    return replace(error.message, key=here.get(error.message.key, error.message.key))
