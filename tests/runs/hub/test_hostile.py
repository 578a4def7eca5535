"""Repositories that mean harm: each is refused in a sentence, and nothing of it is kept."""

import json
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from hub import Hub, Repository
from safetensors.torch import save as to_bytes

from lenet import networks
from lenet.errors import LenetError, UnknownModelError
from lenet.runs import models, store
from lenet.runs.hub import cache, download
from lenet.runs.hub.download import UnreachableError
from lenet.runs.hub.load import local_name

NETWORK = "lenet1-1989"


class Bomb:
    """What runs code when it is unpickled."""

    def __reduce__(self) -> tuple[Callable[[str], object], tuple[str]]:
        return Path.touch, (Path("bomb"),)


def tensors() -> dict[str, torch.Tensor]:
    return dict(models.load_model(NETWORK).state_dict())


def header(**changed: object) -> dict[str, object]:
    """The header of a good file, with some values of its run changed."""
    plan = networks.entry(NETWORK).plan.to_json()
    return {"lenet": {**models.load_run(NETWORK).to_header(), **changed}, "plan": plan}


def file(weights: dict[str, torch.Tensor] | None = None, **entries: object) -> bytes:
    """A file of these weights, whose header is good but for some entries."""
    weights = tensors() if weights is None else weights
    about = {**header(weights=store.digest(weights)), **entries}
    return to_bytes(
        weights, {name: value if isinstance(value, str) else json.dumps(value) for name, value in about.items()}
    )


def crafted(shape: list[int], offsets: list[int]) -> bytes:
    """A file whose header says that a tensor is of an absurd shape."""
    text = {name: json.dumps(value) for name, value in header().items()}
    head = json.dumps({"__metadata__": text, "C1.weight": {"dtype": "F32", "shape": shape, "data_offsets": offsets}})
    return len(head).to_bytes(8, "little") + head.encode()


def run(**changed: object) -> bytes:
    return file(lenet=header(**{"weights": store.digest(tensors()), **changed})["lenet"])


FILES = {
    "a pickle": (lambda: pickle.dumps(Bomb()), "not a safetensors file"),
    "nothing": (lambda: b"", "not a safetensors file"),
    "half a file": (lambda: file()[:-9], "not a safetensors file"),
    "a shape of 10^18 bytes": (lambda: crafted([2**29, 2**29], [0, 2**60]), "not a safetensors file"),
    "a shape of no bytes": (lambda: crafted([0, 2**62], [0, 0]), "tensors are not those of"),
    "no header": (lambda: to_bytes(tensors()), "does not describe a run"),
    "no JSON": (lambda: file(lenet="{"), "does not describe a run"),
    "JSON without end": (lambda: file(lenet="[" * 200_000), "does not describe a run"),
    "a run that is a list": (lambda: file(lenet=[1]), "does not describe a run"),
    "another network": (lambda: run(recipe={"network": "resnet"}), "does not describe a run"),
    "a key that is a path": (lambda: run(key="../../x"), "does not describe a run"),
    "a title that is an object": (lambda: run(title={"a": 1}), "does not describe a run"),
    "a device that is a number": (lambda: run(device=5), "does not describe a run"),
    "endless figures": (lambda: run(correct=10**400, total=10**400), "does not describe a run"),
    "no number": (lambda: run(seconds=float("nan")), "does not describe a run"),
    "losses that are words": (lambda: run(history=[dict.fromkeys(models.load_run(NETWORK).history[0], "x")]), "a run"),
    "no plan": (lambda: file(plan=None), "does not describe a run and a plan"),
    "another plan": (lambda: file(plan=networks.entry("lenet5").plan.to_json()), "plan is not that of lenet1-1989"),
    "other tensors": (lambda: file(dict(models.load_model("lenet5").state_dict())), "tensors are not those of"),
    "one tensor more": (lambda: file({**tensors(), "more": torch.zeros(1)}), "tensors are not those of"),
    "doubles": (lambda: file({name: value.double() for name, value in tensors().items()}), "tensors are not those of"),
    "other weights": (lambda: run(weights="0" * 64), "don't match their checksum"),
    "no numbers": (lambda: file({name: value * torch.nan for name, value in tensors().items()}), "not finite"),
}


