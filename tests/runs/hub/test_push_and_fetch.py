"""What is pushed to the Hub is what `hf:USER/NAME` reads elsewhere; and what pushing refuses."""

import json
import os
from dataclasses import asdict, replace
from pathlib import Path

import pytest
import torch
from hub import TOKEN
from training import QUICK, trained

import lenet
from lenet import networks
from lenet.errors import InvalidError, LenetError, UnknownModelError
from lenet.runs import cache, models
from lenet.runs.hub import cache as hub_cache
from lenet.runs.hub import push
from lenet.runs.hub.download import UnreachableError
from lenet.runs.hub.load import local_name
from lenet.training.recipe import Recipe


def test_a_run_that_was_pushed_is_read_elsewhere_to_the_bit(hub, little, monkeypatch, tmp_path: Path) -> None:
    run = trained(QUICK, little).run
    expected = models.load_model(run.key).state_dict()
    assert push.push(run.key[:8], "mia/mine") == f"{hub.address}/mia/mine"
    repository = hub.repositories["mia/mine"]
    assert repository.commits == 1
    assert not repository.private
    assert json.loads(repository.files["plan.json"])["steps"][0]["name"] == "C1"
    monkeypatch.setenv("LENET_HOME", str(tmp_path / "elsewhere"))
    weights = lenet.load_model("hf:mia/mine").state_dict()
    assert weights.keys() == expected.keys()
    assert all(torch.equal(values, expected[name]) for name, values in weights.items())


def test_a_model_of_the_hub_has_a_key_and_is_no_stored_run(hub, little) -> None:
    run = trained(QUICK, little).run
    push.push(run.key, "mia/mine")
    key = local_name("hf:mia/mine")
    fetched = models.load_run(key)
    assert key == fetched.key != run.key
    assert fetched == replace(run, key=key, title="hf:mia/mine", snapshots=())
    assert [stored.key for stored in cache.stored()] == [run.key]
    assert cache.find(key) is None
    with pytest.raises(UnknownModelError, match="keeps only its final weights"):
        models.open_model(local_name("hf:mia/mine@1"))
    further = trained(Recipe(**{**asdict(QUICK), "start": models.resolve(key)}), little).run
    assert further.recipe.start == key


def test_a_pretrained_network_is_pushed_under_another_key_than_its_own(hub) -> None:
    push.push("lenet1-1989", "mia/old")
    assert local_name("hf:mia/old") != models.load_run("lenet1-1989").key
    assert models.load_run("lenet1-1989").title == ""


def test_the_hub_is_asked_for_the_revision_and_sends_a_file_once(hub) -> None:
    push.push("lenet1-1989", "mia/old")
    first = local_name("hf:mia/old")
    hub.asked.clear()
    assert local_name("hf:mia/old") == first
    assert [method for method, *_ in hub.asked] == ["HEAD"]
    push.push("lenet5", "mia/old")
    assert models.load_run(local_name("hf:mia/old")).recipe.network == "lenet5"
    assert models.load_run(first).recipe.network == "lenet1-1989"  # for whoever reads with it now


def test_without_the_hub_the_copy_counts_but_not_on_a_public_page(hub, monkeypatch) -> None:
    push.push("lenet1-1989", "mia/old")
    key = local_name("hf:mia/old")
    hub.down = True
    assert local_name("hf:mia/old") == key
    with pytest.raises(UnreachableError, match="HTTP 503"):
        local_name("hf:mia/other")
    monkeypatch.setenv("LENET_PUBLIC", "1")
    with pytest.raises(UnreachableError):
        local_name("hf:mia/old")


def test_a_private_model_is_read_by_its_owner_and_by_nobody_with_the_owners_token(hub, monkeypatch) -> None:
    push.push("lenet1-1989", "mia/secret", private=True)
    assert hub.repositories["mia/secret"].private
    assert local_name("hf:mia/secret")
    assert {token for method, _, token in hub.asked if method in ("HEAD", "GET")} == {TOKEN}
    hub.asked.clear()
    monkeypatch.setenv("LENET_PUBLIC", "1")
    with pytest.raises(UnknownModelError, match="or it is private"):
        local_name("hf:mia/secret")
    assert {token for *_, token in hub.asked} == {""}


