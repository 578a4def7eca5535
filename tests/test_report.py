import pytest
import torch

from lenet.report import Report, report


def test_counts_what_is_read_correctly() -> None:
    logits = torch.eye(10)[[3, 1, 4, 1, 5]]
    result = report(logits, torch.tensor([3, 1, 4, 2, 6]))
    assert result == Report(correct=3, total=5)
    assert result.accuracy == 0.6


def test_the_interval_is_wilsons() -> None:
    # 81 of 263: the worked example of Newcombe, Statistics in Medicine 17, 1998, table I
    assert Report(81, 263).interval == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert Report(15, 148).interval == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert Report(0, 20).interval == pytest.approx((0.0, 0.1611), abs=5e-5)


def test_no_digits_no_report() -> None:
    with pytest.raises(ValueError, match="at least one digit"):
        report(torch.empty(0, 10), torch.empty(0, dtype=torch.long))
