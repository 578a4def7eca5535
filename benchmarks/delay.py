"""A TCP proxy that delays, to meet the page as from far away: `with delayed("127.0.0.1", 7860, 0.09) as port: ...`"""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress

CHUNK = 1 << 16  # bytes read at once


@contextmanager
def delayed(host: str, port: int, round_trip: float) -> Iterator[int]:
    """Serve `host:port` at another port of 127.0.0.1, which is given, with a round trip of some seconds.

    Each way takes half of it; the order stays, bandwidth is not limited, and a new connection costs one round trip
    before its first byte, as TCP's handshake does. It runs in a thread of its own until the context ends.
    """
    ready: Future[tuple[int, asyncio.AbstractEventLoop, asyncio.Event]] = Future()
    thread = threading.Thread(target=lambda: asyncio.run(_serve(host, port, round_trip, ready)), daemon=True)
    thread.start()
    own, loop, done = ready.result(timeout=10)
    try:
        yield own
    finally:
        loop.call_soon_threadsafe(done.set)
        thread.join(timeout=10)


async def _serve(
    host: str, port: int, round_trip: float, ready: Future[tuple[int, asyncio.AbstractEventLoop, asyncio.Event]]
) -> None:
    done, connections = asyncio.Event(), set[asyncio.Task[None]]()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(_connect(reader, writer, host, port, round_trip))
        connections.add(task)
        task.add_done_callback(connections.discard)

    listening = await asyncio.start_server(accept, "127.0.0.1", 0)
    ready.set_result((listening.sockets[0].getsockname()[1], asyncio.get_running_loop(), done))
    await done.wait()
    listening.close()
    for task in connections:
        task.cancel()
    await asyncio.gather(*connections, return_exceptions=True)


async def _connect(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str, port: int, round_trip: float
) -> None:
    """Carry one connection both ways until both sides have ended it."""
    opened = asyncio.get_running_loop().time() + round_trip
    try:
        far_reader, far_writer = await asyncio.open_connection(host, port)
    except OSError:
        return writer.close()
    try:
        there = _flow(reader, far_writer, round_trip / 2, opened)
        back = _flow(far_reader, writer, round_trip / 2, opened)
        await asyncio.gather(there, back)
    finally:
        writer.close()
        far_writer.close()


async def _flow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay: float, opened: float) -> None:
    """Carry one way: every chunk arrives `delay` seconds after it was read, none was sent before `opened`."""
    clock = asyncio.get_running_loop().time
    under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

    async def arrive() -> None:
        chunk = b"begin"
        while chunk:
            due, chunk = await under_way.get()
            await asyncio.sleep(due - clock())
            if chunk:
                writer.write(chunk)
        with suppress(OSError):
            writer.write_eof()

    async def depart() -> None:
        chunk = b"begin"
        while chunk:
            try:
                chunk = await reader.read(CHUNK)
            except OSError:  # a connection that breaks has ended
                chunk = b""
            under_way.put_nowait((max(clock(), opened) + delay, chunk))

    await asyncio.gather(depart(), arrive())
