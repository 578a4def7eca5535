"""The page without a server, written to a folder."""

from pathlib import Path

import pytest
from fakes import a_run
from playwright.sync_api import Locator, Page, expect

from lenet.runs import models, store
from lenet.ui import folder, site
from lenet.ui.pages import testset

RUN = "A run of mine"


def write_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a site in some/where of a folder, with one run whose weights are those of lenet5. Returns the folder."""
    place = tmp_path_factory.mktemp("served")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LENET_HOME", str(tmp_path_factory.mktemp("home")))
        patch.setattr(testset, "PERTURBED", 10)  # digits of a curve, so that it is soon there
        testset._accuracies.cache_clear()
        store.ensure_writable()
        run = store.save(a_run(title=RUN), models.load_model("lenet5").state_dict(), [])
        folder.write(place / "some" / "where", site.build([run.key]))
        testset._accuracies.cache_clear()
    return place


def open_tab(page: Page, name: str) -> Locator:
    """Open a tab; give its panel, once nothing is under way there."""
    page.get_by_role("tab", name=name).click()
    panel = page.get_by_role("tabpanel", name=name)
    expect(panel.locator(".part").first).to_be_visible()
    expect(panel.locator("[aria-busy=true]")).to_have_count(0, timeout=90_000)
    return panel
