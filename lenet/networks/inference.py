"""Networks over many images at once."""

import torch
from torch import Tensor

from lenet.networks.base import LeNet


@torch.inference_mode()
def infer(network: LeNet, images: Tensor, batch: int = 1000) -> Tensor:
    """Compute logits (N, 10), on the CPU, of uint8 images (N, 32, 32), whatever devices both are on."""
    device = next(network.parameters()).device
    parts = [network(network.preprocess(part.to(device))).cpu() for part in images.split(batch)]
    return torch.cat(parts) if parts else torch.empty(0, 10)
