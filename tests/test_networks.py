import pytest
import torch
from torch.nn.functional import max_pool2d, relu

from lenet import networks
from lenet.look import look


def network(seed: int = 0) -> networks.LeNet:
    return networks.create("lenet5", torch.Generator().manual_seed(seed))


def test_lenet5_has_the_weights_of_the_modern_form() -> None:
    by_layer = {name: networks.parameters(layer) for name, layer in network().named_children()}
    assert by_layer == {"C1": 156, "S2": 0, "C3": 2416, "S4": 0, "C5": 48120, "F6": 10164, "output": 850}
    assert networks.parameters(network()) == 61_706


def test_every_layer_has_the_shape_of_the_paper() -> None:
    layers = look(network(), torch.zeros(32, 32, dtype=torch.uint8)).layers
    assert {name: tuple(values.shape) for name, values in layers.items()} == {
        "C1": (6, 28, 28),
        "S2": (6, 14, 14),
        "C3": (16, 10, 10),
        "S4": (16, 5, 5),
        "C5": (120, 1, 1),
        "F6": (84,),
        "output": (10,),
    }


def test_forward_is_the_textbook_order_of_relu_and_pooling() -> None:
    lenet = network()
    x = lenet.prepare(torch.randint(0, 256, (4, 32, 32), dtype=torch.uint8))
    y = max_pool2d(relu(lenet.C1(x)), 2)
    y = max_pool2d(relu(lenet.C3(y)), 2)
    y = lenet.output(relu(lenet.F6(relu(lenet.C5(y)).flatten(1))))
    torch.testing.assert_close(lenet(x), y)


def test_prepared_mnist_has_mean_0_and_deviation_1(mnist) -> None:
    x = network().prepare(mnist.train.fields[:20_000])
    assert abs(x.mean()) < 0.01
    assert abs(x.std() - 1) < 0.01


def test_the_same_generator_makes_the_same_weights() -> None:
    first, same, other = (network(seed).C3.weight for seed in (1, 1, 2))
    assert torch.equal(first, same)
    assert not torch.equal(first, other)


def test_the_global_generator_is_left_alone() -> None:
    before = torch.get_rng_state()
    network()
    assert torch.equal(before, torch.get_rng_state())


def test_logits_do_not_depend_on_the_batch() -> None:
    fields = torch.randint(0, 256, (7, 32, 32), dtype=torch.uint8)
    whole = networks.infer(network(), fields)
    assert whole.shape == (7, 10)
    torch.testing.assert_close(networks.infer(network(), fields, batch=2), whole)
    assert networks.infer(network(), fields[:0]).shape == (0, 10)


def test_an_unknown_network_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="unknown network 'lenet6'; known: lenet5"):
        networks.entry("lenet6")


def test_a_name_is_registered_once() -> None:
    with pytest.raises(ValueError, match="'lenet5' is registered already"):
        networks.register("lenet5", networks.entry("lenet5"))
