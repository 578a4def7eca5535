"""A run is saved on the Hub by who is signed in, and opened again by its name, on a page that is a Space."""

import importlib.util
from pathlib import Path

import pytest
from fakes import a_run
from hub import TOKEN, serving
from linking import copy, new_context
from playwright.sync_api import Browser, expect
from provider import CLIENT, Provider
from steps import arrive, expect_settled, model

from lenet.runs import models, store


@pytest.mark.skipif(importlib.util.find_spec("authlib") is None, reason="needs authlib: pip install gradio[oauth]")
def test_a_run_is_saved_by_who_is_signed_in_and_opened_by_its_name(
    browser: Browser, serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LENET_HOME", str(tmp_path))
    store.ensure_writable()
    run = store.save(a_run(title="my run"), models.load_model("lenet5").state_dict(), [])
    with serving() as hub:
        hub.signs_in = Provider(hub.address).answer
        space = {"SYSTEM": "spaces", "SPACE_ID": "mia/page", "OPENID_PROVIDER_URL": hub.address, **CLIENT}
        address = serve(LENET_HOME=str(tmp_path), HF_ENDPOINT=hub.address, HF_TOKEN="", **space)
        context = new_context(browser)
        context.add_init_script(f"localStorage.setItem('lenet.runs', '[\"{run.key}\"]')")
        page = context.new_page()
        troubles: list[object] = []
        page.on("pageerror", lambda error: troubles.append(error))
        arrive(page, address)
        page.get_by_role("tab", name="Runs").click()
        sign_in = page.get_by_role("link", name="Sign in with Hugging Face")
        sign_in.click()
        expect(page.get_by_text("Signed in as mia")).to_be_visible(timeout=30_000)
        expect(sign_in).to_be_hidden()
        page.get_by_label("Repository").fill("mia/mine")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_role("link", name=f"{hub.address}/mia/mine")).to_be_visible()
        assert hub.repositories["mia/mine"].commits == 1
        assert TOKEN in {token for _, path, token in hub.asked if path == "/api/repos/create"}

        page.get_by_role("tab", name="Draw").click()
        page.get_by_label("Model", exact=True).select_option("From the Hub…")
        page.keyboard.type("mia/other")
        page.keyboard.press("Enter")
        expect(page.get_by_text("There's no model.safetensors in mia/other on the Hub")).to_be_visible()
        page.get_by_role("textbox", name="Model on the Hugging Face Hub").fill("mia/mine")
        page.keyboard.press("Enter")
        expect(model(page)).to_have_text("hf:mia/mine")
        expect_settled(page)
        link = copy(page)
        assert "run=hf:mia/mine" in link
        with browser.new_context() as other:
            receiver = other.new_page()
            arrive(receiver, link)
            expect(model(receiver)).to_have_text("hf:mia/mine")
            stranger = other.new_page()
            arrive(stranger, link.replace("mia/mine", "mia/other"))
            words = "The link's model hf:mia/other can't be opened here, so lenet5 reads. There's no model.safetensors"
            expect(stranger.get_by_text(words)).to_be_visible()
        page.get_by_role("tab", name="Runs").click()
        page.get_by_role("link", name="Sign out").click()
        expect(sign_in).to_be_visible(timeout=30_000)
        assert troubles == []
        context.close()
