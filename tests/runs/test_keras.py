"""The same network in Keras, in a process that knows nothing of lenet."""

import builtins
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from training import QUICK, trained

from lenet import networks
from lenet.cli.main import main
from lenet.errors import LenetError
from lenet.networks.activations import trace
from lenet.networks.base import ACTIVATIONS
from lenet.runs import export, models

README = Path(__file__).parent.parent.parent / "README.md"
DIGITS = 50
LOADS = """
import json, sys
import keras, numpy
images, found = numpy.load("images.npy"), {}
for name in sys.argv[1:]:
    model = keras.models.load_model(f"{name}.keras")
    values = keras.Model(model.inputs, {layer.name: layer.output for layer in model.layers}).predict(images, verbose=0)
    numpy.savez(f"{name}.npz", **values)
    kinds = {type(layer).__module__.partition(".")[0] for layer in model.layers}
    found[name] = [model.name, str(model.inputs[0].dtype), sorted(kinds)]
print(json.dumps({"models": found, "lenet": "lenet" in sys.modules}))
"""
pytestmark = pytest.mark.filterwarnings(
    "ignore:__array__ implementation doesn't accept a copy keyword:DeprecationWarning"  # Keras on PyTorch, of NumPy
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder, which is Keras's own too: it writes its settings when it is imported."""
    return tmp_path_factory.mktemp("keras")


@pytest.fixture(autouse=True)
def nothing_chosen(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(folder))


def elsewhere(program: str, folder: Path, *arguments: str) -> str:
    """Run a program in a process of its own that has PyTorch for Keras; return what it prints."""
    environment = {**os.environ, "KERAS_BACKEND": "torch"}
    command = [sys.executable, "-c", program, *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_keras_reads_as_torch_does_in_a_process_without_lenet(folder: Path, sample) -> None:
    images = sample.test.images[:DIGITS]
    np.save(folder / "images.npy", images.numpy())
    names = [*models.pretrained()]
    for name in names:
        export.keras(name, folder / f"{name}.keras")
    told = json.loads(elsewhere(LOADS, folder, *names))
    assert told == {"models": {name: [name, "uint8", ["keras"]] for name in names}, "lenet": False}
    for name in names:
        network = models.load_model(name)
        found = np.load(folder / f"{name}.npz")
        assert found["probabilities"].dtype == np.float32
        expected = network.probabilities(networks.infer(network, images)).numpy()
        np.testing.assert_allclose(found["probabilities"], expected, atol=1e-5)
        raw = trace(network, images[0]).raw
        for layer in network.layers:  # under the paper's names, before activation; a bias for every unit stands apart
            values = found[f"{layer}_bias" if f"{layer}_bias" in found else layer][0]
            values = values.transpose(2, 0, 1) if values.ndim == 3 else values
            largest = float(raw[layer].abs().max())
            np.testing.assert_allclose(values, raw[layer].numpy(), atol=1e-5 * largest, err_msg=f"{name} {layer}")


def test_every_network_can_be_exported_with_or_without_pretrained_weights(sample) -> None:
    from lenet.runs import keras_model

    assert keras_model.ACTIVATIONS.keys() == ACTIVATIONS.keys()
    images = sample.test.images[:2]
    for name in networks.REGISTRY.keys() - models.pretrained().keys():
        network = networks.create(name, torch.Generator().manual_seed(1)).requires_grad_(False)
        weights = {key: values.numpy() for key, values in network.state_dict().items()}
        found = keras_model.build(name, networks.entry(name).plan, weights).predict(images.numpy(), verbose=0)
        expected = network.probabilities(networks.infer(network, images)).numpy()
        np.testing.assert_allclose(found, expected, atol=1e-5)


def test_the_command_exports_a_run_and_the_lines_of_the_readme_read_it(
    folder: Path, little, capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    key = trained(QUICK, little).run.key
    assert main(["export", "--run", key[:12], "--to", "keras", "--output", "lenet5.keras"]) == 0
    assert f"Saved {key[:12]} to lenet5.keras." in capsys.readouterr().out
    image = little.test.images[0]
    np.save("image.npy", image.numpy())
    lines = README.read_text(encoding="utf-8").split("```python\nimport keras")[1].split("```")[0]
    found = int(elsewhere(f"import keras{lines}", folder))
    assert found == int(trace(models.load_model(key), image).probabilities.argmax())


def test_where_no_backend_is_chosen_it_is_torch_and_the_environment_stays_as_it_was(tmp_path: Path) -> None:
    import keras

    export.keras("lenet5", tmp_path / "lenet5.keras")
    assert keras.backend.backend() == "torch"
    assert "KERAS_BACKEND" not in os.environ


@pytest.mark.parametrize(
    ("error", "backend", "says"),
    [
        (
            ImportError("No module named 'keras'", name="keras"),
            "jax",
            r'Keras export needs.*pip install "\.\[export\]"',
        ),
        (ImportError("No module named 'h5py'", name="h5py"), "", r'Keras export needs.*"\.\[export\]"'),
        (ImportError("No module named 'jax'", name="jax"), "jax", "No module named 'jax'.*Set KERAS_BACKEND to torch"),
        (ValueError("Unable to import backend : x"), "x", "Unable to import backend : x.*Set KERAS_BACKEND to torch"),
    ],
)
def test_what_keeps_keras_from_starting_is_told_with_the_way_out(
    error: Exception, backend: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def failing(name: str, *more: object) -> object:
        if name == "keras":
            raise error
        return real(name, *more)

    monkeypatch.setattr(builtins, "__import__", failing)
    monkeypatch.delitem(sys.modules, "lenet.runs.keras_model", raising=False)
    monkeypatch.delattr("lenet.runs.keras_model", raising=False)
    monkeypatch.setenv("KERAS_BACKEND", backend)
    with pytest.raises(LenetError, match=says):
        export.keras("lenet5", tmp_path / "lenet5.keras")
    assert os.environ.get("KERAS_BACKEND", "") == backend


def test_a_name_that_keras_would_not_open_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LenetError, match=r"ends in \.keras, not .*lenet5\.h5"):
        export.keras("lenet5", tmp_path / "lenet5.h5")
