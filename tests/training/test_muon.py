import pytest
import torch

from lenet import networks
from lenet.training.muon import ADAMW_FRACTION, Muon, hidden_matrices, orthogonalize


@pytest.mark.parametrize("shape", [(6, 25), (16, 150), (84, 120), (120, 84), (12, 12)])
def test_singular_values_become_alike(shape: tuple[int, int]) -> None:
    """Also those that are a fifth of the largest."""
    left, _, right = torch.linalg.svd(
        torch.randn(shape, generator=torch.Generator().manual_seed(0)), full_matrices=False
    )
    values = torch.linspace(1, 1 / 5, min(shape))
    found = orthogonalize(1000 * (left * values) @ right)
    assert found.shape == shape
    alike = torch.linalg.svdvals(found)
    assert 0.5 < alike.min() < alike.max() < 1.3
    torch.testing.assert_close(found, left @ (left.T @ found @ right.T) @ right, rtol=0, atol=1e-4)
    projected = left.T @ found @ right.T  # diagonal: the directions are those of the matrix
    torch.testing.assert_close(projected, torch.diag(projected.diagonal()), rtol=0, atol=1e-4)


def test_nothing_comes_of_no_gradient() -> None:
    assert not orthogonalize(torch.zeros(3, 4)).any()


def network(name: str) -> networks.LeNet:
    return networks.create(name, torch.Generator().manual_seed(0))


@pytest.mark.parametrize(
    ("name", "layers"),
    [
        ("lenet5", ["C1", "C3", "C5", "F6"]),
        ("lenet5-1998", ["C1", "C3", "C5", "F6"]),
        ("lenet1-1989", ["H1", "H2", "H3"]),
    ],
)
def test_kernels_of_the_hidden_layers_are_muons_and_nothing_else_is(name: str, layers: list[str]) -> None:
    one = network(name)
    kernels = [getattr(layer, "kernels", getattr(layer, "weight", None)) for layer in map(one.get_submodule, layers)]
    assert [id(weight) for weight in hidden_matrices(one)] == [id(weight) for weight in kernels]
    muon, adamw = Muon(one, 0.02, 0.0).param_groups
    assert {id(p) for p in muon["params"] + adamw["params"]} == {id(p) for p in one.parameters()}
    assert len(muon["params"]) + len(adamw["params"]) == len([*one.parameters()])
    assert adamw["lr"] == pytest.approx(ADAMW_FRACTION * muon["lr"])


def test_every_step_is_as_long_however_large_the_gradient() -> None:
    """And it has the same length in all directions of a matrix."""
    steps = []
    for scale in (1.0, 1e-4):
        one = network("lenet5")
        optimizer = Muon(one, 0.02, 0.0)
        before = one.F6.weight.detach().clone()
        generator = torch.Generator().manual_seed(1)
        for weight in one.parameters():
            weight.grad = scale * torch.randn(weight.shape, generator=generator)
        optimizer.step()
        steps.append(one.F6.weight.detach() - before)
    torch.testing.assert_close(steps[0], steps[1], rtol=1e-2, atol=1e-5)
    lengths = torch.linalg.svdvals(steps[0]) / 0.02
    assert lengths.max() < 1.3
    assert lengths.median() > 0.6


def test_weight_decay_pulls_every_weight_towards_zero() -> None:
    one = network("lenet5")
    before = {name: weight.detach().clone() for name, weight in one.named_parameters()}
    optimizer = Muon(one, 0.1, 0.5)
    for weight in one.parameters():
        weight.grad = torch.zeros_like(weight)
    optimizer.step()
    for name, weight in one.named_parameters():
        rate = 0.1 if name.endswith("weight") and not name.startswith("output") else ADAMW_FRACTION * 0.1
        torch.testing.assert_close(weight.detach(), before[name] * (1 - rate * 0.5))
