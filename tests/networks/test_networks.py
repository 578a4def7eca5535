import math

import pytest
import torch
from torch.nn.functional import max_pool2d, relu

from lenet import networks
from lenet.errors import InvalidError
from lenet.networks.activations import trace
from lenet.networks.layers import fan_ins


def network(seed: int = 0) -> networks.LeNet:
    return networks.create("lenet5", torch.Generator().manual_seed(seed))


WEIGHTS = {
    "lenet5": 61_706,
    "lenet5-sigmoid": 61_706,
    "lenet-28": 44_426,
    "lenet-28-relu": 44_426,
    "lenet-rgb": 121_182,
    "lenet5-1998": 60_000,
    "lenet1-1989": 9_760,
}


def made(name: str) -> networks.LeNet:
    return networks.create(name, torch.Generator().manual_seed(0)).requires_grad_(False)


def test_every_network_has_the_parameters_of_its_source() -> None:
    assert {name: networks.parameters(made(name)) for name in networks.REGISTRY} == WEIGHTS


def test_the_layers_of_1998_have_the_weights_of_the_paper() -> None:
    by_layer = {name: networks.parameters(layer) for name, layer in made("lenet5-1998").named_children()}
    assert by_layer == {"C1": 156, "S2": 12, "C3": 1516, "S4": 32, "C5": 48120, "F6": 10164, "output": 0}


def test_the_table_of_c3_is_the_papers() -> None:
    fed = networks.lenet1998.connection_table().sum(1).tolist()
    assert fed == [3] * 6 + [4] * 9 + [6]
    assert networks.lenet1998.connection_table().sum(0).tolist() == [10] * 6
    assert networks.lenet1998.connection_table()[0].nonzero().flatten().tolist() == [0, 1, 2]
    assert networks.lenet1998.connection_table()[14].nonzero().flatten().tolist() == [0, 2, 3, 5]


def test_the_codes_are_ten_different_pictures_of_ink_and_paper() -> None:
    codes = networks.lenet1998.codes()
    assert codes.shape == (10, 84)
    assert set(codes.flatten().tolist()) == {-1.0, 1.0}
    assert (torch.cdist(codes, codes) ** 2 + torch.eye(10)).min() > 0.9
    seven = codes[7].view(networks.lenet1998.CODE)
    assert seven[0].tolist() == [1.0] * 7
    assert seven[1].tolist() == [-1.0] * 5 + [1.0] * 2


@pytest.mark.parametrize("name", WEIGHTS)
def test_every_network_takes_images_and_gives_ten_logits(name: str) -> None:
    network, images = made(name), torch.randint(0, 256, (3, 32, 32), dtype=torch.uint8)
    x = network.preprocess(images)
    assert x.shape == (3, *network.input.shape)
    logits = network(x)
    assert logits.shape == (3, 10)
    probabilities = network.probabilities(logits)
    assert (probabilities >= 0).all()
    assert (probabilities.sum(1) <= 1 + 1e-5).all()
    assert ((network.confidence(logits) >= 0) & (network.confidence(logits) <= 1 + 1e-5)).all()
    assert torch.equal(probabilities.argmax(1), logits.argmax(1))


@pytest.mark.parametrize("name", WEIGHTS)
def test_blank_images_are_paper_everywhere(name: str) -> None:
    """What a network pads its sources with is what paper is to it."""
    network = made(name)
    values = network.get_submodule(network.layers[0])(network.preprocess(torch.zeros(1, 32, 32, dtype=torch.uint8)))
    bias = network.get_submodule(network.layers[0]).bias
    paper = values[0] - (bias if bias.dim() == 3 else bias[:, None, None])
    torch.testing.assert_close(paper, paper[:, :1, :1].expand_as(paper), atol=1e-5, rtol=0)


def test_initial_weights_are_as_large_as_each_units_fan_in_allows() -> None:
    for name, bound in (("lenet5", lambda inputs: inputs**-0.5), ("lenet5-1998", lambda inputs: 2.4 / inputs)):
        for layer in made(name).children():
            for values, inputs in fan_ins(layer):
                assert values.abs().max() <= bound(inputs)
    first, second = made("lenet5-1998").C3.kernels[:3], made("lenet5-1998").C3.kernels[-6:]  # 75 inputs, and 150
    assert first.abs().max() == pytest.approx(2.4 / 75, rel=0.1)
    assert second.abs().max() == pytest.approx(2.4 / 150, rel=0.1)


def test_the_target_of_an_outlier_is_all_digits_alike() -> None:
    network, labels = made("lenet5"), torch.tensor([3, networks.OUTLIER])
    logits = torch.randn(2, 10)
    logs = logits.log_softmax(1)
    assert network.loss(logits, labels) == pytest.approx(float(-(logs[0, 3] + logs[1].mean()) / 2))
    even = torch.zeros(1, 10)
    assert network.loss(even, torch.tensor([networks.OUTLIER])) == pytest.approx(math.log(10))
    assert float(network.confidence(even)) == pytest.approx(0, abs=1e-6)


