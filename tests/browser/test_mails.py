"""Reminders as mail programs draw them: on a small telephone, in the light and in the dark, in every language."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import CHROMIUM
from tests.browser.mail_samples import LANGUAGES, sample

pytestmark = pytest.mark.browser

SMALL, LARGE = 320, 720
_DARKNESS = """() => {
    const [red, green, blue] = getComputedStyle(document.querySelector(".sheet")).backgroundColor.match(/\\d+/g);
    return (Number(red) + Number(green) + Number(blue)) / 3;
}"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def drawn(chromium: Browser, html: str, *, width: int, scheme: str) -> Page:
    """The mail in a window of that width. It asks for nothing from outside, or the test fails."""
    context = chromium.new_context(
        viewport={"width": width, "height": 800}, color_scheme="dark" if scheme == "dark" else "light"
    )
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_content(html)
    assert asked == []
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reminder_fits_a_small_telephone_and_can_be_read_by_everybody(
    chromium: Browser, language: str, scheme: str
) -> None:
    for width in (SMALL, LARGE):
        page = drawn(chromium, sample(language).html, width=width, scheme=scheme)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert (page.evaluate(_DARKNESS) < 64) == (scheme == "dark")
        broken = Axe().run(page).response["violations"]
        assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in broken] == []
        page.context.close()


def test_the_amounts_stay_on_one_line_and_the_numbers_are_whole(chromium: Browser) -> None:
    page = drawn(chromium, sample("de").html, width=SMALL, scheme="light")
    heights = page.locator(".items .num").evaluate_all("cells => cells.map(cell => cell.getClientRects().length)")
    assert set(heights) == {1}
    for cell in page.locator(".items strong").all():
        box = cell.bounding_box()
        assert box is not None
        assert box["width"] > 60  # a number broken sign by sign would be narrow
