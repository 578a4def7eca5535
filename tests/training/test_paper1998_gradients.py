import numpy as np
import pytest
import torch

from lenet import networks
from lenet.training.paper1998.gradients import SinglePattern


@pytest.mark.parametrize("label", [3, 7, networks.OUTLIER])
def test_gradients_are_those_of_autograd(label: int) -> None:
    network = networks.create("lenet5-1998", torch.Generator().manual_seed(0))
    with torch.no_grad():
        for weights in network.parameters():
            weights *= 3  # else hardly anything comes through
    x = network.preprocess(torch.randint(0, 256, (1, 32, 32), dtype=torch.uint8))
    logits = network(x)
    network.loss(logits, torch.tensor([label])).backward()
    single = SinglePattern(network)
    np.testing.assert_allclose(single.backward(x[0], label), logits[0].detach().numpy(), rtol=1e-4)
    for name, weights in network.named_parameters():
        found = torch.from_numpy(single.gradients[name])
        torch.testing.assert_close(found, weights.grad, rtol=1e-3, atol=1e-5 * float(weights.grad.abs().max()))


def test_it_sees_the_network_as_it_is_now() -> None:
    network = networks.create("lenet5-1998", torch.Generator().manual_seed(0))
    single, x = SinglePattern(network), torch.zeros(1, 32, 32)
    before = single.backward(x, 1)
    with torch.no_grad():
        network.F6.bias += 0.5
    assert not np.array_equal(single.backward(x, 1), before)
