"""What a stranger may send: bodies made up by Hypothesis, spoilt files, and pictures that cost more than they weigh."""

import base64
import io
import string
import struct
import zlib
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import numpy as np
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

KEY = "0" * 63 + "1"
WORDS = [
    *("lenet5", "lenet5-1998", "lenet6", "hf:a/b", "live:x:1", KEY, f"{KEY}@0", KEY[:9], "../../etc/passwd", "\ud800"),
    *("list", "rename", "delete", "curves", "weights", "read", "report", "cell", "point", "perturb", "rotation", "NaN"),
    *("mnist", "sample", "auto", "adam", "current", "scratch", "x" * 5000, r"$\frac{$", "<script>", "%s{0}", "\0"),
]
NAMES = [
    *("do", "keys", "model", "picture", "raw", "from", "label", "digit", "kind", "image", "network", "pruned", "title"),
    *("form", "key", "epochs", "batch", "rate", "data", "optimizer", "start", "augment", "token", "strokes", "width"),
]
PLACES = [
    *("", "assets/", "static/", "static/fonts/", "_app/", "config", "theme.css", "favicon.ico", "healthz", "logout"),
    *("gradio_api/info", "gradio_api/startup-events", "gradio_api/user", "gradio_api/app_id", "gradio_api/mcp/schema"),
    *("gradio_api/lenet/", "gradio_api/lenet/weights/", "gradio_api/lenet/weights/lenet5/", "gradio_api/lenet/0/"),
    *("gradio_api/call/classify/", "gradio_api/call/classify/x", "gradio_api/queue/data", "gradio_api/queue/status"),
    *("login/huggingface", "login/callback", "gradio_api/file="),
]
HEADERS = [
    *("Host", "X-Forwarded-Host", "X-Forwarded-For", "X-Forwarded-Proto", "X-Gradio-Server", "X-Lenet-Relayed"),
    *("Accept", "Accept-Encoding", "Accept-Language", "Range", "If-None-Match", "If-Modified-Since", "If-Range"),
    *("Cookie", "Authorization", "Origin", "Referer", "Sec-Fetch-Site", "User-Agent"),
]
ODD = ["a:b:c", "[::", "a:99999", "http://", "bytes=0-1,5-,-3", "bytes=9-1", "gzip;q=x", "*", "8.8.8.8, x", "a" * 5000]
values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**40), 10**40),
    st.floats(allow_nan=False),
    st.text(max_size=50),
    st.sampled_from(WORDS),
    st.binary(max_size=300).map(lambda content: base64.b64encode(content).decode()),
)
anything = st.recursive(
    values,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=9), inner),
    max_leaves=12,
)
messages = st.dictionaries(st.sampled_from(NAMES), values | st.lists(values, max_size=4) | anything, max_size=6)


def calls(components: dict[int, list[str]]) -> st.SearchStrategy[dict[str, Any]]:
    """Calls of server functions, some of which are there."""
    known = [(number, name) for number, names in components.items() for name in names]
    return st.builds(
        lambda call, data, more: (
            {"component_id": call[0], "fn_name": call[1], "data": data, "session_hash": "s"} | more
        ),
        st.sampled_from(known) | st.tuples(values, values),
        messages | anything,
        st.just({"session_hash": "s"})
        | st.dictionaries(st.sampled_from(["session_hash", "fn_name", "component_id", "data"]), anything),
    )


def events(functions: list[int]) -> st.SearchStrategy[dict[str, Any]]:
    """Events of the page, some of which are there."""
    return st.fixed_dictionaries(
        {"fn_index": st.sampled_from(functions) | values, "data": st.lists(anything, max_size=3) | anything},
        optional={
            "event_data": messages | anything,
            "session_hash": st.text(max_size=9) | anything,
            "trigger_id": anything,
        },
    )


