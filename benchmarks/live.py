"""Print how fast the page follows the pen: LENET_DATA=... python benchmarks/live.py [--digits N]

Starts `python app.py`, replays digits of real pens in Chromium at human speed, a point every 12 ms, and measures in
the page: from a pointer's move to the frame after the bars that know of it; with the server idle, and while it trains.
"""

import argparse
import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles

from playwright.sync_api import Page, expect, sync_playwright

from lenet.settings import data_folder

ROOT = Path(__file__).parent.parent
STEP = 0.012  # seconds between points
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

PROBE = """
window.probe = { moves: [], asked: [], painted: [], bytes: [] };
const fetched = window.fetch;
window.fetch = async (...request) => {
    const url = String(request[0]?.url ?? request[0]);
    const read = url.includes("component_server") && String(request[1]?.body).includes('"read"');
    if (!read) return fetched(...request);
    probe.asked.push(performance.now());
    const response = await fetched(...request);
    response.clone().arrayBuffer().then((body) => probe.bytes.push(body.byteLength));
    return response;
};
document.addEventListener("pointermove", (event) => event.buttons && probe.moves.push(performance.now()), true);
"""

LISTEN = """async () => {
    const { listen } = await import(document.querySelector('link[rel="modulepreload"][href$="store.js"]').href);
    listen("reading", ({ answer }) => {
        if (answer) requestAnimationFrame(() => setTimeout(() => probe.painted.push(performance.now())));
    });
}"""


def replay(page: Page, strokes: list[list[list[float]]]) -> float:
    """Draw with the mouse at human speed; how many seconds the pen was down."""
    box = page.get_by_role("img", name="Draw a digit").bounding_box()
    assert box is not None
    down = 0.0
    for stroke in strokes:
        start = time.perf_counter()
        for i, (x, y) in enumerate(stroke):
            page.mouse.move(box["x"] + box["width"] * (0.2 + 0.0006 * x), box["y"] + box["height"] * (0.2 + 0.0006 * y))
            if i == 0:
                page.mouse.down()
            time.sleep(max(0.0, start + (i + 1) * STEP - time.perf_counter()))
        down += time.perf_counter() - start
        page.mouse.up()
    return down


def latencies(probe: dict[str, list[float]]) -> tuple[list[float], list[float]]:
    """Milliseconds from each move, and from each request, to the paint of the first answer that knows of it."""
    answered = list(zip(probe["asked"], probe["painted"], strict=False))  # one in flight: in order
    moves = [next((paint - move for ask, paint in answered if ask >= move), None) for move in probe["moves"]]
    return [one for one in moves if one is not None], [paint - ask for ask, paint in answered]


def measure(page: Page, pens: list[dict[str, list[list[list[float]]]]], label: str) -> None:
    """Replay all digits and print one row."""
    moves: list[float] = []
    ends: list[float] = []
    sizes: list[float] = []
    updates, seconds = 0, 0.0
    for pen in pens:
        page.get_by_role("button", name="Clear").click()
        page.evaluate("Object.values(probe).forEach((list) => (list.length = 0))")
        seconds += replay(page, pen["strokes"])
        expect(page.get_by_role("img", name="Draw a digit")).to_have_attribute("aria-busy", "false")
        page.wait_for_function("probe.painted.length === probe.asked.length")
        probe = page.evaluate("probe")
        of_moves, _ = latencies(probe)
        moves += of_moves
        ends.append(of_moves[-1])
        sizes += probe["bytes"]
        updates += len(probe["painted"])
    worst = quantiles(moves, n=20)[-1]
    print(
        f"| {label} | {len(pens)} | {updates / seconds:.0f} | {median(moves):.0f} | {worst:.0f} | {max(moves):.0f} "
        f"| {median(ends):.0f} | {quantiles(ends, n=20)[-1]:.0f} | {median(sizes) / 1000:.1f} kB |",
        flush=True,
    )


def main() -> None:
    """Measure idle and in training, and print one row each."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--digits", type=int, default=50)
    count = parser.parse_args().digits
    with gzip.open((data_folder() or Path()) / "strokes/digits.jsonl.gz", "rt") as lines:
        pens = [pen for pen in map(json.loads, lines) if sum(map(len, pen["strokes"])) > 10]
    pens = pens[:: len(pens) // count][:count]
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "LENET_HOME": home}
        command = [sys.executable, "-u", "app.py"]
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        try:
            assert server.stdout is not None
            address = next(line.split()[-1] for line in server.stdout if "http://" in line)
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
                page = browser.new_page(viewport={"width": 1280, "height": 800})
                page.add_init_script(PROBE)
                page.goto(address)
                page.get_by_role("button", name="Example 3").click()
                page.evaluate(LISTEN)
                print("| server | digits | updates/s | move to bars, ms: median | 95 % | most ", end="")
                print("| end of stroke: median | 95 % | answer |\n|---|---|---|---|---|---|---|---|---|")
                measure(page, pens, "idle")
                page.get_by_role("slider", name="Epochs").fill("50")
                page.get_by_role("button", name="Retrain").click()
                expect(page.get_by_text("Epoch 1 of 50")).to_be_visible(timeout=60_000)
                measure(page, pens, "training")
                expect(page.get_by_role("button", name="Stop")).to_be_enabled()  # it was training all the while
                browser.close()
        finally:
            server.terminate()
            server.communicate(timeout=20)


if __name__ == "__main__":
    main()
