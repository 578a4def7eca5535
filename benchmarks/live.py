"""Print how fast the page follows the pen: LENET_DATA=... python benchmarks/live.py [--digits N] [--only PART,...]

Starts `python app.py`, replays digits of real pens in Chromium at human speed, a point every 12 ms, and measures in the
page, at several round trips to the server:
- a pointer's move has an update of its own if a reading is in the store before the next move reaches the page;
  Chromium may hand over two moves before one frame, so also: whether the next frame shows a reading that knows of it;
- from the time stamp of a move to the end of the frame that paints the bars of the first reading that knows of it;
- requests that begin while a digit is drawn.
"""

import argparse
import asyncio
import sys
from pathlib import Path
from statistics import median, quantiles

from live_figures import HEADS, Figures, row, table
from live_page import Seat, Server, Strokes, chromium, digits, served, visitor
from live_visit import ROUND_TRIPS, first, memory, sizes
from playwright.async_api import Browser, expect

from lenet.settings import data_folder

PARTS = ["live", "stop", "compare", "first", "bytes", "memory"]


async def measure(seat: Seat, pens: list[Strokes], label: str, verbose: bool) -> None:
    """Draw all digits and print one row."""
    figures = Figures()
    seat.gaps.clear()
    for strokes in pens:
        await seat.clear()
        await seat.draw(strokes)
        await seat.settle()
        figures.add(await seat.take_probe())
        figures.requests += len(seat.traffic.addresses)
    figures.print(label)
    if verbose:
        gaps = [1000 * gap for gap in seat.gaps]
        never = figures.moves - len(figures.latencies)
        pace = f"a point every {median(gaps):.1f} ms, 95 % within {quantiles(gaps, n=20)[-1]:.1f} ms"
        print(f"{label}: {pace}; {never} moves never shown", file=sys.stderr)


async def live(server: Server, pens: list[Strokes], verbose: bool) -> None:
    """Print the rows of an idle server, near and far, and of one that trains."""
    table(*HEADS)
    async with chromium() as browser:
        for round_trip in ROUND_TRIPS:
            with server.at(round_trip) as address:
                async with visitor(browser) as context:
                    seat = await Seat.take(context, address)
                    await seat.listen()
                    await measure(seat, pens, f"idle, {round_trip} ms away", verbose)
        await training(server, browser, pens, verbose)


async def training(server: Server, browser: Browser, pens: list[Strokes], verbose: bool) -> None:
    """Print the row of a server that trains all the while."""
    with server.at(0) as address:
        async with visitor(browser) as context:
            seat = await Seat.take(context, address)
            await seat.listen()
            await seat.page.get_by_role("slider", name="Epochs").fill("50")
            await seat.page.get_by_role("button", name="Retrain").click()
            await expect(seat.page.get_by_text("Epoch 1 of 50")).to_be_visible(timeout=60_000)
            await measure(seat, pens, "training, 0 ms away", verbose)
            await expect(seat.page.get_by_role("button", name="Stop")).to_be_enabled()  # it trained to the end


async def stopped(server: Server, pens: list[Strokes]) -> None:
    """Print the row of a server that is stopped in the middle of a digit's longest stroke, from then on."""
    print("\nServer stopped while the pen moves:\n")
    table(*HEADS)
    figures = Figures()
    with server.at(0) as address:
        async with chromium() as browser, visitor(browser) as context:
            seat = await Seat.take(context, address)
            await seat.listen()
            since = 0.0

            async def stop() -> None:
                nonlocal since
                server.stop()
                seat.traffic.begin()
                since = await seat.page.evaluate("performance.now()")

            for strokes in pens:
                await seat.clear()
                await seat.draw(strokes, midway=stop)
                until = await seat.page.evaluate(
                    "new Promise((done) => setTimeout(() => done(performance.now()), 100))"
                )
                server.go_on()
                await seat.settle()
                figures.add(await seat.take_probe(), since, until)
                figures.requests += len(seat.traffic.addresses)
    figures.print("stopped in the middle of a stroke")


async def compare(server: Server, pens: list[Strokes]) -> None:
    """Print how often the bars of the Compare tab's six networks change while the pen moves."""
    print("\nCompare tab:\n")
    table("digits", "models", "updates/s of every model", "frames/s in which any model was updated")
    milliseconds, frames = 0.0, 0
    with server.at(0) as address:
        async with chromium() as browser, visitor(browser) as context:
            seat = await Seat.take(context, address)
            await seat.listen()
            await seat.page.get_by_role("tab", name="Compare").click()
            await expect(seat.page.get_by_role("img", name="Drawing pad")).to_be_visible()
            updates = [0] * await seat.page.evaluate("probe.watch()")
            for strokes in pens:
                await seat.clear()
                await seat.draw(strokes, "Drawing pad")
                probe = await seat.take_probe()
                milliseconds += sum(up - down for down, up in probe["pens"])
                shown = [one["rows"] for one in probe["rows"] if one["painted"] < probe["pens"][-1][1]]
                frames += len(shown)
                for model in (model for rows in shown for model in rows):
                    updates[model] += 1
    per_second = [f"{1000 * count / milliseconds:.0f}" for count in (min(updates), frames)]
    row(len(pens), len(updates), *per_second)


async def run(part: str, arguments: argparse.Namespace) -> None:
    """Run one part with a server of its own."""
    pens = digits(arguments.digits)
    with served(arguments.root.resolve()) as server:
        match part:
            case "live":
                await live(server, pens, arguments.verbose)
            case "stop":
                await stopped(server, pens)
            case "compare":
                await compare(server, pens)
            case "first":
                await first(server)
            case "bytes":
                await sizes(server, arguments.verbose)
            case "memory":
                await memory(server, arguments.minutes)


def main() -> None:
    """Measure and print whatever parts are asked for."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--digits", type=int, default=50)
    parser.add_argument("--minutes", type=float, default=1.0, help="of drawing, for the memory")
    parser.add_argument("--only", default=",".join(PARTS), help=f"parts, of {', '.join(PARTS)}")
    parser.add_argument("--root", type=Path, default=Path(__file__).parent.parent, help="whose app.py is served")
    parser.add_argument("--verbose", action="store_true", help="the pen's pace, and the largest files")
    arguments = parser.parse_args()
    parts = arguments.only.split(",")
    if data_folder() is None:
        parser.error("set LENET_DATA to a folder that holds strokes/digits.jsonl.gz")
    if unknown := set(parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(unknown)}")
    for part in parts:
        asyncio.run(run(part, arguments))


if __name__ == "__main__":
    main()
