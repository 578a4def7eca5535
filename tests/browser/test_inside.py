"""Inside the network: preprocessing, saliency, layers, codes and the colour scale."""

import re
from itertools import pairwise

import pytest
import torch
from playwright.sync_api import Page, expect
from steps import choose_model, draw, expect_settled

from lenet.networks.activations import Activations


def test_the_steps_of_preprocessing(page: Page, seven: Activations) -> None:
    for stage in ("original", "cropped", "fit to 20 px", "centred by mass"):
        expect(page.get_by_role("img", name=f"The digit, {stage}", exact=True)).to_be_visible()


def test_without_preprocessing_a_small_digit_in_a_corner_is_not_classified_as_well(page: Page, drawings) -> None:
    draw(page, drawings[7]["strokes"], left=0.0, top=0.0, size=0.4)
    meter = page.get_by_role("meter", name="Probability of 7", exact=True)
    expect(meter).to_have_attribute("aria-valuenow", re.compile(r"^(9\d|100)"))
    page.get_by_label("Skip preprocessing (just downscale)").check()
    expect(page.get_by_role("img", name="The digit, shrunk")).to_be_visible()
    expect(meter).to_have_attribute("aria-valuenow", re.compile(r"^[0-8]?\d\."))
    page.get_by_label("Skip preprocessing (just downscale)").uncheck()
    expect(meter).to_have_attribute("aria-valuenow", re.compile(r"^(9\d|100)"))


def test_saliency_is_painted_for_the_digit_one_chooses(page: Page, seven: Activations) -> None:
    field = page.get_by_role("img", name="The network's input")
    look = "c => c.toDataURL()"
    plain = field.evaluate(look)
    pictures = {plain}
    legend = page.get_by_text("raises / lowers the score")
    for choice in ("predicted digit", "digit 1", "digit 8"):
        page.get_by_label("Saliency", exact=True).select_option(label=choice)
        expect_settled(page)
        expect(legend).to_be_visible()
        pictures.add(field.evaluate(look))
    assert len(pictures) == 4
    page.get_by_label("Saliency", exact=True).select_option(label="off")
    expect(legend).to_be_hidden()
    assert field.evaluate(look) == plain


def test_zero_is_the_same_colour_in_every_layer(page: Page, seven: Activations) -> None:
    zero = "c => [...c.getContext('2d').getImageData({x}, {y}, 1, 1).data].join()"
    found = set()
    for layer, count in (("C1", 6), ("S2", 6), ("C3", 16), ("S4", 16)):
        values = seven.layers[layer]
        map, y, x = torch.nonzero(values == 0)[0].tolist()
        canvas = page.get_by_role("img", name=f"{layer} map {map + 1} of {count}", exact=True)
        found.add(canvas.evaluate(zero.replace("{x}", str(x)).replace("{y}", str(y))))
    assert len(found) == 1


def test_each_layer_is_named_with_its_operation_and_shape(page: Page, seven: Activations) -> None:
    headings = page.locator(".stage:not(.kernels) .heading")
    told = [" ".join(text.replace("?", "").split()) for text in headings.all_inner_texts()]
    assert told == [
        "C1 6 @ 28×28 convolution 5×5",
        "S2 6 @ 14×14 max pooling 2×2",
        "C3 16 @ 10×10 convolution 5×5",
        "S4 16 @ 5×5 max pooling 2×2",
        "C5 120 convolution 5×5",
        "F6 84 fully connected",
        "Output 10 fully connected",
    ]


def test_the_outputs_stand_beside_their_digits(page: Page, seven: Activations) -> None:
    values = page.locator(".outputs .values li")
    expect(values).to_have_count(10)
    told = [float(text.replace("−", "-")) for text in values.all_inner_texts()]
    assert told == pytest.approx(seven.layers["output"].tolist(), abs=0.15)  # sent as bytes
    assert page.locator(".outputs .digits li.best").all_inner_texts() == ["7"]


def test_the_1998_network_shows_its_codes_and_the_nearest_wins(page: Page, seven: Activations) -> None:
    choose_model(page, "lenet5-1998")
    expect(page.locator(".outputs .digits li.best")).to_have_text("7")
    expect(page.get_by_text("smallest wins")).to_be_visible()
    captions = page.locator(".codes figcaption")
    expect(captions).to_have_count(10)
    boxes = [caption.bounding_box() for caption in captions.all()]
    assert all(left["x"] + left["width"] <= right["x"] for left, right in pairwise(boxes))
    sizes = captions.evaluate_all("all => all.map((one) => parseFloat(getComputedStyle(one).fontSize))")
    assert min(sizes) >= 11


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_ends_of_the_colour_scale_differ_from_each_other_and_from_the_card(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.evaluate("dark => document.body.classList.toggle('dark', dark)", scheme == "dark")
    low, high, ground = page.evaluate("""() => ["--below-3", "--above-3", "--card"].map((name) =>
        getComputedStyle(document.querySelector(".part.maps")).getPropertyValue(name))""")
    assert contrast(low, high) >= 3
    assert contrast(low, ground) >= 3
    assert contrast(high, ground) >= 3


def contrast(one: str, other: str) -> float:
    """Of two colours #rrggbb, as WCAG defines it."""

    def luminance(colour: str) -> float:
        parts = [int(colour.strip()[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("network", ["lenet5", "lenet5-1998", "lenet1-1989", "lenet-rgb"])
def test_the_maps_stay_within_their_card(page: Page, drawings, network: str) -> None:
    draw(page, drawings[7]["strokes"])
    choose_model(page, network)
    inside = """width => {
        const card = document.querySelector("#inside").getBoundingClientRect();
        const maps = [...document.querySelectorAll(".stage canvas")].map(canvas => canvas.getBoundingClientRect());
        const held = maps.every(map => card.left <= map.left && map.right <= card.right);
        return innerWidth === width && maps.length > 0 && held;
    }"""
    for width in (320, 390, 768, 800, 1024, 1280, 1440, 1920):
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_function(inside, arg=width)


def test_kernels_are_painted_though_a_unit_is_pinned_when_the_network_changes(page: Page, drawings) -> None:
    draw(page, drawings[3]["strokes"])
    page.get_by_role("img", name="C3 map 1 of 16").click()
    page.get_by_label("Model", exact=True).select_option("lenet-28")
    expect(page.get_by_text("lenet-28 · 99.45% MNIST test accuracy")).to_be_visible()
    kernel = page.get_by_role("img", name="C1 kernel 1 of 6")
    colours = """canvas => {
        const { data } = canvas.getContext("2d").getImageData(0, 0, 5, 5);
        return new Set([...new Uint32Array(data.buffer)]).size;
    }"""
    assert kernel.evaluate(colours) > 5
