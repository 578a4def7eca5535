"""Runs that nobody trained."""

from pathlib import Path

import torch

from lenet import networks
from lenet.runs.run import Run
from lenet.training.recipe import Recipe


def a_run(number: int = 1, **other: object) -> Run:
    values = {"epoch": 1, "history": (), "correct": 9, "total": 10, "seconds": 1.0, "device": "cpu", "data": "little"}
    about = {"key": f"{number:064x}", "recipe": Recipe(), "date": f"2026-01-{number:02}T00:00:00+00:00"}
    return Run(**{**values, **about, **other})


def weights(seed: int = 0) -> dict[str, torch.Tensor]:
    return networks.create("lenet5", torch.Generator().manual_seed(seed)).state_dict()


def files(folder: Path) -> set[str]:
    """The names of what is kept in a folder of runs."""
    return {file.name for file in folder.iterdir() if not file.name.endswith(".lock")}
