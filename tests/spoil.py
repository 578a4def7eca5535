"""Ways in which a weights file can be damaged."""

from pathlib import Path


def header(file: Path) -> None:
    file.write_bytes(b"\xff" * 64 + file.read_bytes()[64:])


def weights(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[-100] ^= 1  # of the output layer: tensors lie in the order of their names
    file.write_bytes(content)


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:1000])


ALL = [header, weights, cut]
