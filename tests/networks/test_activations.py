from concurrent.futures import ThreadPoolExecutor

import pytest
import torch

from lenet import networks
from lenet.networks.activations import recorded, trace


@pytest.fixture
def network() -> networks.LeNet:
    return networks.create("lenet5", torch.Generator().manual_seed(0)).eval()


def image(seed: int) -> torch.Tensor:
    return torch.randint(0, 256, (32, 32), dtype=torch.uint8, generator=torch.Generator().manual_seed(seed))


def test_layers_are_the_squashed_values_that_feed_each_other(network) -> None:
    network.requires_grad_(False)
    seen = {name: values.clone() for name, values in trace(network, image(1)).layers.items()}
    torch.testing.assert_close(seen["C1"], network.C1(network.preprocess(image(1)[None]))[0].relu())
    torch.testing.assert_close(seen["S2"], network.S2(seen["C1"]))
    torch.testing.assert_close(seen["C3"], network.C3(seen["S2"]).relu())
    torch.testing.assert_close(seen["S4"], network.S4(seen["C3"]))
    torch.testing.assert_close(seen["C5"], network.C5(seen["S4"]).relu())
    torch.testing.assert_close(seen["F6"], network.F6(seen["C5"].flatten()).relu())
    torch.testing.assert_close(seen["output"], network.output(seen["F6"]))


def test_probabilities_are_the_softmax_of_the_output(network) -> None:
    seen = trace(network, image(2))
    torch.testing.assert_close(seen.probabilities, seen.layers["output"].softmax(0))
    assert seen.probabilities.sum().item() == pytest.approx(1)


def test_hooks_let_go_even_when_the_pass_fails(network) -> None:
    with pytest.raises(RuntimeError), recorded(network):
        network(torch.zeros(1, 2, 32, 32))
    assert not any(layer._forward_hooks for layer in network.modules())


def test_readers_in_other_threads_do_not_mix(network) -> None:
    alone = [trace(network, image(seed)).layers["C3"] for seed in range(40)]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda seed: trace(network, image(seed)).layers["C3"], range(40)))
    for one, other in zip(alone, together, strict=True):
        torch.testing.assert_close(one, other)
