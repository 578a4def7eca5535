"""Who visits in tests: a page that needs to give no sign of life, since it has no session."""

import gradio as gr
import starlette.requests

from lenet.ui import presence
from lenet.ui.presence import Visitor

NOBODY = Visitor()


def a_request(session: str = "", address: str = "127.0.0.1", forwarded: str = "", relayed: str = "") -> gr.Request:
    given = {"x-forwarded-for": forwarded, presence.RELAYED: relayed}
    headers = [(name.encode(), value.encode()) for name, value in given.items() if value]
    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": headers}
    return gr.Request(starlette.requests.Request({**scope, "client": (address, 5)}), session_hash=session)
