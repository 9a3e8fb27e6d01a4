"""The main job, end to end, with the real processes: from the first tick to a paid link."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from collections_app.demo import mailbox
from tests.browser.conftest import Visitor
from tests.browser.demo_server import eventually

pytestmark = pytest.mark.browser

OPEN = """SELECT sum(i.total - COALESCE((SELECT sum(a.amount) FROM invoices_allocation a WHERE a.invoice_id = i.id), 0))
          FROM invoices_invoice i WHERE i.customer_id = %s"""
RANK = """SELECT place FROM (SELECT customer_id, rank() OVER (ORDER BY score DESC, customer_id) AS place
          FROM worklist_worklistitem) ranked WHERE customer_id = %s"""


@pytest.fixture(scope="module")
def demo_home() -> None:
    """None: this story begins with the very first start."""


def reminded_customer(visitor: Visitor) -> tuple[int, str, str]:
    """The highest ranked customer who got a reminder by mail today: id, name, mail address."""
    rows = visitor.facts(
        "SELECT c.id, c.name, n.to_address FROM dunning_notice n JOIN customers_customer c ON c.id = n.customer_id "
        "JOIN worklist_worklistitem w ON w.customer_id = c.id WHERE n.channel = 'email' AND n.state = 'accepted' "
        "AND n.stage <> 'preventive' AND n.as_of = (SELECT max(as_of) FROM dunning_notice) "
        "AND c.language = 'en' ORDER BY w.score DESC LIMIT 1"
    )
    customer_id, name, address = rows[0]
    return int(str(customer_id)), str(name), str(address)


def open_reminder(page: Page, visitor: Visitor, address: str) -> Page:
    """The pay page, opened by the link in the mail to that address."""
    page.goto(f"{visitor.demo.url}/mailbox/?q={address}")
    expect(page.locator(".mailbox-items a")).to_have_count(1)
    with page.expect_popup() as popup:
        page.frame_locator("iframe").get_by_role("link", name=re.compile("pay", re.IGNORECASE)).click()
    return popup.value


def test_from_the_first_tick_to_a_paid_link(visitor: Visitor) -> None:
    visitor.wait_for_first_ticks()
    analyst = visitor.signed_in("analyst")
    expect(analyst).to_have_url(re.compile("/worklist/"))
    expect(analyst.locator("[data-item]").first).to_be_focused()

    customer_id, name, address = reminded_customer(visitor)
    owed = Decimal(str(visitor.fact(OPEN, customer_id)))
    rank = int(str(visitor.fact(RANK, customer_id)))
    score = Decimal(str(visitor.fact("SELECT score FROM worklist_worklistitem WHERE customer_id = %s", customer_id)))

    payer = open_reminder(analyst, visitor, address)
    expect(payer.get_by_role("heading", level=1)).to_be_visible()
    assert visitor.fact("SELECT count(*) FROM invoices_payment WHERE provider = 'test'") == 0  # looking changes nothing
    payer.get_by_role("button", name=re.compile("^Pay ")).first.click()
    payer.get_by_role("button", name="Pay now").click()
    expect(payer.get_by_role("heading", name="Thank you, your payment has arrived")).to_be_visible(timeout=30_000)

    paid = Decimal(str(visitor.fact("SELECT amount FROM invoices_payment WHERE provider = 'test'")))
    assert paid > 0
    assert Decimal(str(visitor.fact(OPEN, customer_id))) == owed - paid

    eventually(
        lambda: visitor.fact(
            "SELECT count(*) FROM invoices_documentmail WHERE kind = 'receipt' AND state = 'accepted'"
        ),
        what="the receipt was delivered",
    )
    folder = visitor.demo.env.home / "mailbox"
    receipts = [mail for mail in mailbox.newest(to=address, folder=folder) if "receipt" in mail.subject.lower()]
    assert len(receipts) == 1
    assert [file.media_type for file in receipts[0].attachments] == ["application/pdf"]

    eventually(
        lambda: int(str(visitor.fact(RANK, customer_id))) > rank,
        what="the customer moves down the list",
    )
    now = visitor.fact("SELECT score FROM worklist_worklistitem WHERE customer_id = %s", customer_id)
    assert Decimal(str(now)) < score
    analyst.goto(f"{visitor.demo.url}/accounts/{customer_id}/")
    expect(analyst.locator("#account-name")).to_have_text(name)
    expect(analyst.locator("#timeline")).to_contain_text("Payment of")
    assert visitor.demo.manage("verify_ledger", "--format", "json").strip() == '{"ok": true, "violations": []}'


def test_an_analyst_works_the_list_by_keyboard_and_takes_it_back(visitor: Visitor) -> None:
    visitor.wait_for_first_ticks()
    page = visitor.signed_in("ben")
    first, second = page.locator("[data-item]").nth(0), page.locator("[data-item]").nth(1)
    expect(first).to_be_focused()
    page.keyboard.press("j")
    expect(second).to_be_focused()
    name = second.locator(".work-name").inner_text()
    expect(page.locator("#panel").get_by_role("heading", name=name)).to_be_visible()
    calls = "SELECT count(*) FROM worklist_activity WHERE kind = 'call' AND undone_at IS NULL"
    before = int(str(visitor.fact(calls)))
    page.keyboard.press("c")
    expect(page.locator("#panel form")).to_be_visible()
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    eventually(lambda: visitor.fact(calls) == before + 1, what="the call is logged in three keys")
    expect(page.locator(".toast [data-undo]")).to_be_visible()
    page.keyboard.press("z")
    eventually(lambda: visitor.fact(calls) == before, what="undo takes the call back")
