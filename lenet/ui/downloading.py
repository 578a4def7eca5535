"""MNIST's download for the page: one at a time, shared by all who wait for it, outside the training queue."""

from threading import Lock, Thread

from lenet.digits import mnist
from lenet.errors import LenetError


class Download:
    """A download under way, or over: `came` bytes of `mnist.SIZE`; `trouble` if it failed."""

    def __init__(self) -> None:
        self.came = 0
        self.trouble: LenetError | None = None
        self._thread = Thread(target=self._run, name="download", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            mnist.download(self._hear)
        except LenetError as error:
            self.trouble = error

    def _hear(self, came: int) -> None:
        self.came = came

    @property
    def over(self) -> bool:
        """Whether it has ended, well or not."""
        return not self._thread.is_alive()


_lock = Lock()
_last: Download | None = None


def download() -> Download:
    """Begin a download, or join the one that is under way."""
    global _last
    with _lock:
        if _last is None or _last.over:
            _last = Download()
        return _last