def addresses() -> st.SearchStrategy[str]:
    """Paths with queries, some of which are there."""
    long = st.builds(
        lambda part, times: part * times, st.sampled_from(["a", "a/", "../", "%", "é"]), st.integers(1, 5000)
    )
    more = (
        st.text(max_size=300)
        | long
        | st.sampled_from(["?session_hash=x", "?__theme=dark", "%00", "//", "?" + "&" * 999])
    )
    return st.builds(lambda place, end: place + quote(end, safe="/?=&%"), st.sampled_from(PLACES), st.just("") | more)


def headers() -> st.SearchStrategy[dict[str, str]]:
    """Headers of a request, of what HTTP lets through."""
    printable = st.text(string.ascii_letters + string.digits + string.punctuation, max_size=60)
    return st.dictionaries(st.sampled_from(HEADERS), printable | st.sampled_from(ODD), max_size=4)


spoiling = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=20)  # where in a file, and the byte there
cutting = st.floats(0, 1)  # of the file that is left, if below a half


def spoilt(content: bytes, changes: list[tuple[float, int]], left: float) -> bytes:
    """A file with some bytes changed, more of them near its beginning, and perhaps its end cut off."""
    damaged = bytearray(content)
    for place, byte in changes:
        damaged[int(place**3 * (len(damaged) - 1))] = byte
    return bytes(damaged[: int(left * len(damaged))] if left < 0.5 else damaged)


def pictures() -> list[bytes]:
    """A good picture in each form that is accepted."""
    noise = np.random.default_rng(0).integers(0, 255, (200, 300, 3), dtype=np.uint8)
    image = Image.fromarray(noise)
    return [
        _saved(image, "PNG"),
        _saved(image.convert("LA"), "PNG"),
        _saved(image.quantize(16), "PNG"),
        _saved(image, "JPEG", progressive=True),
        _saved(image, "WEBP"),
        _saved(image, "WEBP", lossless=True),
    ]


def bomb(name: str) -> bytes:
    """A picture that costs much to decode, by its name in BOMBS."""
    noise = np.random.default_rng(1).integers(0, 255, (1000, 1000, 4), dtype=np.uint8)
    return BOMBS[name](Image.fromarray(noise), Image.new("RGB", (1000, 1000)))


def _much_text(noise: Image.Image, blank: Image.Image) -> bytes:
    text = PngImagePlugin.PngInfo()
    for _ in range(40):
        text.add_text("a", "b" * 1_000_000, zip=True)
    return _saved(blank, "PNG", pnginfo=text)


def _animated(form: str) -> Callable[[Image.Image, Image.Image], bytes]:
    frames = [Image.new("RGB", (1000, 1000), (number, 0, 0)) for number in range(60)]
    return lambda noise, blank: _saved(blank, form, save_all=True, append_images=frames)


def _saved(image: Image.Image, form: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def _scans(jpeg: bytes, count: int) -> bytes:
    """A progressive JPEG whose last scan comes again and again."""
    last = jpeg[jpeg.rindex(b"\xff\xda") : -2]
    return jpeg[:-2] + last * (count - jpeg.count(b"\xff\xda")) + jpeg[-2:]


def _claiming(side: int) -> bytes:
    """A PNG of a few bytes that says it is this wide and high."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(9))) + chunk(b"IEND", b"")


BOMBS: dict[str, Callable[[Image.Image, Image.Image], bytes]] = {  # of noise and of nothing, a megapixel each
    "transparent PNG of 50 megapixels": lambda noise, blank: _saved(Image.new("RGBA", (7071, 7071)), "PNG"),
    "PNG of a megapixel": lambda noise, blank: _saved(noise, "PNG"),
    "PNG with 40 MB of text": _much_text,
    "PNG that claims 900 megapixels": lambda noise, blank: _claiming(30_000),
    "animated PNG": _animated("PNG"),
    "JPEG of 300 scans": lambda noise, blank: _scans(_saved(noise.convert("RGB"), "JPEG", progressive=True), 300),
    "JPEG of 40 scans": lambda noise, blank: _scans(_saved(noise.convert("RGB"), "JPEG", progressive=True), 40),
    "animated WebP": _animated("WEBP"),
    "WebP of a megapixel": lambda noise, blank: _saved(noise, "WEBP", lossless=True, method=0),
}
