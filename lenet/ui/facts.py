"""What to know of each network: where published descriptions of it go wrong, and where its paper leaves a choice."""

from lenet.networks.lenet1998 import LeNet1998

NOTES = {
    "lenet5": [
        "One description counts 416 weights in C3 and 59,706 in all. C3 has 2,416, the network 61,706.",
        "The same flattens with view(-1, 400): on 28x28 pictures that fails at batch 64, and at batch 25 it mixes "
        "digits without a word. Its recipe, plain SGD at 0.001, reaches 86.9 % once the shape is repaired.",
        "Another mirrors its training digits, which costs two points of accuracy; divides a sum of batch means by the "
        "number of digits, which makes its loss far too small; and shrinks photos without centring them.",
    ],
    "lenet5-sigmoid": [
        "Its description steps the optimizer in the validation pass too, and so learns from the digits that it selects "
        "with.",
    ],
    "lenet-28": [
        "Its description has a ReLU on the ten outputs. Measured over four seeds, it then reads 57 to 78 % of MNIST, "
        "one to four digits being never said; without it, 96 to 97 % in the same time. See below.",
        "It also reads the test set 300 times while it trains, with gradients on.",
    ],
    "lenet-28-relu": [
        "Not to be used: a ReLU on the outputs kills classes. One that is 0 for every digit has no gradient any more.",
    ],
    "lenet-rgb": [
        "Its description gives logits in one framework and probabilities in the other.",
    ],
    "lenet5-1998": [
        f"The paper gives no value for the rubbish class's distance j. Here it is {LeNet1998.J:g}, a quarter of the "
        "smallest squared distance between two codes: halfway between them, rubbish is as likely as either digit.",
        "The codes were read off the paper's figure 3. The bar over 0, 2, 4 and 5 could not be checked against it.",
        "The paper says that its inputs have a variance of about 1. On MNIST it is 0.12 to 0.15.",
    ],
    "lenet1-1989": [
        "The paper leaves open which eight H1 maps feed an H2 map, and what lies around the maps; both are as in a "
        "public reproduction, karpathy/lecun1989-repro.",
        "The paper squashes the outputs too, and learns by mean squared error. Here they are logits, for "
        "cross-entropy.",
    ],
}
