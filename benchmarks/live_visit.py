"""Figures of a visit: the first reading, bytes over the wire, memory."""

import asyncio
import time
from statistics import median

from live_figures import row, table
from live_page import Seat, Server, Strokes, chromium, digits, visitor

LOADS = 5
ROUND_TRIPS = [0, 90, 220]  # milliseconds
LARGEST = 10
KB, MB = 1e3, 1e6  # bytes


async def first(server: Server) -> None:
    """Print how soon the page's first example is read, for visitors who were never here."""
    print(f"\nFirst reading, {LOADS} fresh loads each, milliseconds:\n")
    table("round trip", "pad visible, after the visit began: median", "first reading after that: median", "most")
    async with chromium() as browser:
        for round_trip in ROUND_TRIPS:
            seen, after = [], []
            for _ in range(LOADS):
                with server.at(round_trip) as address:
                    async with visitor(browser) as context:
                        seat = await Seat.take(context, address)
                        found = await seat.page.evaluate("probe.first")
                seen.append(found["pad"])
                after.append(found["reading"] - found["pad"])
            row(round_trip, f"{median(seen):.0f}", f"{median(after):.0f}", f"{max(after):.0f}")


async def sizes(server: Server, verbose: bool) -> None:
    """Print what a first visit and the next one load."""
    print("\nBytes over the wire:\n")
    answers: dict[str, list[tuple[int, str]]] = {}
    table("visit", "answers", "until the first reading", "until the network is idle")
    async with chromium() as browser, visitor(browser) as context:
        with server.at(0) as address:
            for visit in ("first", "next"):
                seat = await Seat.take(context, address)
                by_then = seat.traffic.total
                await seat.traffic.idle()
                answers[visit] = seat.traffic.answers()
                row(visit, len(answers[visit]), f"{by_then / KB:,.0f} kB", f"{seat.traffic.total / KB:,.0f} kB")
                await seat.page.close()
    for visit, found in answers.items() if verbose else []:
        print(f"\nThe largest of the {visit} visit:\n")
        for size, url in found[:LARGEST]:
            print(f"- {size / KB:.1f} kB: /{url.removeprefix(address)}")


async def memory(server: Server, minutes: float) -> None:
    """Print what the page holds before and after it was drawn on for some minutes, nothing drawn either time."""
    print(f"\nMemory, minutes of drawing: {minutes:g}\n")
    table("", "JS heap", "array buffers", "DOM nodes", "listeners")
    pens = digits(50)
    async with chromium() as browser, visitor(browser) as context:
        with server.at(0) as address:
            seat = await Seat.take(context, address)
            await seat.listen()
            await draw_for(seat, pens, 0)
            row("before", *await held(seat))
            drawn = await draw_for(seat, pens, 60 * minutes)
            row(f"after {drawn} digits", *await held(seat))


async def draw_for(seat: Seat, pens: list[Strokes], seconds: float) -> int:
    """Draw digit after digit for so long, at least one, and clear the last one away; how many."""
    count, end = 0, time.monotonic() + seconds
    while not count or time.monotonic() < end:
        await seat.clear()
        await seat.draw(pens[count % len(pens)])
        await seat.settle()
        count += 1
    await seat.clear()
    await asyncio.sleep(1)  # what the page does once the pen rests
    return count


async def held(seat: Seat) -> list[str]:
    """What is in use once all garbage is collected."""
    await seat.cdp.send("HeapProfiler.collectGarbage")
    heap = await seat.cdp.send("Runtime.getHeapUsage")
    counts = await seat.cdp.send("Memory.getDOMCounters")
    sizes = [heap["usedSize"], heap.get("backingStorageSize", 0)]
    return [*(f"{size / MB:.1f} MB" for size in sizes), f"{counts['nodes']:,}", f"{counts['jsEventListeners']:,}"]