def offer(hub: Hub, content: bytes) -> Repository:
    hub.repositories["eve/model"] = Repository(files={"model.safetensors": content, "README.md": b"- " * 1000})
    return hub.repositories["eve/model"]


@pytest.mark.parametrize("kind", FILES)
def test_what_is_no_model_is_refused(hub, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    make, says = FILES[kind]
    offer(hub, make())
    with pytest.raises(LenetError, match=f"in eve/model on the Hub is not a lenet model: .*{says}"):
        local_name("hf:eve/model")
    assert {path.rpartition("/")[2] for _, path, _ in hub.asked if path.startswith("/eve/")} == {"model.safetensors"}
    assert not cache.folder().exists()
    assert not Path("bomb").exists()


def test_the_good_file_is_taken_and_its_words_are_not(hub) -> None:
    offer(hub, run(title="lenet5\n<b>", key=models.load_run("lenet5").key))
    found = models.load_run(local_name("hf:eve/model"))
    assert found.title == "hf:eve/model"
    assert models.load_run("lenet5").recipe.network == "lenet5"  # whose key it claims
    assert found.key != models.load_run("lenet5").key


def test_a_file_of_before_the_fitted_posterior_is_taken(hub) -> None:
    run = models.load_run("lenet5-1998")
    weights = dict(models.load_model("lenet5-1998").state_dict())
    del weights["output.rubbish"], weights["output.temperature"]
    plan = networks.entry("lenet5-1998").plan.to_json()
    del plan["posterior"]
    about = {"lenet": {**run.to_header(), "weights": store.digest(weights)}, "plan": plan}
    offer(hub, file(weights, **about))
    assert float(models.load_model(local_name("hf:eve/model")).output.temperature) == 1


def test_a_large_file_is_refused_before_it_comes(hub) -> None:
    offer(hub, b"x" * (download.MAX_BYTES + 1))
    with pytest.raises(LenetError, match=r"has 8\.0 MB; at most 8 MB"):
        local_name("hf:eve/model")
    assert [method for method, *_ in hub.asked] == ["HEAD"]


def test_a_file_is_no_larger_than_its_size(hub) -> None:
    hub.said = {"X-Linked-Size": "1000"}
    offer(hub, run())
    with pytest.raises(UnreachableError, match="not its answer"):
        local_name("hf:eve/model")


@pytest.mark.parametrize("place", ["http://127.0.0.1:9/x", "file:///etc/passwd", "/eve/model/resolve/main/README.md"])
def test_redirects_lead_to_the_hub_itself_or_over_https(hub, place: str) -> None:
    hub.moved = place
    offer(hub, run())
    with pytest.raises(UnreachableError, match="not its answer"):
        local_name("hf:eve/model")
    assert len(hub.asked) <= 2 + download.MAX_REDIRECTS


def test_a_file_that_comes_too_slowly_is_given_up(hub, monkeypatch) -> None:
    monkeypatch.setattr(download, "DEADLINE", 0.0)
    offer(hub, file() + b"x" * 200_000)
    with pytest.raises(UnreachableError, match="too slowly"):
        local_name("hf:eve/model")


@pytest.mark.parametrize("said", [{"X-Repo-Commit": "../../x"}, {"X-Repo-Commit": ""}])
def test_an_answer_that_is_not_the_hubs_is_none(hub, said: dict[str, str]) -> None:
    hub.said = said
    offer(hub, run())
    with pytest.raises(UnreachableError, match="not its answer"):
        local_name("hf:eve/model")


def test_a_repository_without_the_file_is_said_to_have_none(hub) -> None:
    hub.repositories["eve/empty"] = Repository()
    for name in ("eve/empty", "eve/nobody"):
        with pytest.raises(UnknownModelError, match=rf"There's no model.safetensors in {name}"):
            local_name(f"hf:{name}")
