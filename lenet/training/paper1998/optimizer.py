"""Stochastic diagonal Levenberg-Marquardt, the optimizer of LeNet-5 in 1998.

Every weight has a learning rate of its own, eta / (mu + h), smaller where the loss is strongly curved: h is the
diagonal of the Gauss-Newton matrix, estimated on some patterns before each pass.

Source: LeCun et al. 1998, appendix C. As there, squares of weights and slopes carry second derivatives back through the
layers, and a weight that is shared by many units has the sum over its uses, cross terms left out. The paper starts from
the loss of one output at a time; here it starts from all of them together, see `_by_logits`.
"""

from copy import copy

import torch
from torch import Tensor, nn
from torch.func import functional_call

from lenet.networks import LeNet
from lenet.networks.layers import RBF, TableConv2d

MU = 0.6  # The paper has 0.02, for a loss whose scale it does not state. With ours, a sum over F6's 84 units, that lets
# F6 saturate within the first thousand digits, for good; of 0.2, 0.6 and 2, 0.6 learned fastest.
PATTERNS = 500  # the paper's, for each estimate


class SDLM(torch.optim.Optimizer):
    """Step of a weight: -lr * gradient / (MU + curvature). Call `measure` first: it estimates the curvatures."""

    def __init__(self, network: LeNet, lr: float) -> None:
        super().__init__(network.parameters(), {"lr": lr})
        self.network = network
        self.weights: list[Tensor] = self.param_groups[0]["params"]
        self.scales: list[Tensor] = []

    def measure(self, images: Tensor) -> None:
        """Estimate the curvatures, as means over uint8 images (N, 32, 32)."""
        curvature = curvatures(self.network, images)
        self.scales = [1 / (MU + curvature[name]) for name, _ in self.network.named_parameters()]

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # type: ignore[override]
        """Move every weight against its gradient."""
        gradients: list[Tensor] = [weight.grad for weight in self.weights]  # type: ignore[misc]
        steps = torch._foreach_mul(gradients, self.scales)
        torch._foreach_add_(self.weights, steps, alpha=-self.param_groups[0]["lr"])


def curvatures(network: LeNet, images: Tensor) -> dict[str, Tensor]:
    """Return the diagonal of the loss's Gauss-Newton matrix, a tensor for each parameter: means over uint8 images.

    Weights and slopes are squared, layer by layer from the output to the input.
    """
    with torch.no_grad():
        x = network.preprocess(images)
        raw = network.raw_activations(x)
        inputs = [x, *(network.activate(name, raw[name]) for name in network.layers)]
        logits = network.logits(inputs[-1])
    second = _by_logits(network, logits)
    found: dict[str, Tensor] = {}
    for name, layer_input in reversed([*zip(network.layers, inputs, strict=False)]):
        module = network.get_submodule(name)
        if name in network.squashed:
            second = second * _slope(network, raw[name]).square()
        if isinstance(module, RBF):
            second = _by_f6(network, module, layer_input.flatten(1), logits)
        else:
            own, second = _through(module, layer_input, second)
            found |= {f"{name}.{parameter}": values / len(images) for parameter, values in own.items()}
        second = second.view_as(layer_input)
    return found


def _by_logits(network: LeNet, logits: Tensor) -> Tensor:
    """Second derivatives (N, 10) of the cross-entropy by each logit: p (1 - p)."""
    probabilities = network.loss_probabilities(logits)
    return probabilities * (1 - probabilities)


def _by_f6(network: LeNet, layer: RBF, x: Tensor, logits: Tensor) -> Tensor:
    """Second derivatives (N, 84) of equation 9's loss by F6.

    Two parts, neither ever below 0: the distances are squares, whose second derivative is 2, times the rubbish class's
    probability; and the variance of the distances' slopes over the classes, the rubbish class among them.
    """
    probabilities = network.loss_probabilities(logits)[:, :, None]
    slopes = 2 * (x[:, None] - layer.codes)  # the rubbish class, always as far away, has slope 0
    variance = (probabilities * slopes.square()).sum(1) - (probabilities * slopes).sum(1).square()
    return 2 * (1 - probabilities.sum(1)) + variance.clamp(min=0)


def _slope(network: LeNet, before: Tensor) -> Tensor:
    """Derivative of the activation function at its inputs."""
    with torch.enable_grad():
        at = before.clone().requires_grad_()
        (slope,) = torch.autograd.grad(network.squash(at).sum(), at)
    return slope


def _through(module: nn.Module, x: Tensor, second: Tensor) -> tuple[dict[str, Tensor], Tensor]:
    """Second derivatives by a layer's parameters, summed over patterns, and by its input, from those by its output.

    A layer is linear in its input and in its parameters. With both squared, its gradients are the sums of squares.
    """
    with torch.enable_grad():
        if isinstance(module, nn.MaxPool2d):  # passes on what is largest, with weight 1
            largest = x.detach().clone().requires_grad_()
            (before,) = torch.autograd.grad(module(largest), largest, second)
            return {}, before
        squares = {name: value.detach().square().requires_grad_() for name, value in module.named_parameters()}
        squared = x.flatten(1).square() if isinstance(module, nn.Linear) else x.square()
        squared.requires_grad_()
        output = functional_call(_squaring(module), squares, squared)
        if isinstance(module, nn.AvgPool2d):
            output = output / output.new_tensor(x[0, 0].numel() / output[0, 0].numel())
        *own, before = torch.autograd.grad(output, [*squares.values(), squared], second.view_as(output))
    return dict(zip(squares, own, strict=True)), before


def _squaring(module: nn.Module) -> nn.Module:
    """The layer, its padding value squared as well."""
    if not isinstance(module, TableConv2d):
        return module
    other = copy(module)
    other.padding_value = module.padding_value**2
    return other
