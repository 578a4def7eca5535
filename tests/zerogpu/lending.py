"""ZeroGPU's rules, enforced. Lent is this machine's GPU, or without one, a process that lacks it too."""

import multiprocessing
from collections.abc import Callable, Generator
from functools import partial, wraps
from multiprocessing.connection import Connection
from threading import Thread
from typing import Any

import gradio as gr
import torch

Task = Callable[..., Generator[Any, None, None]]
MOST = 120  # seconds that may be asked for at once

lent: list[float] = []  # seconds, as they were asked for
_fork = multiprocessing.get_context("fork")
_real = {name: vars(torch.cuda)[name] for name in ("is_available", "_lazy_init")}


def patch() -> None:
    """Let CUDA seem to be there, and raise where it is used."""

    def refuse() -> None:
        raise RuntimeError("CUDA outside of a function that spaces.GPU decorates")

    vars(torch.cuda).update(is_available=lambda: True, _lazy_init=refuse)


def unpatch() -> None:
    """Let CUDA be what it is here."""
    vars(torch.cuda).update(_real)


def GPU(task: Task | None = None, *, duration: float | Callable[..., float] = 60) -> Any:
    """Let a generator function run in a forked process, where CUDA is real; arguments and results are pickled.

    `duration` are the seconds that it may take, or tells them from its arguments. Of what it raises, only the name of
    the class arrives. Closing the generator ends it once it has yielded again.
    """
    if task is None:
        return partial(GPU, duration=duration)

    @wraps(task)
    def borrow(*arguments: Any) -> Generator[Any, None, None]:
        seconds = duration(*arguments) if callable(duration) else duration
        if seconds > MOST:
            raise gr.Error(f"The requested GPU duration ({seconds}s) is larger than the maximum allowed")
        lent.append(seconds)
        here, there = _fork.Pipe()
        closed = _fork.Event()
        process = _fork.Process(target=_lend, args=(task, here, there, closed), daemon=True)
        process.start()
        there.close()
        try:
            here.send(arguments)
            while (answer := _answer(here)) is not None:
                yield answer[0]
        except GeneratorExit:
            closed.set()
            while _answer(here) is not None:
                pass
            raise
        finally:
            here.close()
            process.join()

    return borrow


def _answer(here: Connection) -> tuple[Any] | None:
    """What the process yielded, or None at its end."""
    try:
        kind, value = here.recv()
    except EOFError:
        raise gr.Error("GPU task aborted") from None
    if kind == "raised":
        raise gr.Error(value)
    return (value,) if kind == "yielded" else None


def _lend(task: Task, parents: Connection, own: Connection, closed: Any) -> None:
    parents.close()
    unpatch()

    def work() -> None:
        torch.set_num_threads(1)  # a team of threads may wait for ever for what the fork left behind
        try:
            for value in task(*own.recv()):
                if closed.is_set():
                    break
                own.send(("yielded", value))
            own.send(("over", None))
        except Exception as error:
            own.send(("raised", type(error).__name__))

    thread = Thread(target=work)
    thread.start()
    thread.join()
    try:
        own.recv()  # stay until all is read: tensors travel as memory of this process
    except EOFError:
        own.close()
