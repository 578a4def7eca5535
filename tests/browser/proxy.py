"""A proxy that serves a page below a path, as `https://somewhere/some/where/` may stand before `http://inside/`."""

import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

METHODS = ["GET", "HEAD", "POST", "DELETE", "OPTIONS"]


@contextmanager
def below(path: str, inside: str) -> Iterator[str]:
    """Serve what `inside` does below a path, streams as they come; gives the address, which ends with a slash."""
    client = httpx.AsyncClient(base_url=inside, timeout=None)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with client:
            yield

    async def forward(request: Request) -> Response:
        url = httpx.URL(path="/" + request.path_params["path"], query=request.url.query.encode())
        asked = client.build_request(request.method, url, headers=request.headers.raw, content=await request.body())
        answer = await client.send(asked, stream=True)
        response = StreamingResponse(answer.aiter_raw(), answer.status_code, background=BackgroundTask(answer.aclose))
        response.raw_headers = answer.headers.raw
        return response

    routes = [Route(f"{path}/{{path:path}}", forward, methods=METHODS)]
    app = Starlette(routes=routes, lifespan=lifespan)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        while thread.is_alive() and not server.started:
            thread.join(timeout=0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}{path}/"
    finally:
        server.should_exit = True
        thread.join(timeout=10)
