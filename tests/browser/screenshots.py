"""`make screenshots`: the pictures in the documents, taken from a demo that has just been started from nothing.

    python -m tests.browser.screenshots

They are made anew whenever a page has changed its looks; nothing is drawn or retouched by hand."""

import os
import re
import sys
from importlib import import_module
from pathlib import Path
from typing import Literal

import django
from playwright.sync_api import Browser, Page, expect, sync_playwright

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "collections_app.settings")
django.setup()  # the demo runs in processes of its own; only what the tests import needs the models here

from tests.browser.conftest import CHROMIUM, Visitor  # noqa: E402
from tests.browser.demo_server import running_demo  # noqa: E402

PLACE = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
PHONE = (390, 844)
_REMINDED = """
    SELECT n.to_address FROM dunning_notice n JOIN customers_customer c ON c.id = n.customer_id
    WHERE n.channel = 'email' AND n.state = 'accepted' AND n.stage = 'early' AND c.language = 'en'
      AND n.as_of = (SELECT max(as_of) FROM dunning_notice) ORDER BY n.amount DESC LIMIT 1"""

_SUGGESTED = """
    SELECT l.id FROM invoices_bankline l JOIN invoices_matchsuggestion s ON s.line_id = l.id
    WHERE l.state = 'waiting' ORDER BY s.score DESC, l.id LIMIT 1"""
_WITH_A_STORY = """
    SELECT i.id FROM invoices_invoice i JOIN invoices_instalment t ON t.invoice_id = i.id
    LEFT JOIN invoices_allocation a ON a.invoice_id = i.id GROUP BY i.id ORDER BY COUNT(a.id) DESC, i.id LIMIT 1"""


def main() -> int:
    """0 when every picture was taken."""
    PLACE.mkdir(parents=True, exist_ok=True)
    with running_demo() as demo, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        visitor = Visitor(browser, demo)
        visitor.wait_for_first_ticks()
        for scheme in ("light", "dark"):
            _pages(visitor, scheme)
            _work(visitor, scheme)
        _phones(visitor)
        _pay_page(visitor)
        _mails(browser)
        browser.close()
    return 0


def _pages(visitor: Visitor, scheme: str) -> None:
    analyst = visitor.signed_in("analyst", scheme=scheme)
    analyst.reload(wait_until="networkidle")  # without the message of having signed in
    expect(analyst.locator("#panel #account-name")).to_be_visible()
    _take(analyst, f"worklist-{scheme}")
    leader = visitor.fact("SELECT customer_id FROM worklist_worklistitem ORDER BY rank DESC, customer_id LIMIT 1")
    analyst.goto(f"{visitor.demo.url}/accounts/{leader}/", wait_until="networkidle")
    _take(analyst, f"account-{scheme}")
    accountant = visitor.signed_in("accountant", scheme=scheme)
    accountant.goto(f"{visitor.demo.url}/cash/bank/?at={visitor.fact(_SUGGESTED)}", wait_until="networkidle")
    _take(accountant, f"bank-{scheme}")
    accountant.goto(f"{visitor.demo.url}/invoices/{visitor.fact(_WITH_A_STORY)}/", wait_until="networkidle")
    _take(accountant, f"invoice-{scheme}")
    manager = visitor.signed_in("manager", scheme=scheme)
    manager.goto(f"{visitor.demo.url}/insight/aging/", wait_until="networkidle")
    _take(manager, f"aging-{scheme}")


def _work(visitor: Visitor, scheme: str) -> None:
    """What people open around the list: the composer in the panel, the board of disputes, a case, the team."""
    analyst = visitor.signed_in("analyst", scheme=scheme)
    analyst.reload(wait_until="networkidle")
    analyst.keyboard.press("e")
    expect(analyst.locator("#composer form")).to_be_visible()
    analyst.wait_for_load_state("networkidle")
    _take(analyst, f"composer-{scheme}")
    manager = visitor.signed_in("manager", scheme=scheme)
    case = visitor.fact("SELECT id FROM invoices_disputecase WHERE stage = 'colleague' ORDER BY id LIMIT 1")
    for name, path in (
        ("disputes", "/disputes/board/"),
        ("dispute", f"/disputes/cases/{case}/"),
        ("team", "/team/"),
        ("strategies", "/strategies/"),
        ("playbooks", "/playbooks/"),
    ):
        manager.goto(visitor.demo.url + path, wait_until="networkidle")
        _take(manager, f"{name}-{scheme}")


def _phones(visitor: Visitor) -> None:
    """The analyst's list and an account on a phone."""
    width, height = PHONE
    phone = visitor.signed_in("analyst", width=width, height=height)
    phone.reload(wait_until="networkidle")
    _take(phone, "worklist-phone-light")
    leader = visitor.fact("SELECT customer_id FROM worklist_worklistitem ORDER BY rank DESC, customer_id LIMIT 1")
    phone.goto(f"{visitor.demo.url}/accounts/{leader}/", wait_until="networkidle")
    _take(phone, "account-phone-light")


def _pay_page(visitor: Visitor) -> None:
    """The pay page as the payer of one of today's reminders sees it on a phone."""
    reader = visitor.signed_in("analyst")
    reader.goto(f"{visitor.demo.url}/mailbox/?q={visitor.fact(_REMINDED)}")
    link = reader.frame_locator("iframe").get_by_role("link", name=re.compile("pay", re.IGNORECASE))
    address = link.get_attribute("href")
    width, height = PHONE
    phone = visitor.page(width=width, height=height)
    phone.goto(str(address), wait_until="networkidle")
    _take(phone, "pay-phone-light")


def _mails(browser: Browser) -> None:
    """The same reminder in every language, light and dark in turn, as a mail program on a phone draws it."""
    samples = import_module("tests.browser.mail_samples")
    for place, language in enumerate(samples.LANGUAGES):
        scheme: Literal["dark", "light"] = "dark" if place % 2 else "light"
        context = browser.new_context(viewport={"width": 360, "height": 800}, color_scheme=scheme)
        page = context.new_page()
        page.set_content(samples.sample(language).html)
        page.screenshot(path=PLACE / f"mail-{language}-{scheme}.png", full_page=True)
        print(f"docs/screenshots/mail-{language}-{scheme}.png", file=sys.stderr)
        context.close()


def _take(page: Page, name: str) -> None:
    page.evaluate("document.fonts.ready")
    page.screenshot(path=PLACE / f"{name}.png", animations="disabled", caret="hide")
    print(f"docs/screenshots/{name}.png", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