def test_equation_9_by_hand() -> None:
    """Distances 1, 4 and eight of 20, and rubbish at J; labels 0, and rubbish."""
    network = made("lenet5-1998")
    distances = torch.tensor([[1.0, 4.0] + [20.0] * 8])
    evidence = math.exp(-network.J) + math.exp(-1) + math.exp(-4) + 8 * math.exp(-20)
    assert network.loss(-distances, torch.tensor([0])) == pytest.approx(1 + math.log(evidence), rel=1e-5)
    rubbish = torch.tensor([networks.OUTLIER])
    assert network.loss(-distances, rubbish) == pytest.approx(network.J + math.log(evidence), rel=1e-5)
    posterior = network.probabilities(-distances)[0]
    assert posterior[1] == pytest.approx(math.exp(-4) / evidence, rel=1e-5)
    assert 1 - network.confidence(-distances) == pytest.approx(math.exp(-network.J) / evidence, abs=1e-6)


def test_an_image_in_colour_is_taken_as_it_is() -> None:
    network, colour = made("lenet-rgb"), torch.randint(0, 256, (2, 3, 32, 32), dtype=torch.uint8)
    torch.testing.assert_close(network.preprocess(colour) * 0.2752 + 0.1, colour / 255)
    grey = network.preprocess(colour[:, 0])
    assert torch.equal(grey[:, 0], grey[:, 2])


def test_the_16_pixels_of_1989_are_means_of_the_28() -> None:
    network = made("lenet1-1989")
    assert network.preprocess(torch.full((1, 32, 32), 255, dtype=torch.uint8)).flatten().tolist() == pytest.approx(
        [1.0] * 256
    )
    image = torch.zeros(1, 32, 32, dtype=torch.uint8)
    image[0, 16, 16] = 255
    assert float((network.preprocess(image) + 1).sum() / 2) == pytest.approx((16 / 28) ** 2, rel=0.05)


def test_lenet5_has_the_weights_of_the_modern_form() -> None:
    by_layer = {name: networks.parameters(layer) for name, layer in network().named_children()}
    assert by_layer == {"C1": 156, "S2": 0, "C3": 2416, "S4": 0, "C5": 48120, "F6": 10164, "output": 850}
    assert networks.parameters(network()) == 61_706


def test_every_layer_has_the_shape_of_the_paper() -> None:
    layers = trace(network(), torch.zeros(32, 32, dtype=torch.uint8)).layers
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
    x = lenet.preprocess(torch.randint(0, 256, (4, 32, 32), dtype=torch.uint8))
    y = max_pool2d(relu(lenet.C1(x)), 2)
    y = max_pool2d(relu(lenet.C3(y)), 2)
    y = lenet.output(relu(lenet.F6(relu(lenet.C5(y)).flatten(1))))
    torch.testing.assert_close(lenet(x), y)


def test_preprocessed_mnist_has_mean_0_and_deviation_1(mnist) -> None:
    x = network().preprocess(mnist.train.images[:20_000])
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
    images = torch.randint(0, 256, (7, 32, 32), dtype=torch.uint8)
    whole = networks.infer(network(), images)
    assert whole.shape == (7, 10)
    torch.testing.assert_close(networks.infer(network(), images, batch=2), whole)
    assert networks.infer(network(), images[:0]).shape == (0, 10)


def test_an_unknown_network_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InvalidError, match=r"Unknown network 'lenet6'\. Choose from: lenet5, lenet5-sigmoid"):
        networks.entry("lenet6")


def test_a_name_is_registered_once() -> None:
    with pytest.raises(ValueError, match="'lenet5' is registered already"):
        networks.register("lenet5", networks.modern.LeNet5, year=1998)


@pytest.mark.parametrize("name", WEIGHTS)
def test_every_network_has_a_title_and_a_source(name: str) -> None:
    row = networks.entry(name)
    assert row.name == name
    assert row.title != f"network.{name}.title"
    assert row.source != f"network.{name}.source"
    assert row.year in (1989, 1998)


@pytest.mark.parametrize("name", WEIGHTS)
def test_logits_are_those_of_layer_by_layer(name: str) -> None:
    """Also where maps are filled up, and kernels as large as their input are multiplied as a matrix."""
    network = made(name)
    x = network.preprocess(torch.randint(0, 256, (5, 32, 32), dtype=torch.uint8))
    last = network.layers[-1]
    expected = network.logits(network.activate(last, network.raw_activations(x)[last]))
    torch.testing.assert_close(network(x), expected, rtol=1e-5, atol=1e-5)
    torch.testing.assert_close(network.to(memory_format=torch.channels_last)(x), expected, rtol=1e-5, atol=1e-5)


def test_weights_have_the_gradients_of_layer_by_layer() -> None:
    gradients = []
    for forward in (lambda one, x: one(x), lambda one, x: one.raw_activations(x)["output"]):
        one = network()
        x = one.preprocess(torch.randint(0, 256, (5, 32, 32), generator=torch.Generator().manual_seed(1)))
        forward(one, x).square().sum().backward()
        gradients.append({name: weight.grad for name, weight in one.named_parameters()})
    for name, gradient in gradients[0].items():
        torch.testing.assert_close(gradient, gradients[1][name], rtol=1e-4, atol=1e-6)
