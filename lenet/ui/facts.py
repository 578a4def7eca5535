"""What to know of each network: where published descriptions of it go wrong, and what its paper leaves open.

Sentences are `fact.NETWORK.NAME` in the table of texts. The descriptions are five published tutorials, A to E; each
fact about one names it, with what it builds: `description.LETTER`.
"""

from lenet.networks.lenet1998 import LeNet1998
from lenet.texts import Message


def _of(description: str, key: str) -> Message:
    return Message(f"fact.{key}", {"description": Message(f"description.{description}")})


FACTS = {
    "lenet5": [
        _of("b", "lenet5.counts"),
        _of("b", "lenet5.flatten"),
        _of("d", "lenet5.flip"),
        _of("d", "lenet5.photo"),
    ],
    "lenet5-sigmoid": [_of("c", "lenet5-sigmoid.validation")],
    "lenet-28": [_of("a", "lenet-28.relu"), _of("a", "lenet-28.test_set")],
    "lenet-28-relu": [_of("a", "lenet-28-relu.dead")],
    "lenet-rgb": [_of("e", "lenet-rgb.logits")],
    "lenet5-1998": [
        Message("fact.lenet5-1998.rubbish", {"distance": LeNet1998.J}),
        Message("fact.lenet5-1998.codes"),
        Message("fact.lenet5-1998.variance"),
    ],
    "lenet1-1989": [Message("fact.lenet1-1989.open"), Message("fact.lenet1-1989.logits")],
}
