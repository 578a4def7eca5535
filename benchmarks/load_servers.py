"""What load.py and tests run: replicas of the page that share a folder of runs, and nginx before them."""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from load_client import HERE

ROOT = Path(__file__).parent.parent
CONFIG = ROOT / "deploy" / "nginx.conf"
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")  # where Debian has it


@dataclass
class Replica:
    """A running `python app.py`."""

    process: subprocess.Popen[str]
    port: int

    @property
    def memory(self) -> float:
        """What it holds in memory (RSS), in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.findall(r"VmRSS:\s+(\d+) kB", status)[0]) * 1024 / 1e6

    @property
    def computed(self) -> float:
        """Seconds that it has computed."""
        user, system = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.socket() as probe:
        probe.bind((HERE, 0))
        return probe.getsockname()[1]


@contextmanager
def replicas(count: int) -> Iterator[list[Replica]]:
    """Run the page some times over, strangers sharing it; what is trained goes into one new folder."""
    ours = ("LENET_", "GRADIO_")
    settings = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    started: list[Replica] = []
    with tempfile.TemporaryDirectory() as home:
        settings |= {"LENET_HOME": home, "LENET_PUBLIC": "1", "GRADIO_SERVER_NAME": HERE}
        try:
            for port in [free_port() for _ in range(count)]:
                process = subprocess.Popen(
                    [sys.executable, "-u", "app.py"],
                    cwd=ROOT, env=settings | {"GRADIO_SERVER_PORT": str(port)}, stdout=subprocess.PIPE, text=True,
                )  # fmt: skip
                started.append(Replica(process, port))
            for replica in started:
                assert replica.process.stdout is not None
                next(line for line in replica.process.stdout if "http://" in line)
            yield started
        finally:
            for replica in started:
                replica.process.kill()
                replica.process.communicate()


@contextmanager
def nginx(ports: list[int]) -> Iterator[int]:
    """Run nginx before replicas at two ports, with the configuration of `deploy/`; give its own port."""
    own = free_port()
    config = CONFIG.read_text()
    places = {f"server page-{number}:7860 ": f"server {HERE}:{port} " for number, port in enumerate(ports, 1)}
    for name, here in {"listen 80;": f"listen {HERE}:{own};", **places}.items():
        assert name in config, name
        config = config.replace(name, here)
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)  # its workers have another user
        file = Path(folder) / "nginx.conf"
        file.write_text(config)
        process = subprocess.Popen([NGINX or "nginx", "-p", folder, "-c", file, "-g", "daemon off;"])
        try:
            while process.poll() is None:
                try:
                    socket.create_connection((HERE, own)).close()
                    break
                except OSError:
                    time.sleep(0.01)
            yield own
        finally:
            process.terminate()
            process.wait()
