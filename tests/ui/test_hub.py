"""The Hub on the page: opening a model, and saving a run for who is signed in."""

from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest
from awaiting import awaited
from fakes import a_run
from gradio import oauth
from hub import TOKEN
from said import said

from lenet.runs import models, store
from lenet.runs.hub.push import push
from lenet.ui import hub as page
from lenet.ui import threads, weights
from lenet.ui.loading import loader
from lenet.ui.pages import runs
from lenet.ui.queue import TrainingQueue

SPACE = {"SYSTEM": "spaces", "SPACE_ID": "mia/page", **dict.fromkeys(page.SETTINGS, "x")}
OWN = {"origin": "https://mia-page.hf.space", "host": "mia-page.hf.space"}


@pytest.fixture
def key() -> str:
    store.ensure_writable()
    return store.save(a_run(), models.load_model("lenet5").state_dict(), []).key


def asker(**headers: str) -> tuple[Any, gr.OAuthProfile]:
    """A request with these headers, and who is signed in."""
    profile = {"name": "Mia", "preferred_username": "mia", "profile": "", "picture": ""}
    return SimpleNamespace(headers={**OWN, **headers}), oauth.OAuthProfile(profile)


def views(asked: Any, token: str | None = TOKEN, **headers: str) -> list[dict[str, Any]]:
    """What the part is shown while `asked` is saved."""
    request, profile = asker(**headers)

    async def all_views() -> list[dict[str, Any]]:
        given = token and oauth.OAuthToken(token=token, scope="", expires_at=0)
        return [view async for view in page.save(gr.EventData(None, asked), request, profile, given)]

    return awaited(all_views())


def test_a_model_is_opened_by_its_name_and_known_by_its_key(hub) -> None:
    push("lenet5", "mia/mine")
    about = loader(TrainingQueue())({"model": "hf:mia/mine"})["about"]
    assert about == loader(TrainingQueue())({"model": about["id"]})["about"]
    assert (about["title"], about["pretrained"], len(about["id"])) == ("hf:mia/mine", False, 64)
    assert about["weights"] == weights.address(about["id"])
    assert about["weights"].count("/") == 2
    missing = loader(TrainingQueue())({"model": "hf:mia/none"})
    assert "There's no model.safetensors in mia/none" in said(missing["error"])


def test_others_wait_while_a_model_is_fetched(hub, monkeypatch) -> None:
    monkeypatch.setattr(threads, "PATIENCE", 0.01)
    with page._opening():
        answer = loader(TrainingQueue())({"model": "hf:mia/mine"})
    assert answer["again"]
    assert hub.asked == []


def test_nothing_but_opening_asks_the_hub(hub) -> None:
    from lenet.ui import form
    from lenet.ui.pages import testset

    assert "hf:mia/mine" in said(testset.test({"do": "read", "model": "hf:mia/mine", "from": 0})["error"])
    with pytest.raises(ValueError, match="hf:mia/mine"):
        form.recipe({"start": "current"}, "sample", "hf:mia/mine")
    assert hub.asked == []


def test_a_run_is_saved_for_who_is_signed_in(hub, key: str, monkeypatch) -> None:
    monkeypatch.delenv("HF_TOKEN")
    first, last = views({"key": key, "repository": "mia/mine", "private": True})
    assert first["saving"]
    assert (last["user"], last["failed"], last["address"]) == ("mia", False, f"{hub.address}/mia/mine")
    assert hub.repositories["mia/mine"].private
    assert TOKEN not in str([first, last])


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (None, "can't read this request"),
        ({"repository": "mia/x", "private": False}, "can't read this request"),
        ({"key": "lenet5", "repository": "mia/x", "private": False}, "can't read this request"),
        ({"key": "0" * 64, "repository": "mia/x", "private": False}, "No network or run is called"),
        ({"key": "KEY", "repository": "x", "private": False}, "is not the name of a repository"),
        ({"key": "KEY", "repository": "ann/x", "private": False}, "You may not write to ann/x"),
        ({"key": "KEY", "repository": "mia/x", "private": 1}, "can't read this request"),
    ],
)
def test_what_cannot_be_saved_comes_back_as_a_word(hub, key: str, asked: Any, says: str) -> None:
    asked = {**asked, "key": key} if asked and asked.get("key") == "KEY" else asked
    last = views(asked)[-1]
    assert last["failed"]
    assert not last["saving"]
    assert says in said(last["message"])
    assert hub.repositories == {}


def test_another_website_does_not_hear_who_is_signed_in(hub, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert page.who(*asker())["user"] == "mia"
    assert page.who(asker()[0], None)["user"] == ""
    monkeypatch.setenv("SPACE_HOST", "mia-page.hf.space, digits.example")
    assert page.who(*asker(origin="https://digits.example"))["user"] == "mia"
    for origin in ("https://evil.example", "null", "https://mia-page.hf.space.evil.example"):
        headers = {"origin": origin, "x-forwarded-host": origin.removeprefix("https://")}  # a script can send this one
        assert page.who(*asker(**headers))["user"] == ""
        assert "mia" not in str(views({"key": key, "repository": "x/y", "private": False}, origin=origin))


def test_nobody_saves_for_another_or_from_another_site(hub, key: str) -> None:
    asked = {"key": key, "repository": "mia/mine", "private": False}
    for refused in (views(asked, token=None), views(asked, origin="https://evil.example")):
        assert "You are not signed in" in said(refused[-1]["message"])
    assert "Sign out, and sign in again" in said(views(asked, token="hf_old")[-1]["message"])
    assert hub.repositories == {}


def test_few_save_at_once(hub, key: str) -> None:
    with page._saving(), page._saving():
        last = views({"key": key, "repository": "mia/mine", "private": False})[-1]
    assert last["failed"]
    assert hub.asked == []


@pytest.mark.parametrize("lacking", [*SPACE, *page.PACKAGES, None])
def test_signing_in_is_offered_where_it_works(monkeypatch: pytest.MonkeyPatch, lacking: str | None) -> None:
    monkeypatch.setattr(page, "find_spec", lambda name: None if name == lacking else SPACE)
    for name, value in SPACE.items():
        monkeypatch.setenv(name, value)
    if lacking:
        monkeypatch.delenv(lacking, raising=False)
    assert page.has_sign_in() == (lacking is None)


@pytest.mark.parametrize("offered", [True, False])
def test_who_cannot_sign_in_is_not_asked_to(monkeypatch: pytest.MonkeyPatch, offered: bool) -> None:
    monkeypatch.setattr(page, "has_sign_in", lambda: offered)
    built: list[object] = []
    monkeypatch.setattr(page, "build", built.append)
    runs.build()
    assert built == [runs.manage] * offered
