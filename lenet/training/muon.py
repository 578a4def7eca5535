"""Muon: the momentum of every matrix of weights, made orthogonal, is its step.

A gradient's matrix has few large singular values, and a step along it learns little in the directions of the small
ones. Muon steps equally far in all of them: of the momentum's singular value decomposition U S V' it takes U V', by
three Newton-Schulz iterations, which need products of matrices alone. The kernels of a convolution are a matrix of a
row for each map. Biases, the output layer and what is no matrix are AdamW's.

Source: Jordan, Jin, Boza, You, Cesista, Newhouse and Bernstein, "Muon: An optimizer for hidden layers in neural
networks", 2024. `torch.optim.Muon` is that of PyTorch since 2.9; it takes no convolutions.
"""

import torch
from torch import Tensor, nn, optim

from lenet.networks import LeNet

MOMENTUM = 0.9
ADAMW_FRACTION = 0.15  # AdamW's learning rate as a fraction of Muon's
ITERATIONS = 3
TINY = 1e-7
COEFFICIENTS = 3.4445, -4.7750, 2.0315  # Jordan's: of a norm of 1, singular values above 0.03 end between 0.7 and 1.2


class Muon(optim.Optimizer):
    """Moves the hidden layers' matrices by Muon and everything else by AdamW.

    The first of `param_groups` is Muon's, the second AdamW's; each has its `lr`. `decay` is decoupled weight decay, of
    both.
    """

    def __init__(self, network: LeNet, lr: float, decay: float) -> None:
        matrices = hidden_matrices(network)
        known = {id(weight) for weight in matrices}
        others = [weight for weight in network.parameters() if id(weight) not in known]
        self.adamw = optim.AdamW(others, lr=ADAMW_FRACTION * lr, weight_decay=decay, fused=True)
        super().__init__(matrices, {"lr": lr, "weight_decay": decay})
        self.param_groups += self.adamw.param_groups
        self._momenta = [torch.zeros_like(weight).flatten(1) for weight in matrices]

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # type: ignore[override]
        """Move every weight."""
        weights, rate, decay = (self.param_groups[0][name] for name in ("params", "lr", "weight_decay"))
        gradients = [weight.grad.flatten(1) for weight in weights]
        torch._foreach_lerp_(self._momenta, gradients, 1 - MOMENTUM)
        ahead = torch._foreach_lerp(gradients, self._momenta, MOMENTUM)  # Nesterov's
        steps = [orthogonalize(matrix).view(weight.shape) for matrix, weight in zip(ahead, weights, strict=True)]
        torch._foreach_mul_(weights, 1 - rate * decay)
        torch._foreach_add_(weights, steps, alpha=-rate)
        self.adamw.step()


def hidden_matrices(network: LeNet) -> list[Tensor]:
    """The weights of every layer but the output that connect several inputs with several units."""
    layers = [network.get_submodule(name) for name in network.layers[:-1]]
    return [
        weight for layer in layers for weight in layer.parameters() if weight.dim() > 1 and _is_kernel(layer, weight)
    ]


def _is_kernel(layer: nn.Module, weight: Tensor) -> bool:
    return weight is not getattr(layer, "bias", None)  # that of H1 and H2 has a value for every unit


def orthogonalize(matrix: Tensor) -> Tensor:
    """Bring the singular values of a matrix (rows, columns) near to 1, whatever they are.

    Every iteration multiplies X by a polynomial of X X'. These are symmetric and small, so that X itself is only needed
    at the beginning and at the end.
    """
    tall = matrix.shape[0] > matrix.shape[1]
    x = matrix.mT if tall else matrix
    x = x / (x.norm() + TINY)  # no singular value is larger than the norm
    square = x @ x.mT
    whole = factor = _factor(square)
    for _ in range(ITERATIONS - 1):
        square = factor @ square @ factor
        factor = _factor(square)
        whole = factor @ whole
    x = whole @ x
    return x.mT if tall else x


def _factor(square: Tensor) -> Tensor:
    """What an iteration multiplies X by, from X X'."""
    a, b, c = COEFFICIENTS
    factor = torch.addmm(square, square, square, beta=b, alpha=c)
    factor.diagonal().add_(a)
    return factor
