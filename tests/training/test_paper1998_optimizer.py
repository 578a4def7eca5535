import pytest
import torch
from torch import nn

from lenet import networks
from lenet.training.paper1998 import optimizer as sdlm


class Tiny(networks.LeNet):
    """Two full connections, to be worked out by hand."""

    input = (1, 32, 32)
    layers = ("F6", "output")
    squashed = frozenset({"F6"})

    def __init__(self) -> None:
        super().__init__()
        self.F6 = nn.Linear(1024, 3)
        self.output = nn.Linear(3, 10)

    def squash(self, x: torch.Tensor) -> torch.Tensor:
        return torch.tanh(x)

    def preprocess(self, images: torch.Tensor) -> torch.Tensor:
        return images.flatten(1) / 255

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.output(self.squash(self.F6(x)))


def images(n: int) -> torch.Tensor:
    return torch.randint(0, 256, (n, 32, 32), dtype=torch.uint8, generator=torch.Generator().manual_seed(1))


def test_curvatures_are_the_papers_recursion_written_out() -> None:
    torch.manual_seed(0)
    network, shown = Tiny(), images(5)
    x = network.preprocess(shown)
    y = torch.tanh(network.F6(x))
    shares = network(x).softmax(1)
    by_output = shares * (1 - shares)
    by_f6 = (1 - y**2) ** 2 * (by_output @ network.output.weight**2)
    found = sdlm.curvatures(network, shown)
    torch.testing.assert_close(found["output.weight"], by_output.T @ y**2 / 5)
    torch.testing.assert_close(found["output.bias"], by_output.mean(0))
    torch.testing.assert_close(found["F6.weight"], by_f6.T @ x**2 / 5)
    torch.testing.assert_close(found["F6.bias"], by_f6.mean(0))


def test_curvature_by_f6_of_1998_is_the_second_derivative_of_the_loss() -> None:
    """The last layer of squares has no approximation in it: the bias of F6, but for its squashing's own curvature."""
    network = networks.create("lenet5-1998", torch.Generator().manual_seed(0)).double()
    f6 = torch.randn(1, 84, dtype=torch.double, generator=torch.Generator().manual_seed(3), requires_grad=True)
    logits = -network.output(f6)
    second = sdlm._by_f6(network, network.output, f6.detach(), logits.detach())
    for label in (2, 7):  # the same whatever the digit
        loss = network.loss(-network.output(f6), torch.tensor([label]))
        (slope,) = torch.autograd.grad(loss, f6, create_graph=True)
        for place in (0, 40, 83):
            (exact,) = torch.autograd.grad(slope[0, place], f6, retain_graph=True)
            assert float(second[0, place]) == pytest.approx(float(exact[0, place]), rel=1e-6, abs=1e-9)


def test_a_shared_weight_has_the_sum_over_its_uses() -> None:
    network, shown = networks.create("lenet5-1998", torch.Generator().manual_seed(0)), images(2)
    with torch.no_grad():
        for weights in network.parameters():
            weights *= 4
    found = sdlm.curvatures(network, shown)
    assert found["C1.bias"].shape == (6,)
    assert found["C3.kernels"].shape == (60, 5, 5)
    assert all((values >= 0).all() and values.sum() > 0 for values in found.values())


@pytest.mark.parametrize("name", networks.REGISTRY)
def test_every_network_has_a_curvature_for_every_weight(name: str) -> None:
    network = networks.create(name, torch.Generator().manual_seed(0))
    found = sdlm.curvatures(network, images(3))
    assert {key: value.shape for key, value in found.items()} == {k: p.shape for k, p in network.named_parameters()}
    assert all((values >= 0).all() for values in found.values())


def test_a_step_is_the_rate_over_mu_plus_curvature() -> None:
    torch.manual_seed(0)
    network, shown = Tiny(), images(4)
    optimizer = sdlm.SDLM(network, lr=0.01)
    optimizer.measure(shown)
    curvature = sdlm.curvatures(network, shown)["F6.weight"]
    before = network.F6.weight.detach().clone()
    network.loss(network(network.preprocess(shown)), torch.tensor([1, 2, 3, 4])).backward()
    optimizer.step()
    expected = before - 0.01 * network.F6.weight.grad / (sdlm.MU + curvature)
    torch.testing.assert_close(network.F6.weight.detach(), expected)
