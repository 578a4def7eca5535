"""Two networks against forward passes written out from their papers, in plain loops, knowing nothing of our modules."""

import math

import numpy as np
import torch

from lenet import networks

# Table I of the 1998 paper, a line a C3 map, in the paper's own words: three neighbours, four, four apart, and all.
FEEDS_C3 = [
    *([0, 1, 2], [1, 2, 3], [2, 3, 4], [3, 4, 5], [4, 5, 0], [5, 0, 1]),
    *([0, 1, 2, 3], [1, 2, 3, 4], [2, 3, 4, 5], [3, 4, 5, 0], [4, 5, 0, 1], [5, 0, 1, 2]),
    *([0, 1, 3, 4], [1, 2, 4, 5], [0, 2, 3, 5]),
    [0, 1, 2, 3, 4, 5],
]
# Of 1989: eight of the twelve H1 maps for each four of H2.
FEEDS_H2 = [range(8)] * 4 + [range(4, 12)] * 4 + [[0, 1, 2, 3, 8, 9, 10, 11]] * 4


def made(name: str) -> tuple[networks.LeNet, dict[str, np.ndarray]]:
    network = networks.create(name, torch.Generator().manual_seed(4)).requires_grad_(False)
    for values in network.parameters():
        values *= 4  # so that something arrives at the end
    return network, {key: values.double().numpy() for key, values in network.state_dict().items()}


def shown() -> torch.Tensor:
    return torch.randint(0, 256, (1, 32, 32), dtype=torch.uint8, generator=torch.Generator().manual_seed(5))


def squash(a: np.ndarray) -> np.ndarray:
    return 1.7159 * np.tanh(2 * a / 3)


def convolve(sources: np.ndarray, kernels: list[tuple[int, np.ndarray]], bias: np.ndarray, step: int) -> np.ndarray:
    """One map: every unit the sum over its sources of a window times a kernel, and a bias, shared or its own."""
    side = (sources.shape[1] - 5) // step + 1
    units = np.zeros((side, side))
    for row in range(side):
        for column in range(side):
            total = float(bias if bias.ndim == 0 else bias[row, column])
            for source, kernel in kernels:
                top, left = row * step, column * step
                total += float((sources[source, top : top + 5, left : left + 5] * kernel).sum())
            units[row, column] = total
    return units


def subsample(maps: np.ndarray, weight: np.ndarray, bias: np.ndarray) -> np.ndarray:
    half = maps.shape[1] // 2
    units = np.zeros((len(maps), half, half))
    for number in range(len(maps)):
        for row in range(half):
            for column in range(half):
                block = maps[number, 2 * row : 2 * row + 2, 2 * column : 2 * column + 2]
                units[number, row, column] = weight[number] * block.sum() + bias[number]
    return units


def test_the_network_of_1998() -> None:
    network, w = made("lenet5-1998")
    image = shown()
    x = -0.1 + 1.275 * image.double().numpy() / 255
    c1 = squash(np.stack([convolve(x, [(0, w["C1.weight"][i, 0])], w["C1.bias"][i], 1) for i in range(6)]))
    s2 = squash(subsample(c1, w["S2.weight"], w["S2.bias"]))
    kernels = iter(w["C3.kernels"])  # map by map, a map's sources in order
    connected = [[(source, next(kernels)) for source in sorted(sources)] for sources in FEEDS_C3]
    assert next(kernels, None) is None
    c3 = squash(np.stack([convolve(s2, connected[i], w["C3.bias"][i], 1) for i in range(16)]))
    s4 = squash(subsample(c3, w["S4.weight"], w["S4.bias"]))
    c5 = squash(np.array([(w["C5.weight"][i] * s4).sum() + w["C5.bias"][i] for i in range(120)]))
    f6 = squash(np.array([(w["F6.weight"][i] * c5).sum() + w["F6.bias"][i] for i in range(84)]))
    distances = [sum((f6[j] - network.output.codes[i, j].item()) ** 2 for j in range(84)) for i in range(10)]
    found = network(network.preprocess(image))
    np.testing.assert_allclose(-found[0].numpy(), distances, rtol=1e-4)

    rubbish = math.exp(-network.J)
    evidence = rubbish + sum(math.exp(-distance) for distance in distances)
    nats = distances[3] + math.log(evidence)
    assert math.isclose(float(network.loss(found, torch.tensor([3]))), nats, rel_tol=1e-4)


def test_the_network_of_1989() -> None:
    network, w = made("lenet1-1989")
    image = shown()
    x = network.preprocess(image)[0].double().numpy()
    around = np.pad(x, ((0, 0), (2, 2), (2, 2)), constant_values=-1)
    h1 = np.tanh(np.stack([convolve(around, [(0, w["H1.kernels"][i])], w["H1.bias"][i], 2) for i in range(12)]))
    around = np.pad(h1, ((0, 0), (2, 2), (2, 2)), constant_values=-1)
    kernels = iter(w["H2.kernels"])
    connected = [[(source, next(kernels)) for source in sources] for sources in FEEDS_H2]
    h2 = np.tanh(np.stack([convolve(around, connected[i], w["H2.bias"][i], 2) for i in range(12)]))
    h3 = np.tanh(w["H3.weight"] @ h2.ravel() + w["H3.bias"])
    logits = w["output.weight"] @ h3 + w["output.bias"]
    np.testing.assert_allclose(network(network.preprocess(image))[0].numpy(), logits, rtol=1e-4, atol=1e-4)


def test_where_there_is_no_connection_nothing_comes_through() -> None:
    network, _ = made("lenet5-1998")
    s2 = torch.randn(1, 6, 14, 14, requires_grad=True)
    for number, values in enumerate(network.C3(s2)[0]):
        (gradient,) = torch.autograd.grad(values.sum(), s2, retain_graph=True)
        fed = [source for source in range(6) if gradient[0, source].abs().sum() > 0]
        assert fed == sorted(FEEDS_C3[number])
