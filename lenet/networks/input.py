"""How images become the input of a network: in numbers, which its plan carries too."""

from dataclasses import dataclass
from functools import cache, cached_property

import torch
from torch import Tensor
from torch.nn.functional import interpolate

from lenet.digits.geometry import INPUT_SIDE

FULL = 255  # of ink


@dataclass(frozen=True)
class Input:
    """What `channels` x `side` x `side` values a network takes of an image of 32x32 pixels.

    `crop` pixels are cut off at each side; what is left is downscaled to `side`, anti-aliased, if it is larger. A value
    is `scale` times the ink, 0 to 1, plus `offset`. With three channels a grey image stands on each of them.
    """

    channels: int = 1
    crop: int = 0
    side: int = INPUT_SIDE
    scale: float = 1.0
    offset: float = 0.0

    @property
    def shape(self) -> tuple[int, int, int]:
        """Channels, rows and columns."""
        return self.channels, self.side, self.side

    @property
    def pixel(self) -> float:
        """How many pixels of the image one pixel of the input covers, along one axis."""
        return (INPUT_SIDE - 2 * self.crop) / self.side

    @cached_property
    def resize(self) -> Tensor | None:
        """The matrix R (side, pixels left) of downscaling an image X, to R X R'; None if it keeps its size."""
        left = INPUT_SIDE - 2 * self.crop
        if left == self.side:
            return None
        size = (self.side, left)
        return interpolate(torch.eye(left)[None, None], size=size, mode="bilinear", antialias=True)[0, 0]

    def take(self, images: Tensor) -> Tensor:
        """Turn images (N, 32, 32), or (N, 3, 32, 32) in colour, 0 paper to 255 ink, into floats (N, *shape)."""
        last = INPUT_SIDE - self.crop
        x = images[..., self.crop : last, self.crop : last].float() * (self.scale / FULL) + self.offset
        if self.resize is not None:
            resize = _on(self.resize, x.device)
            x = resize @ x @ resize.T  # its rows add up to 1, so the offset may come before it
        return x if x.dim() == 4 else x.unsqueeze(1).expand(-1, self.channels, -1, -1)


@cache
def _on(matrix: Tensor, device: torch.device) -> Tensor:
    return matrix.to(device)


def normalized(mean: float, deviation: float, channels: int = 1, crop: int = 0) -> Input:
    """Take pixels in deviations from the mean."""
    return Input(channels, crop, INPUT_SIDE - 2 * crop, 1 / deviation, -mean / deviation)
