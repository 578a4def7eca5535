"""How the page's process ends: its trainings stop first, and what they have learned is kept.

A thread that computes while the interpreter ends would abort the process.
"""

import atexit
import os
import signal
import sys
import time
from threading import Event, Thread, Timer, current_thread, main_thread
from types import FrameType
from weakref import WeakSet

import gradio as gr

from lenet.ui import presence

LONGEST = 9.0  # seconds that the end may take: whoever asks for it, Docker for example, kills after ten
HEARING = 2.0  # seconds of them that the pages get to hear how their trainings ended
CLOSING = 1  # seconds of them, whole ones, that other answers under way get

_asked = Event()
_trainings: WeakSet[Thread] = WeakSet()


def is_under_way() -> bool:
    """Whether the process ends, so that every training has to stop."""
    return _asked.is_set()


def start_training(thread: Thread) -> None:
    """Start a thread that trains: the process does not end without it."""
    _trainings.add(thread)
    thread.start()


@atexit.register
def end_trainings() -> None:
    """Let every training stop, and wait until what it has learned is kept."""
    _asked.set()
    for thread in [*_trainings]:
        thread.join(LONGEST)


def take_over(blocks: gr.Blocks) -> None:
    """Let a page end the program as `serve` does, where Gradio's launch would wait for Ctrl+C in its own way.

    A notebook goes on after it, and its signals are its own; so are those of other threads than the main one.
    """
    interactive = hasattr(sys, "ps1") or sys.flags.interactive
    if not interactive and current_thread() is main_thread():
        blocks.block_thread = lambda: sys.exit(serve(blocks))  # type: ignore[method-assign]


def serve(blocks: gr.Blocks) -> int:
    """Wait for Ctrl+C or SIGTERM, end the trainings, and close the page that is being served.

    Return the exit code: 130, or 0 after SIGTERM. Only the main thread may call it, and should end the process then.
    """
    code = _wait()
    for kind in (signal.SIGINT, signal.SIGTERM):
        signal.signal(kind, signal.SIG_IGN)  # asking twice does not make it quicker
    last = Timer(LONGEST, os._exit, [code])
    last.daemon = True
    last.start()
    end_trainings()
    until = time.monotonic() + HEARING
    while presence.anybody_listens() and time.monotonic() < until:
        time.sleep(0.02)
    if blocks.server:
        blocks.server.config.timeout_graceful_shutdown = CLOSING
    blocks.close(verbose=False)
    return code


def _wait() -> int:
    signal.signal(signal.SIGTERM, _leave)
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        return 130
    except SystemExit:
        return 0


def _leave(number: int, frame: FrameType | None) -> None:
    sys.exit()
