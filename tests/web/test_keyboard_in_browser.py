"""The furniture in a real browser: keys, palette, dialogs, toasts, and no violation of accessibility or policy."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, expect
from pytest_django.live_server_helper import LiveServer

from collections_app.accounts.models import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


def violations(page: Page) -> list[str]:
    # A form that focuses its first error has scrolled: what then lies half under the sticky bar is no fault of its own.
    page.evaluate("scrollTo({top: 0, behavior: 'instant'})")
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{v['id']}: {node['html'][:120]}" for v in found for node in v["nodes"]]


@pytest.fixture
def guide(open_page: Page, live_server: LiveServer) -> Page:
    open_page.goto(f"{live_server.url}/styleguide/")
    return open_page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 360])
@pytest.mark.parametrize("path", ["/styleguide/", "/auth/login/", "/auth/password/reset/", "/no/such/page/"])
def test_no_page_breaks_an_accessibility_rule_or_scrolls_two_ways(
    chromium: Browser, live_server: LiveServer, path: str, width: int, scheme: str
) -> None:
    page = chromium.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(live_server.url + path)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()


def test_nothing_on_the_page_offends_the_content_policy(chromium: Browser, live_server: LiveServer) -> None:
    page, said = chromium.new_page(), []

    def hear(message: ConsoleMessage) -> None:
        said.append(message.text)

    page.on("console", hear)
    page.goto(f"{live_server.url}/styleguide/")
    page.get_by_text("Show a toast").click()
    assert [text for text in said if "Content Security Policy" in text] == []
    page.close()


def test_a_refused_form_has_the_focus_on_its_summary(guide: Page) -> None:
    expect(guide.locator(".error-summary")).to_be_focused()


def test_j_and_k_walk_the_list_and_escape_leads_back_to_the_row(guide: Page) -> None:
    rows = guide.locator("[data-item]")
    guide.keyboard.press("j")
    expect(rows.nth(0)).to_be_focused()
    guide.keyboard.press("j")
    expect(rows.nth(1)).to_be_focused()
    guide.keyboard.press("/")
    guide.keyboard.press("Escape")
    expect(rows.nth(1)).to_be_focused()


def test_enter_opens_the_row(guide: Page) -> None:
    guide.locator("[data-item]").first.focus()
    guide.keyboard.press("Enter")
    guide.wait_for_url("**#inv")


def test_keys_rest_while_somebody_types(guide: Page) -> None:
    guide.get_by_label("Name").first.fill("")
    guide.keyboard.type("jj?")
    expect(guide.get_by_label("Name").first).to_have_value("jj?")
    expect(guide.locator("#key-help")).to_be_hidden()


def test_single_keys_can_be_switched_off(guide: Page) -> None:
    guide.locator(".bar summary").click()
    guide.locator("button[name=shortcuts][value=off]").click()
    expect(guide.locator("html")).to_have_attribute("data-shortcuts", "off")
    guide.reload()
    guide.keyboard.press("?")
    expect(guide.locator("#key-help")).to_be_hidden()


def test_question_mark_lists_the_keys_of_this_page(guide: Page) -> None:
    guide.keyboard.press("?")
    expect(guide.locator("#key-help")).to_contain_text("Log call")
    assert violations(guide) == []
    guide.keyboard.press("Escape")
    expect(guide.locator("#key-help")).to_be_hidden()


def test_the_palette_finds_an_action_by_its_words(guide: Page) -> None:
    guide.keyboard.press("Control+k")
    guide.keyboard.type("add no")
    expect(guide.locator("#palette [role=option]")).to_have_text(["Add noten"])
    assert violations(guide) == []


def test_a_toast_offers_undo_is_spoken_and_can_be_closed(guide: Page) -> None:
    guide.get_by_text("Show a toast").click()
    toast = guide.locator("#toasts .toast")
    expect(toast.get_by_role("button", name="Undo")).to_be_visible()
    expect(guide.locator("#announcer")).to_have_text("Call logged")
    toast.get_by_role("button", name="Close this message").click()
    expect(toast).to_have_count(0)


def test_colours_change_at_once_and_stay(guide: Page) -> None:
    guide.locator(".bar summary").click()
    with guide.expect_response(lambda answer: answer.request.method == "POST"):  # kept: only then may the page go
        guide.get_by_role("button", name="Dark").click()
        expect(guide.locator("html")).to_have_attribute("data-theme", "dark")
    guide.reload()
    expect(guide.locator("html")).to_have_attribute("data-theme", "dark")


@pytest.mark.parametrize(
    "path",
    ["/auth/2fa/", "/auth/2fa/totp/activate/", "/auth/2fa/webauthn/add/", "/auth/password/change/", "/auth/logout/"],
)
def test_a_persons_own_security_pages_break_no_accessibility_rule(
    open_page: Page, live_server: LiveServer, client: Client, path: str
) -> None:
    client.force_login(User.objects.create_user("ada", "ada@example.com", "a-long-password"))
    name = settings.SESSION_COOKIE_NAME
    open_page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    open_page.goto(live_server.url + path)
    if "reauthenticate" in open_page.url:
        assert violations(open_page) == []
        open_page.get_by_label("Password").fill("a-long-password")
        open_page.get_by_role("button", name="Confirm").click()
        open_page.wait_for_url(f"**{path}")
    assert violations(open_page) == []
