import base64
from collections.abc import Callable
from contextlib import ExitStack, aclosing, suppress
from io import BytesIO
from typing import Any

import gradio as gr
import pytest
from awaiting import awaited
from PIL import Image, ImageDraw
from training import QUICK, trained
from visiting import a_request

from lenet import networks
from lenet.digits import mnist
from lenet.digits.preprocessing import preprocess_drawing, preprocess_picture
from lenet.digits.strokes import parse_drawing
from lenet.runs import models
from lenet.ui import api, build, form, threads
from lenet.ui.answers import BusyError
from lenet.ui.pages import runs, testset
from lenet.ui.photo import MAX_PICTURE
from lenet.ui.queue import MAX_TICKETS, TrainingQueue

SEVEN = {"strokes": [[[0, 0], [100, 0], [40, 160]]]}


def picture(kind: str = "PNG", colour: str = "blue") -> str:
    """A 7 on paper, as a file in base64."""
    image, file = Image.new("RGB", (120, 160), "white"), BytesIO()
    ImageDraw.Draw(image).line([(30, 30), (90, 30), (50, 130)], fill=colour, width=9)
    image.save(file, kind)
    return base64.b64encode(file.getvalue()).decode()


def refused(call: Callable[[], Any]) -> str:
    """The sentence that a program is told."""
    with pytest.raises(api.Refusal) as refusal:
        call()
    assert str(refusal.value) == refusal.value.message
    return refusal.value.message


def streamed(recipe: Any, queue: TrainingQueue | None = None) -> list[dict[str, Any]]:
    """All parts of a training's stream."""

    async def gathered() -> list[dict[str, Any]]:
        async with aclosing(api.trainer(queue or TrainingQueue())(recipe, a_request())) as parts:
            return [part async for part in parts]

    return awaited(gathered())


@pytest.mark.parametrize("model", ["lenet5", "lenet5-1998", "lenet-rgb"])
def test_strokes_are_classified_as_the_command_line_classifies_them(drawings, model: str) -> None:
    network, threshold = models.load_model(model), models.load_run(model).threshold
    for drawing in drawings[:10]:
        logits = networks.infer(network, preprocess_drawing(parse_drawing(drawing)).image[None])
        answer = api.classify(drawing, model)
        assert answer == {
            "digit": int(logits.argmax()),
            "probabilities": network.probabilities(logits)[0].tolist(),
            "confidence": float(network.confidence(logits)),
            "rejected": bool(network.confidence(logits) < threshold),
            "threshold": threshold,
            "model": model,
        }


@pytest.mark.parametrize("name", ["{}", "{}@3", "lenet5@{}", "hf:{}/b"])
def test_a_name_without_end_is_not_told_back_whole(name: str) -> None:
    for call in (api.classify, lambda drawing, model: api.report(model)):
        assert len(refused(lambda call=call: call(SEVEN, name.format("x" * 5_000_000)))) < 2000


def test_a_scribble_is_rejected() -> None:
    scribble = [[[x * 10 % 97, x * 37 % 89] for x in range(40)]]
    assert api.classify({"strokes": scribble})["rejected"] is True
    assert api.classify(SEVEN)["rejected"] is False


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WebP"])
def test_a_picture_is_a_file_in_base64_or_a_data_url(kind: str) -> None:
    text = picture(kind)
    answer = api.classify(text)
    assert answer["digit"] == 7
    assert api.classify(f"data:image/{kind.lower()};base64,{text}") == answer
    assert api.classify("\n".join([text[:70], text[70:], ""])) == answer


def test_a_network_of_three_channels_sees_colours() -> None:
    with Image.open(BytesIO(base64.b64decode(picture(colour="red")))) as image:
        found = preprocess_picture(image, colours=True)
    network = models.load_model("lenet-rgb")
    logits = networks.infer(network, found.colours[None])
    assert (
        api.classify(picture(colour="red"), "lenet-rgb")["probabilities"] == network.probabilities(logits)[0].tolist()
    )


@pytest.mark.parametrize("empty", [{"strokes": []}, picture(colour="white")], ids=["strokes", "picture"])
def test_nothing_drawn_is_no_digit(empty: Any) -> None:
    answer = api.classify(empty)
    assert {answer[name] for name in ("digit", "probabilities", "confidence", "rejected")} == {None}


@pytest.mark.parametrize(
    ("drawing", "model", "says"),
    [
        (None, "lenet5", "A drawing is"),
        ({"strokes": [[[0]]]}, "lenet5", "[0] is not a point"),
        ("AAAA", "lenet5", "The image is damaged"),
        ("A" * (MAX_PICTURE + 1), "lenet5", "too large to send"),
        ("https://example.org/7.png", "lenet5", "The image is damaged"),
        ({"path": "/etc/hosts", "meta": {"_type": "gradio.FileData"}}, "lenet5", "A drawing is"),
        (SEVEN, "lenet6", "No network or run is called “lenet6”"),
        (SEVEN, "live:token:1", "No network or run is called"),
        (SEVEN, "../../etc/hosts", "No network or run is called"),
        (SEVEN, None, "A model is named by text"),
        (SEVEN, ["lenet5"], "A model is named by text"),
    ],
)
def test_what_cannot_be_classified_is_told_in_a_sentence(drawing: Any, model: Any, says: str) -> None:
    assert says in refused(lambda: api.classify(drawing, model))


