"""The same network in another program."""

import builtins
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from lenet import networks
from lenet.cli.main import main
from lenet.errors import LenetError
from lenet.networks.activations import trace
from lenet.runs import export, models


@pytest.mark.parametrize("name", [*models.pretrained()])
def test_onnx_reads_as_torch_does_for_any_number_of_digits(name: str, sample, tmp_path: Path) -> None:
    file = tmp_path / "network.onnx"
    export.onnx(name, file)
    session = onnxruntime.InferenceSession(file)
    network = models.load_model(name)
    for count in (1, 7):
        images = sample.test.images[:count]
        (found,) = session.run(["probabilities"], {"images": images.numpy()})
        expected = network.probabilities(networks.infer(network, images)).numpy()
        np.testing.assert_allclose(found, expected, atol=1e-5)
    told = session.get_modelmeta().custom_metadata_map
    assert (told["lenet.network"], told["lenet.run"]) == (name, models.load_run(name).key)


def test_the_command_and_the_lines_of_the_readme(
    tmp_path: Path, sample, capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["export", "--network", "lenet5"]) == 0
    assert "Saved lenet5 to lenet5.onnx." in capsys.readouterr().out
    readme = (Path(__file__).parent.parent.parent / "README.md").read_text(encoding="utf-8")
    lines = readme.split("```python\nimport onnxruntime")[1].split("```")[0]
    image = sample.test.images[0]
    np.save("image.npy", image.numpy())
    done = subprocess.run(
        [sys.executable, "-c", f"import onnxruntime{lines}"], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) == int(trace(models.load_model("lenet5"), image).probabilities.argmax())


def test_weights_can_be_exported_too(tmp_path: Path) -> None:
    file = tmp_path / "other.safetensors"
    assert main(["export", "--network", "lenet5", "--to", "safetensors", "--output", str(file)]) == 0
    assert file.is_file()


def test_without_the_extra_it_is_told_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def missing(name: str, *more: object) -> object:
        if name == "onnxscript":
            raise ImportError("No module named 'onnxscript'")
        return real(name, *more)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(LenetError, match=r'pip install "\.\[export\]"'):
        export.onnx("lenet5", tmp_path / "x.onnx")
