"""The browser's engine against torch: every layer, every kind of unit, saliency; and files of weights it refuses."""

import json
import random
from collections.abc import Iterator
from copy import deepcopy
from itertools import pairwise
from math import ceil, floor

import numpy as np
import pytest
import torch
from engine import ask, distance, from_base64, open_engine, to_base64
from playwright.sync_api import Browser, Page
from torch import nn
from torch.nn.functional import pad

from lenet import networks
from lenet.digits.preprocessing import preprocess_drawing
from lenet.digits.strokes import parse_drawing
from lenet.networks import pruning
from lenet.networks.activations import saliency, trace
from lenet.networks.layers import RBF, Subsample, TableConv2d
from lenet.runs import models
from lenet.ui import weights

CLOSE = 1e-4  # of a layer's largest value
UNITS = 40  # of a network


@pytest.fixture(scope="module")
def engine(browser: Browser) -> Iterator[Page]:
    with open_engine(browser) as page:
        yield page


@pytest.fixture(params=networks.REGISTRY)
def name(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def network(name: str) -> networks.LeNet:
    if name in models.pretrained():
        return models.load_model(name)
    return networks.create(name, torch.Generator().manual_seed(1)).eval().requires_grad_(False)


@pytest.fixture
def file(name: str, network) -> str:
    return to_base64(np.frombuffer(weights.encode(name, network.state_dict()), np.uint8))


@pytest.fixture
def images(sample, drawings) -> torch.Tensor:
    """40 of MNIST's digits, a blank and a full image, and 20 beginnings of a drawing."""
    stroke = drawings[7]["strokes"][0]
    beginnings = [stroke[: 1 + i * len(stroke) // 20] for i in range(20)]
    drawn = [preprocess_drawing(parse_drawing({"strokes": [some]})).image for some in beginnings]
    plain = [torch.full((32, 32), ink, dtype=torch.uint8) for ink in (0, 255)]
    return torch.stack([*sample.test.images[:40], *plain, *drawn])


def test_every_layer_is_torchs(engine: Page, name: str, network, file: str, images) -> None:
    found = ask(engine, "run", file, [to_base64(image.numpy()) for image in images])
    for image, ours in zip(images, found, strict=True):
        wanted = trace(network, image)
        np.testing.assert_allclose(ours["probabilities"], wanted.probabilities, atol=CLOSE)
        assert ours["confidence"] == pytest.approx(wanted.confidence, abs=CLOSE)
        assert [*ours["layers"]] == [*network.layers]
        for layer, (raw, values) in ours["layers"].items():
            assert distance(from_base64(raw), wanted.raw[layer]) <= CLOSE
            assert distance(from_base64(values), wanted.layers[layer]) <= CLOSE


def test_colours_are_seen_by_the_network_that_can(engine: Page) -> None:
    colour = torch.randint(0, 256, (3, 32, 32), dtype=torch.uint8, generator=torch.Generator().manual_seed(2))
    content = np.frombuffer(weights.weights_file("lenet-rgb"), np.uint8)
    (found,) = ask(engine, "run", to_base64(content), [to_base64(colour.numpy())])
    wanted = trace(models.load_model("lenet-rgb"), colour)
    assert distance(from_base64(found["layers"]["C1"][1]), wanted.layers["C1"]) <= CLOSE
    np.testing.assert_allclose(found["probabilities"], wanted.probabilities, atol=CLOSE)


def test_half_precision_is_close_enough_to_watch_a_training(engine: Page, sample) -> None:
    network = models.load_model("lenet5")
    content = np.frombuffer(weights.encode("lenet5", network.state_dict(), half=True), np.uint8)
    assert len(content) < 0.55 * len(weights.weights_file("lenet5"))
    found = ask(engine, "run", to_base64(content), [to_base64(image.numpy()) for image in sample.test.images[:20]])
    for image, ours in zip(sample.test.images, found, strict=False):
        np.testing.assert_allclose(ours["probabilities"], trace(network, image).probabilities, atol=0.01)


def test_saliency_is_torchs_gradient(engine: Page, network, file: str, sample) -> None:
    image = sample.test.images[1]
    for digit, found in enumerate(ask(engine, "saliency", file, to_base64(image.numpy()))):
        wanted = saliency(network, image, digit)
        assert distance(from_base64(found) / 255, wanted) <= CLOSE  # there of a byte, here of all the ink


@pytest.mark.parametrize("name", ["lenet5", "lenet5-1998", "lenet1-1989", "lenet-rgb"])
def test_kernels_are_those_of_a_grey_image_and_can_be_cut(engine: Page, name: str, network, file: str, sample) -> None:
    layer, there = pruning.table_layer(network), pruning.connection_table(network).nonzero().tolist()
    cut = [(map, source) for map, source in there if source != 2]
    image = sample.test.images[1]
    found = ask(engine, "kernels", file, to_base64(image.numpy()), layer, cut)
    first = network.get_submodule(network.layers[0]).weight.detach().sum(1)
    assert distance(from_base64(found["kernels"]), first) <= CLOSE
    wanted = trace(pruning.prune(network, cut), image).probabilities
    np.testing.assert_allclose(found["probabilities"], wanted, atol=CLOSE)


def places(network: networks.LeNet) -> list[list]:
    """Units of every layer, first, last and at random: layer, map, row, column, from 1."""
    chance, blank = random.Random(5), torch.zeros(32, 32, dtype=torch.uint8)
    shapes = {layer: (*values.shape, 1, 1)[:3] for layer, values in trace(network, blank).layers.items()}
    ends = [[layer, *edge] for layer, shape in shapes.items() for edge in ((1, 1, 1), shape)]
    some = chance.choices([*shapes], k=UNITS)
    return ends + [[layer, *(chance.randint(1, size) for size in shapes[layer])] for layer in some]


def test_every_kind_of_unit_is_explained_as_torch_computes_it(engine: Page, network, file: str, sample) -> None:
    image = sample.test.images[1]
    seen, asked = trace(network, image), places(network)
    for place, unit in zip(asked, ask(engine, "explain", file, to_base64(image.numpy()), asked), strict=True):
        layer, where = place[0], tuple(number - 1 for number in place[1:])
        module, before = network.get_submodule(layer), dict(pairwise(reversed(network.layers))).get(layer)
        inputs = seen.layers[before] if before else network.preprocess(image[None])[0]
        values, raw = (tensors[layer].reshape(-1, *(*seen.layers[layer].shape[1:], 1, 1)[:2]) for tensors in
                       (seen.layers, seen.raw))  # fmt: skip
        squashed = layer in network.squashed and before not in network.squashed_late
        assert unit["value"] == pytest.approx(float(values[where]), abs=1e-4)
        assert unit["total"] == pytest.approx(float((raw if squashed else values)[where]), abs=1e-4)
        assert unit["activation"] == (network.activation if squashed else None)
        assert (unit["source_layer"], unit["map"]) == (before or "", place[1])
        expect_sources(unit, module, inputs, where)
        expect_sum(unit)


def expect_sources(unit: dict, module: nn.Module, inputs: torch.Tensor, where: tuple[int, ...]) -> None:
    """The maps, values and kernels that torch would use."""
    for source in unit["sources"]:
        values, kernel = np.array(source["values"]), source["kernel"]
        from_map = source["map"] - 1
        if isinstance(module, nn.Linear | RBF):
            weight = (module.weight if isinstance(module, nn.Linear) else module.codes)[where[0]].view_as(inputs)
            np.testing.assert_allclose(values.ravel(), inputs[from_map].ravel(), atol=1e-4)
            np.testing.assert_allclose(np.ravel(kernel), weight[from_map].ravel(), atol=1e-6)
            continue
        size = module.kernel_size if isinstance(module.kernel_size, int) else module.kernel_size[0]
        stride = module.stride if isinstance(module.stride, int) else module.stride[0]
        edge = module.padding if isinstance(module.padding, int) else module.padding[0]
        around = pad(inputs, [edge] * 4, value=getattr(module, "padding_value", 0.0))
        top, left = where[1] * stride, where[2] * stride
        wanted = around[from_map, top : top + size, left : left + size]
        np.testing.assert_allclose(values, wanted, atol=1e-4)
        if isinstance(module, nn.Conv2d | TableConv2d):
            np.testing.assert_allclose(kernel, module.weight[where[0], from_map], atol=1e-6)
        elif isinstance(module, Subsample):
            assert np.unique(kernel).tolist() == pytest.approx([float(module.weight[where[0]])])


def expect_sum(unit: dict) -> None:
    """All that is listed adds up to the value."""
    if unit["kind"] == "max":
        assert unit["total"] == max(np.ravel(source["values"]).max() for source in unit["sources"])
    else:
        parts = sum(source["contribution"] for source in unit["sources"])
        assert unit["total"] == pytest.approx(parts + (unit["bias"] or 0.0), abs=1e-3)


def test_a_receptive_field_is_what_the_unit_depends_on(engine: Page, network, file: str, sample) -> None:
    asked = places(network)
    image = sample.test.images[1]
    for place, unit in zip(asked, ask(engine, "explain", file, to_base64(image.numpy()), asked), strict=True):
        assert unit["receptive_field"] == pixels_of(network, place[0], tuple(number - 1 for number in place[1:]))


def pixels_of(network: networks.LeNet, layer: str, where: tuple[int, ...]) -> list[int]:
    """Top, left, height and width of the image's pixels for whose inputs a unit's gradient is not 0.

    With nothing squashed, positive weights, and means for maxima, of which one input alone has a gradient.
    """
    x = inputs = torch.rand(1, *network.input.shape, dtype=torch.double).add(0.5).requires_grad_()
    for name in network.layers[: network.layers.index(layer) + 1]:
        module = deepcopy(network.get_submodule(name)).double()
        for values in module.parameters():
            values.data = values.data.abs() + 0.1
        if isinstance(module, nn.MaxPool2d):
            module = nn.AvgPool2d(module.kernel_size)
        x = module(x.flatten(1) if isinstance(module, nn.Linear | RBF) else x)
    (gradient,) = torch.autograd.grad(x.view(*x.shape[1:], *[1] * (4 - x.dim()))[where], inputs)
    rows, columns = (gradient[0].any(0).any(axis).nonzero().flatten().tolist() for axis in (1, 0))
    crop, pixel = network.input.crop, network.input.pixel
    (top, bottom), (left, right) = (
        (floor(crop + some[0] * pixel), ceil(crop + (some[-1] + 1) * pixel)) for some in (rows, columns)
    )
    return [top, left, bottom - top, right - left]


def test_a_unit_that_is_not_there_is_none(engine: Page) -> None:
    content = to_base64(np.frombuffer(weights.weights_file("lenet5"), np.uint8))
    wrong = [["C2", 1, 1, 1], ["C1", 7, 1, 1], ["C1", 1, 0, 1], ["F6", 1, 2, 1], ["output", 11, 1, 1]]
    assert ask(engine, "explain", content, to_base64(np.zeros(1024, np.uint8)), wrong) == [None] * len(wrong)


def spoilt() -> dict[str, bytes]:
    whole = weights.weights_file("lenet5")
    length = int.from_bytes(whole[:8], "little")
    header = json.loads(whole[8 : 8 + length])
    not_a_number = bytearray(whole)
    not_a_number[-4:] = np.float32(np.nan).tobytes()

    def with_header(changed: object) -> bytes:
        text = json.dumps(changed).encode()
        return len(text).to_bytes(8, "little") + text + whole[8 + length :]

    plan = json.loads(header["__metadata__"]["plan"])
    newer = {**header, "__metadata__": {"plan": json.dumps({**plan, "version": 2})}}
    missing = {key: value for key, value in header.items() if key != "C1.bias"}
    return {
        "empty": b"",
        "no header": whole[:7],
        "half a header": whole[:100],
        "truncated": whole[:-1],
        "half": whole[: len(whole) // 2],
        "longer": whole + b"\0",
        "not a number": bytes(not_a_number),
        "no plan": with_header({**header, "__metadata__": {}}),
        "no JSON": whole[:8] + b"x" * length + whole[8 + length :],
        "a tensor missing": with_header(missing),
        "another length": (2**62).to_bytes(8, "little") + whole[8:],
        "newer": with_header(newer),
    }


@pytest.mark.parametrize("how", spoilt())
def test_a_file_that_is_not_whole_is_refused_with_a_word(engine: Page, how: str) -> None:
    reason = ask(engine, "read", to_base64(np.frombuffer(spoilt()[how], np.uint8)))
    assert reason == {"key": "weights.version" if how == "newer" else "weights.damaged", "values": {}}
    assert ask(engine, "read", to_base64(np.frombuffer(weights.weights_file("lenet5"), np.uint8))) is None
