"""One step of learning in the browser's engine against torch: loss, gradients, and the weights after it."""

from collections.abc import Iterator
from copy import deepcopy

import numpy as np
import pytest
import torch
from engine import ask, distance, from_base64, open_engine, to_base64
from playwright.sync_api import Browser, Page

from lenet import networks
from lenet.networks.activations import trace
from lenet.networks.layers import RBF
from lenet.runs import models
from lenet.ui import weights

CLOSE = 1e-4  # of a tensor's largest value
RATE = 0.05


@pytest.fixture(scope="module")
def engine(browser: Browser) -> Iterator[Page]:
    with open_engine(browser) as page:
        yield page


@pytest.fixture(params=networks.REGISTRY)
def name(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def network(name: str) -> networks.LeNet:
    """A network whose weights may change."""
    if name in models.pretrained():
        return deepcopy(models.load_model(name)).requires_grad_()
    return networks.create(name, torch.Generator().manual_seed(1)).eval()


@pytest.mark.parametrize("label", [2, 7])  # what it is, and what it is not
def test_a_step_is_torchs(engine: Page, name: str, network, sample, label: int) -> None:
    image = sample.test.images[int((sample.test.labels == 2).nonzero()[0])]
    file = weights.encode(name, network.state_dict())
    found = ask(engine, "learn", to_base64(np.frombuffer(file, np.uint8)), to_base64(image.numpy()), label, RATE)

    values = slopes(network, image, label)
    assert found["loss"] == pytest.approx(float(values.pop("loss")), rel=1e-4, abs=1e-6)
    assert [*reversed(found["layers"])] == [*network.layers]
    for layer, gradient in values.items():
        assert distance(from_base64(found["layers"][layer]), gradient) <= CLOSE, layer

    tensors = dict(network.named_parameters())
    assert found["weights"].keys() == tensors.keys()
    for name, tensor in tensors.items():
        assert distance(from_base64(found["weights"][name]), tensor.grad) <= CLOSE, name

    torch.optim.SGD(network.parameters(), lr=RATE).step()
    for name, tensor in tensors.items():
        assert distance(from_base64(found["after"][name]), tensor.detach()) <= CLOSE, name
    np.testing.assert_allclose(found["probabilities"], trace(network.float(), image).probabilities, atol=CLOSE)


def slopes(network: networks.LeNet, image: torch.Tensor, label: int) -> dict[str, torch.Tensor]:
    """The loss, and its gradient by what each layer hands on; those of the weights are left in them.

    In double precision: where the network is sure, the gradient is a small difference.
    """
    handed: dict[str, torch.Tensor] = {}
    x = network.double().preprocess(image[None]).double()
    for name in network.layers:
        module = network.get_submodule(name)
        x = module(x.flatten(1) if isinstance(module, torch.nn.Linear | RBF) else x)
        handed[name] = x = x if name in network.squashed_late else network.activate(name, x)
        x.retain_grad()
    loss = network.loss(network.logits(x), torch.tensor([label]))
    loss.backward()
    return {"loss": loss.detach(), **{name: x.grad[0] for name, x in handed.items()}}
