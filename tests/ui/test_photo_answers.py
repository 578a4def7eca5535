import base64
from io import BytesIO

import numpy as np
import pytest
import torch
from PIL import Image
from said import said

from lenet.digits.preprocessing import preprocess_picture
from lenet.errors import InvalidError
from lenet.ui import threads
from lenet.ui.photo import parse_image, photo


def encoded(image: Image.Image, kind: str = "PNG") -> str:
    file = BytesIO()
    image.save(file, kind)
    return base64.b64encode(file.getvalue()).decode()


def decoded(text: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), np.uint8)


def test_a_photo_becomes_the_input_by_the_steps_of_preprocessing(sample) -> None:
    picture = Image.fromarray(255 - sample.test.images[5].numpy()).resize((320, 320))
    answer = photo({"picture": encoded(picture)})
    wanted = preprocess_picture(picture)
    assert wanted is not None
    assert decoded(answer["image"]).tolist() == wanted.image.flatten().tolist()
    assert answer["placement"] == [wanted.scale, wanted.left, wanted.top]
    assert [stage["name"] for stage in answer["stages"]] == ["original", "cropped", "scaled", "centred"]
    for stage, grey in zip(answer["stages"], wanted.stages, strict=True):
        assert (stage["rows"], stage["columns"]) == grey.grey.shape
        assert decoded(stage["values"]).tolist() == grey.grey.flatten().tolist()


def test_without_preprocessing_a_photo_is_only_shrunk(sample) -> None:
    picture = encoded(Image.fromarray(255 - sample.test.images[5].numpy()).resize((320, 320)))
    answer = photo({"picture": picture, "raw": True})
    assert [stage["name"] for stage in answer["stages"]] == ["original", "shrunk"]
    assert answer["colours"] is None


def test_a_photo_keeps_the_colours_of_its_ink(sample) -> None:
    image = sample.test.images[0].numpy()
    red_on_white = Image.fromarray(np.stack([np.full_like(image, 255), 255 - image, 255 - image], -1))
    red, green, blue = decoded(photo({"picture": encoded(red_on_white)})["colours"]).reshape(3, 32, 32)
    assert red.max() == 0 < green.max() == blue.max()


def test_an_empty_sheet_is_no_digit() -> None:
    assert photo({"picture": encoded(Image.new("L", (200, 200), 255))}) == {"image": None}


def blank(side: int, kind: str = "PNG") -> str:
    return encoded(Image.new("L", (side, side)), kind)


@pytest.mark.parametrize(
    ("message", "says"),
    [
        (None, "too large to send"),
        ({}, "too large to send"),
        ({"picture": 5}, "too large to send"),
        ({"picture": "A" * 5_900_001}, "too large to send"),
        ({"picture": "seven!"}, "The image is damaged"),
        ({"picture": base64.b64encode(b"seven").decode()}, "The image is damaged"),
        ({"picture": blank(8_000)}, "The image is 8,000×8,000 pixels; the limit is 1,000,000 pixels"),
        ({"picture": blank(100, "GIF")}, "The image is damaged"),
        ({"picture": blank(100, "EPS")}, "The image is damaged"),
    ],
)
def test_what_is_no_photo_comes_back_as_a_word(message: object, says: str) -> None:
    answer = photo(message)
    assert says in said(answer.pop("error"))
    assert answer == {}


def test_a_crowd_is_told_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lenet.ui.threads.PATIENCE", 0.01)
    with threads.photo_turn(), threads.photo_turn():
        answer = photo({"picture": blank(10)})
    assert answer == {"error": {"key": "server.busy", "values": {}}, "again": True}


def test_an_input_comes_back_as_it_was_sent(sample) -> None:
    image = sample.test.images[3]
    assert torch.equal(parse_image(base64.b64encode(image.numpy().tobytes()).decode()), image)


@pytest.mark.parametrize("text", [None, 5, "", "seven!", base64.b64encode(bytes(784)).decode()])
def test_what_is_no_input_is_refused(text: object) -> None:
    with pytest.raises(InvalidError, match=r"1,024 bytes"):
        parse_image(text)
