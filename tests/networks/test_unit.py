import pytest
import torch

from lenet import networks
from lenet.networks import unit
from lenet.networks.activations import saliency, trace


@pytest.fixture
def network() -> networks.LeNet:
    return networks.create("lenet5", torch.Generator().manual_seed(0)).eval().requires_grad_(False)


@pytest.fixture
def image() -> torch.Tensor:
    return torch.randint(0, 256, (32, 32), dtype=torch.uint8, generator=torch.Generator().manual_seed(1))


def seen_by(network: networks.LeNet, layer: str, where: tuple[int, ...]) -> list[int]:
    """Top, left, height, width of the pixels that a unit really depends on: where its gradient is not zero."""
    x = torch.randn(1, 1, 32, 32, requires_grad=True)
    values, outputs = x, {}
    network.squash = lambda values: values  # a unit that is off depends on nothing
    for name in ("C1", "S2", "C3", "S4", "C5"):
        module = network.get_submodule(name)
        if isinstance(module, torch.nn.MaxPool2d):  # of a maximum, only one input has a gradient
            module = torch.nn.AvgPool2d(module.kernel_size)
        values = outputs[name] = module(values)
    (gradient,) = torch.autograd.grad(outputs[layer][(0, *where)], x)
    rows, columns = (torch.nonzero(gradient[0, 0].any(dim=axis)).flatten().tolist() for axis in (1, 0))
    return [rows[0], columns[0], len(rows), len(columns)]


@pytest.mark.parametrize(
    ("layer", "where"),
    [
        ("C1", (0, 0, 0)),
        ("C1", (5, 27, 13)),
        ("S2", (2, 13, 0)),
        ("C3", (7, 9, 4)),
        ("S4", (15, 4, 2)),
        ("C5", (119, 0, 0)),
    ],
)
def test_a_unit_sees_the_pixels_that_its_value_depends_on(network, image, layer: str, where: tuple) -> None:
    found = unit.unit(network, image, trace(network, image), layer, *(place + 1 for place in where))
    assert list(found.receptive_field) == seen_by(network, layer, where)


def test_the_windows_are_the_papers() -> None:
    sizes = {name: window.size for name, window in unit.receptive_fields(networks.modern.LeNet5()).items()}
    assert sizes == {"C1": 5, "S2": 6, "C3": 14, "S4": 16, "C5": 32, "F6": 32, "output": 32}


def test_padding_is_clipped_at_the_border() -> None:
    padded = networks.modern.LeNet5()
    padded.C1 = torch.nn.Conv2d(1, 6, 5, padding=2)
    window = unit.receptive_fields(padded)["C1"]
    assert window.span(0) == (0, 3)
    assert window.span(10) == (8, 5)
    assert window.span(31) == (29, 3)


@pytest.mark.parametrize(("layer", "count"), [("C1", 1), ("C3", 6), ("C5", 16)])
def test_shares_and_bias_add_up_to_the_value(network, image, layer: str, count: int) -> None:
    seen = trace(network, image)
    for map in range(1, 5):
        found = unit.unit(network, image, seen, layer, map)
        assert len(found.sources) == count
        for source in found.sources:
            assert source.values.shape == source.kernel.shape == (5, 5)
            assert source.contribution == pytest.approx(float((source.values * source.kernel).sum()))
        assert sum(source.contribution for source in found.sources) + found.bias == pytest.approx(found.total, abs=1e-5)
        assert found.value == pytest.approx(max(0.0, found.total))
        assert found.value == pytest.approx(float(seen.layers[layer][map - 1, 0, 0]))


def test_a_pooling_unit_is_the_largest_of_four(network, image) -> None:
    seen = trace(network, image)
    found = unit.unit(network, image, seen, "S2", 3, 5, 7)
    (source,) = found.sources
    assert (source.map, source.kernel) == (3, None)
    assert torch.equal(source.values, seen.layers["C1"][2, 8:10, 12:14])
    assert found.value == float(source.values.max())


def test_a_full_connection_has_a_value_and_sees_everything(network, image) -> None:
    seen = trace(network, image)
    found = unit.unit(network, image, seen, "F6", 84)
    assert (found.receptive_field, found.source_layer) == ((0, 0, 32, 32), "C5")
    assert found.value == float(seen.layers["F6"][83])
    shares = seen.layers["C5"].flatten() * network.F6.weight[83]
    assert found.total == pytest.approx(float(shares.sum()) + found.bias, abs=1e-5)
    assert [source.contribution for source in found.sources] == pytest.approx(
        [float(shares[place]) for place in shares.abs().argsort(descending=True)[:8]]
    )
    for source in found.sources:
        assert source.contribution == pytest.approx(float(source.values * source.kernel))


@pytest.mark.parametrize(
    ("place", "says"),
    [
        (("C2", 1), "no layer 'C2'; there are C1"),
        (("C1", 7), "no unit"),
        (("C1", 1, 0), "no unit"),
        (("F6", 1, 2), "no unit"),
    ],
)
def test_a_unit_that_is_not_there_is_refused(network, image, place: tuple, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        unit.unit(network, image, trace(network, image), *place)


def test_what_mattered_is_the_slope_of_the_lead(network, image) -> None:
    def lead(shown: torch.Tensor, digit: int) -> float:
        logits = network(network.preprocess(shown[None]))[0]
        return float(logits[digit] - max(logits[other] for other in range(10) if other != digit))

    slope = saliency(network, image, 3)
    assert slope.shape == (32, 32)
    for row, column in ((10, 10), (16, 20), (0, 31)):
        more, less = image.float(), image.float()
        more[row, column] += 0.5
        less[row, column] -= 0.5
        assert lead(more, 3) - lead(less, 3) == pytest.approx(float(slope[row, column]), rel=0.05, abs=1e-5)
