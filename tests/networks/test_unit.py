import pytest
import torch

from lenet import networks
from lenet.errors import InvalidError
from lenet.networks.activations import trace
from lenet.networks.unit import explain_unit


@pytest.fixture
def network() -> networks.LeNet:
    return networks.create("lenet5", torch.Generator().manual_seed(0)).eval().requires_grad_(False)


@pytest.fixture
def image() -> torch.Tensor:
    return torch.randint(0, 256, (32, 32), dtype=torch.uint8, generator=torch.Generator().manual_seed(1))


def pixels_of(network: networks.LeNet, layer: str, where: tuple[int, ...]) -> list[int]:
    """Top, left, height, width of the pixels that a unit depends on, nothing squashed: where its gradient is not 0."""
    x = torch.randn(1, 1, 32, 32, requires_grad=True)
    values, outputs = x, {}
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
def test_the_receptive_field_is_what_the_unit_depends_on(network, image, layer: str, where: tuple) -> None:
    found = explain_unit(network, image, trace(network, image), layer, *(place + 1 for place in where))
    assert list(found.receptive_field) == pixels_of(network, layer, where)


@pytest.mark.parametrize(("layer", "count"), [("C1", 1), ("C3", 6), ("C5", 16)])
def test_contributions_and_bias_add_up_to_the_value(network, image, layer: str, count: int) -> None:
    activations = trace(network, image)
    for map in range(1, 5):
        found = explain_unit(network, image, activations, layer, map)
        assert len(found.sources) == count
        for source in found.sources:
            assert source.values.shape == source.kernel.shape == (5, 5)
            assert source.contribution == pytest.approx(float((source.values * source.kernel).sum()))
        assert sum(source.contribution for source in found.sources) + found.bias == pytest.approx(found.total, abs=1e-5)
        assert found.value == pytest.approx(max(0.0, found.total))
        assert found.value == pytest.approx(float(activations.layers[layer][map - 1, 0, 0]))


def test_a_pooling_unit_is_the_largest_of_four(network, image) -> None:
    activations = trace(network, image)
    found = explain_unit(network, image, activations, "S2", 3, 5, 7)
    (source,) = found.sources
    assert (source.map, source.kernel) == (3, None)
    assert torch.equal(source.values, activations.layers["C1"][2, 8:10, 12:14])
    assert found.value == found.total == float(source.values.max())
    assert (found.kind, found.activation) == ("max", None)  # its inputs are squashed already


def test_a_linear_unit_has_a_value_and_depends_on_all_pixels(network, image) -> None:
    activations = trace(network, image)
    found = explain_unit(network, image, activations, "F6", 84)
    assert (found.receptive_field, found.source_layer) == ((0, 0, 32, 32), "C5")
    assert found.value == float(activations.layers["F6"][83])
    contributions = activations.layers["C5"].flatten() * network.F6.weight[83]
    assert (found.activation, found.fan_in) == ("ReLU", 120)
    assert found.total == pytest.approx(float(contributions.sum()) + found.bias, abs=1e-5)
    assert [source.contribution for source in found.sources] == pytest.approx(
        [float(contributions[place]) for place in contributions.abs().argsort(descending=True)[:8]]
    )
    for source in found.sources:
        assert source.contribution == pytest.approx(float(source.values * source.kernel))


@pytest.mark.parametrize(
    ("place", "says"),
    [
        (("C2", 1), "no layer C2. Choose from: C1, S2"),
        (("C1", 7), r"C1 has no unit \(7, 1, 1\): its size is \(6, 28, 28\)"),
        (("C1", 1, 0), "no unit"),
        (("F6", 1, 2), "no unit"),
    ],
)
def test_a_unit_that_is_not_there_is_refused(network, image, place: tuple, says: str) -> None:
    with pytest.raises(InvalidError, match=says):
        explain_unit(network, image, trace(network, image), *place)


@pytest.mark.parametrize("name", networks.REGISTRY)
def test_every_kind_of_unit_is_explained_in_every_network(name: str, image) -> None:
    network = networks.create(name, torch.Generator().manual_seed(0)).eval().requires_grad_(False)
    activations = trace(network, image)
    for layer in network.layers:
        for map in (1, 5):
            found = explain_unit(network, image, activations, layer, map)
            assert found.value == float(activations.layers[layer].flatten(int(found.is_spatial))[map - 1].flatten()[0])
            assert (found.activation is not None) == (layer in network.squashed and found.kind != "max")
            value = network.squash(torch.tensor(found.total)) if found.activation else found.total
            assert found.value == pytest.approx(float(value), abs=1e-5)
            if found.kind == "max":
                assert found.total == max(float(source.values.max()) for source in found.sources)
            elif len(found.sources) == found.fan_in:
                parts = sum(source.contribution for source in found.sources)
                assert found.total == pytest.approx(parts + (found.bias or 0.0), abs=1e-4)