def test_a_run_is_named_by_its_key_or_the_start_of_it(little) -> None:
    run = trained(QUICK, little).run
    assert api.classify(SEVEN, run.key[:8]) == api.classify(SEVEN, run.key)
    assert api.classify(SEVEN, run.key)["threshold"] == run.threshold
    assert api.classify(SEVEN, f"{run.key[:8]}@0")["model"] == f"{run.key}@0"


def test_networks_are_those_of_the_command_line() -> None:
    told = api.networks()
    assert [network["name"] for network in told] == [*networks.REGISTRY]
    assert told[0] == {"name": "lenet5", **models.summary("lenet5")}
    assert told[0]["accuracy"] == models.load_run("lenet5").accuracy
    assert next(network for network in told if network["name"] == "lenet-28-relu")["accuracy"] is None


def test_a_report_has_the_figures_of_the_test_set_tab(sample) -> None:
    figures = testset.report("lenet1-1989", "sample")
    told = api.report("lenet1-1989")
    assert told == {"model": "lenet1-1989"} | {name: figures[name] for name in api.FIGURES}


def test_models_of_one_run_are_tested_once_under_the_whole_name(sample, little, monkeypatch) -> None:
    run = trained(QUICK, little).run
    api.report(run.key)
    monkeypatch.setattr(networks, "infer", lambda *arguments: pytest.fail("tested twice"))
    assert api.report(run.key[:8])["model"] == run.key


def test_a_report_takes_turns_with_who_draws(sample, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "PATIENCE", 0.01)
    testset.logits.cache_clear()
    with threads.slow_turn(), threads.slow_turn():
        assert refused(lambda: api.report("lenet-28")) == "The server is busy. Try again in a moment."


@pytest.mark.parametrize(("calls", "call"), [("_short", api.networks), ("_long", api.report)])
def test_what_is_too_much_at_once_is_told_to_come_again(calls: str, call: Callable[[], Any]) -> None:
    turn = getattr(api, calls)
    with ExitStack() as taken:
        with suppress(BusyError):
            while True:
                taken.enter_context(turn())
        assert refused(call) == "The server is busy. Try again in a moment."
    call()


def test_what_nobody_foresaw_tells_no_path(monkeypatch: pytest.MonkeyPatch, caplog) -> None:
    def fail(name: str) -> dict[str, Any]:
        raise RuntimeError("in /root/secret.py")

    monkeypatch.setattr(api, "describe", fail)
    assert refused(lambda: api.classify(SEVEN)) == "The server failed at this request. Its log says why."
    assert "secret" in caplog.text


def test_trouble_with_files_tells_no_path(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(name: str) -> dict[str, Any]:
        raise PermissionError(13, "Permission denied", "/root/secret")

    monkeypatch.setattr(api, "describe", fail)
    assert "Permission denied" in (said := refused(lambda: api.classify(SEVEN)))
    assert "secret" not in said


def test_a_training_streams_its_progress_and_ends_with_its_run(little, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mnist, "load", lambda choice: little)
    *parts, last = streamed({"data": "sample", "epochs": 2})
    assert [part["progress"] for part in parts] == sorted(part["progress"] for part in parts)
    assert all(part == last or (part["state"], part["run"]) == ("training", None) for part in parts)
    assert (last["state"], last["progress"]) == ("done", 1.0)
    run = models.load_run(last["run"]["key"])
    assert last["run"] == runs.row(run)
    assert f"({run.correct} of {run.total})" in last["message"]
    *_, continued = streamed({"data": "sample", "epochs": 1, "start": run.key[:8]})
    assert continued["run"]["start"] == run.key


@pytest.mark.parametrize(
    ("recipe", "says"),
    [
        (None, "A recipe is an object. Its fields, all optional: network, data, epochs"),
        ({"speed": 1}, "A recipe is an object"),
        ({"epochs": 3}, "Epochs must be a whole number from 1 to 2."),
        ({"data": "mnist"}, "Data must be one of: auto, mnist+pens, sample."),
        ({"start": "lenet6"}, "No network or run is called “lenet6”"),
        ({"start": 6}, "A model is named by text"),
        ({"network": "lenet-28", "start": "lenet5"}, "can't start from the weights of lenet5"),
    ],
)
def test_the_bounds_of_the_page_are_those_of_programs(recipe: Any, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LENET_MAX_EPOCHS", "2")
    assert says in refused(lambda: streamed(recipe))


def test_a_program_waits_in_the_queue_of_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    queue = TrainingQueue()
    queue.join()

    async def first() -> dict[str, Any]:
        async with aclosing(api.trainer(queue)({}, a_request())) as parts:
            return await anext(parts)

    assert awaited(first())["state"] == "waiting"
    for _ in range(1, MAX_TICKETS):
        queue.join()
    assert "The training queue is full" in refused(lambda: streamed({}, queue))


@pytest.mark.parametrize(("setting", "trains"), [("", []), ("0", []), ("1", ["train"])])
def test_no_endpoint_is_public_but_these(setting: str, trains: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LENET_PUBLIC_TRAIN", setting)

    async def built() -> gr.Blocks:
        return build()

    page = awaited(built())
    public = ["classify", "networks", "report", *trains]
    assert [fn.api_name for fn in page.fns.values() if fn.api_visibility != "private"] == public
    assert [*page.get_api_info(all_endpoints=True)["named_endpoints"]] == [f"/{name}" for name in public]
    assert not page.api_open


def test_the_description_of_a_recipe_names_every_field_of_the_form() -> None:
    described = api.trainer(TrainingQueue()).__doc__
    assert [name for name in form.NAMES if f" {name}" not in described] == []
