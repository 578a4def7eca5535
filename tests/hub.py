"""A stand-in for the Hugging Face Hub on this machine: the few questions that huggingface_hub asks of it."""

import base64
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha1
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import yaml

TOKEN = "hf_of_mia"  # who may write to mia/...
JSON = {"Content-Type": "application/json"}
Answer = tuple[int, dict[str, str], bytes]  # status, headers and content


@dataclass
class Repository:
    """A model's repository: its files as of its last commit."""

    private: bool = False
    files: dict[str, bytes] = field(default_factory=dict)
    commits: int = 0

    @property
    def revision(self) -> str:
        return sha1(repr((self.commits, sorted(self.files.items()))).encode()).hexdigest()

    @property
    def card(self) -> dict[str, Any]:
        """The head of its model card."""
        return yaml.safe_load(self.files["README.md"].decode().split("---\n")[1])


@dataclass
class Hub:
    """Its repositories by name. `down` answers 503; `said` overrides headers; `moved` redirects files elsewhere."""

    address: str = ""
    repositories: dict[str, Repository] = field(default_factory=dict)
    down: bool = False
    refuse_commits: int = 0  # with this status
    said: dict[str, str] = field(default_factory=dict)
    moved: str = ""
    asked: list[tuple[str, str, str]] = field(default_factory=list)  # method, path, token
    signs_in: Callable[[str, str, bytes], Answer] | None = None  # path, query and body, below /oauth and /.well-known

    def answer(self, method: str, path: str, token: str, body: bytes) -> Answer:
        """Status, headers and content of an answer."""
        self.asked.append((method, path, token))
        if self.down:
            return 503, {}, b""
        if path == "/api/validate-yaml":
            return _validated(json.loads(body)["content"])
        if path == "/api/repos/create":
            return self._created(json.loads(body), token)
        if found := re.fullmatch(r"/api/models/([^/]+/[^/]+)/(preupload|commit)/main", path):
            return self._written(found[1], found[2], token, body)
        if found := re.fullmatch(r"/api/models/([^/]+/[^/]+)", path):
            return self._described(found[1], token)
        if found := re.fullmatch(r"/([^/]+/[^/]+)/resolve/(\w+)/(.+)", path):
            return self._file(method, *found.groups(), token)
        return 404, {}, b""

    def _created(self, asked: dict[str, Any], token: str) -> Answer:
        name = f"{asked['organization']}/{asked['name']}"
        if token != TOKEN:
            return 401, {"X-Error-Message": "Invalid credentials in Authorization header"}, b"{}"
        if not name.startswith("mia/"):
            return 403, JSON, b'{"error": "no rights"}'
        if name in self.repositories:
            return 409, JSON, b'{"error": "You already created this model repo"}'
        private = asked.get("visibility") == "private" or asked.get("private", False)
        self.repositories[name] = Repository(private, {".gitattributes": b""})
        return 200, JSON, json.dumps({"url": f"{self.address}/{name}", "name": name}).encode()

    def _described(self, name: str, token: str) -> Answer:
        repository = self._readable(name, token)
        if repository is None:
            return 401, {"X-Error-Code": "RepoNotFound"}, b""
        about: dict[str, Any] = {"id": name, "modelId": name, "private": repository.private, "sha": repository.revision}
        card = repository.card if "README.md" in repository.files else {}
        about["tags"] = card.get("tags", [])
        about["siblings"] = [{"rfilename": path} for path in repository.files]
        return 200, JSON, json.dumps(about).encode()

    def _written(self, name: str, what: str, token: str, body: bytes) -> Answer:
        repository = self.repositories.get(name)
        if repository is None or token != TOKEN:
            return 403, {}, b""
        if what == "preupload":
            files = [
                {"path": file["path"], "uploadMode": "regular", "shouldIgnore": False}
                for file in json.loads(body)["files"]
            ]
            return 200, JSON, json.dumps({"files": files}).encode()
        if self.refuse_commits:
            return self.refuse_commits, {}, b""
        for line in map(json.loads, body.splitlines()):
            if line["key"] == "file":
                repository.files[line["value"]["path"]] = base64.b64decode(line["value"]["content"])
        repository.commits += 1
        done = {"commitUrl": f"{self.address}/{name}/commit/{repository.revision}", "commitOid": repository.revision}
        return 200, JSON, json.dumps({**done, "pullRequestUrl": None}).encode()

    def _readable(self, name: str, token: str) -> Repository | None:
        repository = self.repositories.get(name)
        return repository if repository and (not repository.private or token == TOKEN) else None

    def _file(self, method: str, name: str, revision: str, path: str, token: str) -> Answer:
        repository = self._readable(name, token)
        if repository is None:
            return 401, {"X-Error-Code": "RepoNotFound"}, b""
        if path not in repository.files or revision not in ("main", repository.revision):
            return 404, {"X-Error-Code": "EntryNotFound"}, b""
        content = repository.files[path]
        headers = {"X-Repo-Commit": repository.revision, "ETag": f'"{sha1(content).hexdigest()}"', **self.said}
        if self.moved and method == "GET":
            return 302, {"Location": self.moved}, b""
        return 200, headers, content


def _validated(card: str) -> Answer:
    """As strict as the Hub in what is tested here: a head of YAML that is an object."""
    try:
        good = isinstance(yaml.safe_load(card.split("---\n")[1]), dict)
    except (yaml.YAMLError, IndexError):
        good = False
    errors = [] if good else [{"message": "no YAML"}]
    return 200 if good else 400, JSON, json.dumps({"errors": errors, "warnings": []}).encode()


@contextmanager
def serving() -> Iterator[Hub]:
    """Serve a Hub that has no repositories."""
    hub = Hub()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            path, _, query = self.path.partition("?")
            if hub.signs_in and path.startswith(("/oauth", "/.well-known")):
                status, headers, content = hub.signs_in(path, query, body)
            else:
                status, headers, content = hub.answer(self.command, path, token, body)
            self.send_response(status)
            for name, value in {"Content-Length": str(len(content)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        do_GET = do_HEAD = do_POST = answer  # noqa: N815, named by http.server

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """Say nothing of who hangs up."""

    server = Server(("127.0.0.1", 0), Handler)
    hub.address = f"http://127.0.0.1:{server.server_address[1]}"
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
