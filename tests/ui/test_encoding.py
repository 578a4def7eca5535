import pytest
import torch

from lenet.ui.encoding import encode_int8


def test_what_is_next_to_nothing_is_encoded_as_nothing() -> None:
    faint = torch.tensor([0.001, -0.02])
    assert encode_int8("F6", faint)["scale"] == pytest.approx(0.02)
    assert encode_int8("F6", faint, least=0.05)["scale"] == 1.0
    assert encode_int8("F6", torch.zeros(2))["scale"] == 1.0