def test_the_folder_keeps_the_models_used_last(hub, monkeypatch) -> None:
    keys = []
    for network in ("lenet1-1989", "lenet-28"):
        push.push(network, f"mia/{network}")
        keys.append(local_name(f"hf:mia/{network}"))
        os.utime(hub_cache.path(keys[-1]), (1, 1))
    models.load_run(keys[0])  # it is the last used now
    push.push("lenet5", "mia/lenet5")
    monkeypatch.setattr(hub_cache, "MAX_FOLDER", 400_000)
    keys.append(local_name("hf:mia/lenet5"))
    assert [hub_cache.has(key) for key in keys] == [True, False, True]
    assert sorted(note.name for note in hub_cache.folder().glob("*.json")) == [
        "mia--lenet1-1989.json",
        "mia--lenet5.json",
    ]
    with pytest.raises(UnknownModelError):
        models.load_run(keys[1])


def test_a_copy_that_was_spoilt_is_fetched_anew(hub) -> None:
    push.push("lenet1-1989", "mia/old")
    key = local_name("hf:mia/old")
    hub_cache.path(key).write_bytes(hub_cache.path(key).read_bytes()[:-1])
    with pytest.raises(LenetError, match="can't be read"):
        models.load_run(key)
    assert models.load_run(local_name("hf:mia/old")).recipe.network == "lenet1-1989"


@pytest.mark.parametrize(
    "name", ["mine", "", "mia/", "/mine", "mia/a/b", "mia/a--b", "mia/..", "../x", "mía/x", "m/x\n"]
)
def test_a_name_is_that_of_a_repository(hub, name: str) -> None:
    for act in (lambda: push.push("lenet5", name), lambda: local_name(f"hf:{name}")):
        with pytest.raises(InvalidError, match="is not the name of a repository on the Hub"):
            act()
    assert hub.asked == []


def test_a_single_epoch_is_not_pushed(hub) -> None:
    with pytest.raises(InvalidError, match="single epoch"):
        push.push("0" * 64 + "@1", "mia/mine")


def test_who_may_not_write_is_told_and_nothing_is_left(hub, monkeypatch) -> None:
    with pytest.raises(LenetError, match="You may not write to ann/mine"):
        push.push("lenet5", "ann/mine")
    with pytest.raises(LenetError, match="does not accept your token"):
        push.push("lenet5", "mia/mine", token="hf_wrong")
    monkeypatch.delenv("HF_TOKEN")
    with pytest.raises(LenetError, match="You are not signed in"):
        push.push("lenet5", "mia/mine")
    assert hub.repositories == {}


@pytest.mark.parametrize(("status", "says"), [(403, "may not write"), (400, r"refused .*HTTP 400"), (413, "HTTP 413")])
def test_a_commit_is_whole_or_not_there(hub, status: int, says: str) -> None:
    hub.refuse_commits = status
    with pytest.raises(LenetError, match=says):
        push.push("lenet5", "mia/mine")
    assert hub.repositories["mia/mine"].files.keys() == {".gitattributes"}
    hub.refuse_commits = 0
    push.push("lenet5", "mia/mine")  # into the empty repository that is there now
    assert hub.repositories["mia/mine"].commits == 1


def test_what_is_no_model_of_lenet_is_left_as_it_is(hub) -> None:
    push.push("lenet5", "mia/mine")
    with pytest.raises(LenetError, match="is public already"):
        push.push("lenet5", "mia/mine", private=True)
    hub.repositories["mia/mine"].files = {"README.md": b"---\ntags: [novel]\n---\n"}
    with pytest.raises(LenetError, match="holds something other than a lenet model"):
        push.push("lenet5", "mia/mine")
    assert hub.repositories["mia/mine"].commits == 1


def test_without_a_connection_both_say_so(hub, monkeypatch) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    for act in (lambda: push.push("lenet5", "mia/mine"), lambda: local_name("hf:mia/mine")):
        with pytest.raises(UnreachableError, match=r"can't be reached now \(ConnectError\)"):
            act()


def test_every_network_can_be_fetched(hub) -> None:
    for name in models.pretrained():
        push.push(name, f"mia/{name}")
        weights = lenet.load_model(f"hf:mia/{name}").state_dict()
        assert all(
            torch.equal(values, weights[tensor]) for tensor, values in models.load_model(name).state_dict().items()
        )
    assert {*models.pretrained()} <= networks.REGISTRY.keys()
