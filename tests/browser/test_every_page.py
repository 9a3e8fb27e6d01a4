"""Every page of the running demo: no accessibility rule broken, no policy offended, no error, light and dark."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Response, expect

from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
# What can differ between light and dark: colours come from the style sheet alone, the page stays the same.
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
PHONE = 360

# Where each role goes. {customer}, {invoice} and the like are filled with rows that have something to show.
ANALYST = (
    "/worklist/", "/worklist/?show=done", "/accounts/", "/accounts/{customer}/", "/accounts/{customer}/call/",
    "/accounts/{customer}/mail/", "/dunning/mails/{own_mail}/",
    "/accounts/{customer}/note/", "/accounts/{customer}/promise/", "/accounts/{customer}/dispute/",
    "/accounts/{customer}/snooze/", "/accounts/{customer}/assign/", "/accounts/{customer}/pin/",
    "/accounts/{customer}/escalate/", "/accounts/{customer}/hold/", "/accounts/{customer}/timeline/", "/invoices/",
    "/invoices/?status=overdue&q=zzz",
    "/invoices/{invoice}/", "/disputes/", "/disputes/?show=closed", "/disputes/?q=zzz", "/disputes/board/",
    "/disputes/cases/{case}/", "/disputes/cases/{case}/change/", "/disputes/cases/{case}/ask/",
    "/disputes/cases/{case}/add/", "/disputes/cases/{case}/close/", "/disputes/cases/{ended_case}/",
    "/disputes/{dispute}/close/", "/search/?q=NW-4", "/search/?q=", "/settings/", "/settings/keys/", "/tour/",
    "/mailbox/",
    "/dunning/messages/", "/dunning/messages/?at={message}", "/dunning/messages/?show=done",
    "/dunning/messages/?q=zzz", "/dunning/messages/{message}/confirm/{proposal}/",
    "/dunning/messages/{message}/assign/?find=a", "/dunning/customer/{writer}/messages/",
    "/dunning/why/{customer}/", "/auth/2fa/", "/auth/password/change/", "/auth/logout/",
)  # fmt: skip
MANAGER = (
    "/disputes/figures/", "/disputes/figures/?months=3",
    "/insight/aging/", "/insight/aging/?as_of=2001-01-01", "/insight/aging/documents/?currency=EUR", "/insight/books/",
    "/insight/aging/?credits=column&basis=invoice&buckets=10/20&by=group&base=USD", "/dunning/",
    "/dunning/runs/{run}/", "/dunning/notices/{notice}/", "/dunning/policies/{policy}/", "/dunning/policies/",
    "/dunning/policies/new/", "/dunning/policies/{policy}/versions/", "/dunning/templates/",
    "/dunning/claims/", "/dunning/claims/?show=claimed", "/dunning/claims/?show=waived",
    "/dunning/claims/?show=waiting",
    "/dunning/outgoing/", "/dunning/decisions/", "/dunning/runs/{run}/recall/", "/dunning/notices/{notice}/words/",
    "/dunning/templates/{template}/", "/dunning/starters/", "/settings/documents/",
    "/dunning/handovers/", "/dunning/handovers/?show=handed", "/dunning/handovers/?show=ended",
    "/dunning/handovers/{handover}/", "/dunning/handovers/{proposal_of_end}/", "/dunning/customer/{ended}/end/",
    "/dunning/customer/{ended}/end/new/", "/dunning/rehearsal/", "/dunning/rehearsal/{rehearsal}/",
    "/settings/audit/", "/imports/", "/cash/", "/cash/new/", "/cash/{payment}/",
    "/invoices/credit-notes/", "/invoices/credit-notes/{credit_note}/", "/invoices/adjustments/", "/cash/refunds/",
    "/cash/{payment}/?fill=oldest", "/accounts/{customer}/statement/", "/invoices/?status=&sort=-open&amount_from=10",
    "/cash/{payment}/return/", "/cash/{payment}/chargeback/", "/cash/{payment}/exchange/",
)  # fmt: skip
MANAGER_OF_POSTINGS = (
    "/approvals/", "/approvals/?show=mine", "/approvals/?show=decided", "/approvals/{approval}/edit/", "/invoices/new/",
    "/invoices/new/?customer={number}", "/invoices/credit-notes/new/", "/invoices/credit-notes/new/?corrects={claim}",
    "/invoices/{claim}/adjust/", "/invoices/adjustments/{adjustment}/undo/",
)  # fmt: skip
MANAGER_OF_BANK = (
    "/cash/bank/", "/cash/bank/?at={line}", "/cash/bank/?show=posted", "/cash/bank/files/", "/cash/bank/files/{file}/",
    "/cash/bank/accounts/{account}/", "/cash/bank/advices/", "/cash/bank/lines/{line}/settle/",
    "/cash/bank/lines/{line}/split/", "/cash/bank/lines/{line}/park/", "/cash/bank/lines/{line}/ignore/",
)  # fmt: skip
ANALYST_OF_WORDS = (
    "/plans/", "/plans/?show=ended", "/plans/{plan}/", "/holds/", "/holds/?show=all", "/invoices/{invoice}/hold/",
    "/accounts/{customer}/plans/", "/accounts/{customer}/plans/new/", "/accounts/{customer}/holds/",
    "/accounts/?segment=slow-payers",
)  # fmt: skip
ANALYST_OF_TRIAGE = (
    "/worklist/?who=all&has=broken&days=60&least=100", "/worklist/?who=all&show=snoozed", "/worklist/filter/?who=mine",
    "/worklist/columns/", "/worklist/day/", "/worklist/bulk/", "/worklist/bulk/?do=snooze&all=1&back=who%3Dall",
    "/worklist/bulk/?do=assign&all=1&back=who%3Dall", "/worklist/bulk/?do=worked&pick={customer}&back=who%3Dall",
    "/views/?on=worklist&who=all&has=broken", "/views/?on=accounts&q=a",
)  # fmt: skip
MANAGER_OF_TEAM = (
    "/team/", "/team/absences/new/", "/team/people/{analyst}/capacity/", "/team/portfolios/new/",
    "/team/portfolios/{portfolio}/", "/team/rebalancing/", "/team/escalations/", "/team/escalations/?show=answered",
    "/notifications/", "/worklist/?as=analyst",
)  # fmt: skip
ANALYST_OF_ACCOUNTS = (
    "/accounts/{noted}/", "/accounts/{noted}/timeline/?q=delivery&by=me", "/accounts/{noted}/timeline/?q=zzz",
    "/accounts/{customer}/playbook/", "/accounts/{customer}/people/", "/accounts/{customer}/contacts/new/",
    "/notes/{note}/edit/", "/follow-ups/?show=all", "/follow-ups/?show=due", "/playbooks/", "/playbooks/{playbook}/",
)  # fmt: skip
MANAGER_OF_PLAYBOOKS = ("/playbooks/", "/playbooks/new/", "/playbooks/{playbook}/edit/", "/tour/")
MANAGER_OF_SEGMENTS = (
    "/settings/segments/", "/settings/segments/new/", "/settings/segments/{segment}/", "/settings/pauses/",
    "/settings/segments/{segment}/members/", "/settings/segments/{segment}/members/?show=left",
    "/insight/aging/?by=segment", "/settings/plan-templates/", "/settings/plan-templates/new/",
)  # fmt: skip
MANAGER_OF_STRATEGIES = (
    "/settings/segments/{segment}/members/?show=days", "/accounts/{customer}/segments/", "/strategies/",
    "/strategies/new/?from=large_first", "/strategies/{strategy}/", "/strategies/{strategy}/edit/",
    "/strategies/versions/{version}/", "/strategies/versions/{draft}/",
)  # fmt: skip
ADMINISTRATOR = (
    "/settings/",
    "/settings/terms/",
    "/settings/terms/new/",
    "/settings/currencies/",
    "/settings/currencies/new/",
    "/accounts/new/",
    "/accounts/{customer}/edit/",
    "/settings/rates/",
    "/settings/late-rates/",
    "/api/docs/",
    "/styleguide/",
    "/no/such/page/",
)
STRANGER = ("/auth/login/", "/auth/password/reset/", "/pay/not-a-link/", "/answer/not-a-link/")
PAYER = ("", "promise/", "dispute/", "plan/", "wrong-contact/")
NARROW = (
    "/team/",
    "/team/rebalancing/",
    "/team/escalations/",
    "/notifications/",
    "/worklist/day/",
    "/worklist/bulk/?do=pin&all=1&back=who%3Dall",
    "/plans/{plan}/",
    "/disputes/",
    "/disputes/board/",
    "/disputes/figures/",
    "/disputes/cases/{case}/",
    "/disputes/cases/{case}/change/",
    "/settings/segments/{segment}/",
    "/strategies/",
    "/strategies/new/",
    "/strategies/versions/{version}/",
    "/playbooks/",
    "/playbooks/{playbook}/",
    "/playbooks/{playbook}/edit/",
    "/accounts/{noted}/",
    "/accounts/{customer}/playbook/",
    "/follow-ups/?show=all",
    "/tour/",
    "/holds/",
    "/approvals/",
    "/cash/bank/?at={line}",
    "/cash/bank/files/",
    "/worklist/",
    "/settings/keys/",
    "/accounts/{customer}/",
    "/insight/aging/",
    "/invoices/",
    "/dunning/",
    "/dunning/policies/",
    "/dunning/policies/{policy}/",
    "/dunning/messages/?at={message}",
    "/dunning/claims/",
    "/dunning/handovers/{handover}/",
    "/dunning/rehearsal/{rehearsal}/",
    "/imports/",
    "/mailbox/",
)


@dataclass
class Reader:
    """A window that remembers what went wrong on the pages it opened."""

    page: Page
    base: str
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("pageerror", lambda error: self.wrong.append(f"{self.page.url}: script error: {error}"))
        self.page.on("console", lambda said: self._hear(said.text))
        self.page.on("response", self._see)

    def read(self, path: str) -> None:
        """Opens a page in light, then in dark, and notes every broken rule."""
        self.page.emulate_media(color_scheme="light", reduced_motion="reduce")
        self.open(path)
        self.rules(path, "light")
        self.page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        self.open(path)  # anew: colours that change on an open page are for a moment neither
        self.rules(path, "dark", COLOURS)

    def narrow(self, path: str) -> None:
        """Opens a page on a phone: the rules again, and no scrolling in two directions."""
        self.open(path)
        self.rules(path, "phone")
        if not self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
            self.wrong.append(f"{path}: wider than the phone")

    def open(self, path: str) -> None:
        """Opens a page and waits for the parts it fetches by itself."""
        self.page.goto(self.base + path)
        expect(self.page.locator(".htmx-request:not([data-sample])")).to_have_count(0)

    def rules(self, path: str, how: str, options: Mapping[str, object] = RULES) -> None:
        """Notes every accessibility rule the page breaks as it stands."""
        for broken in Axe().run(self.page, options=dict(options)).response["violations"]:
            self.wrong += [f"{path} ({how}): {broken['id']}: {node['html'][:140]}" for node in broken["nodes"][:3]]

    def _hear(self, text: str) -> None:
        if "Content Security Policy" in text or "Content-Security-Policy" in text:
            self.wrong.append(f"{self.page.url}: {text[:200]}")

    def _see(self, response: Response) -> None:
        if response.status >= 500:
            self.wrong.append(f"{response.url}: {response.status}")


@pytest.fixture(scope="module")
def rows(visitor: Visitor) -> dict[str, object]:
    """A row of each kind, with something to show."""
    visitor.wait_for_first_ticks()
    wanted = {
        "customer": "SELECT customer_id FROM invoices_dispute WHERE state = 'open' ORDER BY id LIMIT 1",
        "invoice": "SELECT invoice_id FROM invoices_dispute ORDER BY id LIMIT 1",
        "dispute": "SELECT id FROM invoices_dispute WHERE state = 'open' ORDER BY id LIMIT 1",
        "case": "SELECT id FROM invoices_disputecase WHERE stage NOT IN ('closed', 'approval') ORDER BY id LIMIT 1",
        "ended_case": "SELECT id FROM invoices_disputecase WHERE stage = 'closed' ORDER BY id LIMIT 1",
        "approval": "SELECT id FROM invoices_approval WHERE state = 'requested' ORDER BY id LIMIT 1",
        "claim": "SELECT (payload->'shares'->0->>0)::bigint FROM invoices_approval WHERE state = 'requested' LIMIT 1",
        "number": "SELECT number FROM customers_customer ORDER BY id LIMIT 1",
        "adjustment": "SELECT id FROM invoices_adjustment WHERE kind = 'write_off' ORDER BY id LIMIT 1",
        "credit_note": "SELECT id FROM invoices_creditnote WHERE status = 'issued' ORDER BY id DESC LIMIT 1",
        "payment": "SELECT payment_id FROM invoices_allocation WHERE payment_id IS NOT NULL ORDER BY id DESC LIMIT 1",
        "line": "SELECT id FROM invoices_bankline WHERE state = 'waiting' AND amount > 0 ORDER BY id LIMIT 1",
        "file": "SELECT id FROM invoices_bankfile WHERE state = 'read' ORDER BY id LIMIT 1",
        "account": "SELECT id FROM invoices_bankaccount ORDER BY id LIMIT 1",
        "message": "SELECT m.id FROM dunning_messageproposal p JOIN dunning_inboundmessage m ON m.id = p.message_id"
        " WHERE m.customer_id IS NOT NULL ORDER BY p.id LIMIT 1",
        "proposal": "SELECT p.id FROM dunning_messageproposal p JOIN dunning_inboundmessage m ON m.id = p.message_id"
        " WHERE m.customer_id IS NOT NULL ORDER BY p.id LIMIT 1",
        "writer": "SELECT customer_id FROM dunning_inboundmessage WHERE customer_id IS NOT NULL ORDER BY id LIMIT 1",
        "handover": "SELECT id FROM dunning_handover WHERE state = 'handed_over' ORDER BY id LIMIT 1",
        "proposal_of_end": "SELECT id FROM dunning_handover ORDER BY (state = 'proposed') DESC, id LIMIT 1",
        "ended": "SELECT customer_id FROM dunning_handover ORDER BY id LIMIT 1",
        "rehearsal": "SELECT id FROM dunning_rehearsal ORDER BY id LIMIT 1",
        "run": "SELECT id FROM dunning_run ORDER BY as_of DESC, id LIMIT 1",
        "notice": "SELECT id FROM dunning_notice WHERE channel = 'email' ORDER BY as_of DESC, id LIMIT 1",
        "portfolio": "SELECT id FROM worklist_portfolio ORDER BY rank LIMIT 1",
        "analyst": "SELECT id FROM accounts_user WHERE username = 'analyst'",
        "own_mail": "SELECT id FROM dunning_ownmessage WHERE state = 'unknown' ORDER BY id LIMIT 1",
        "plan": "SELECT id FROM invoices_paymentplan WHERE state = 'active' ORDER BY id LIMIT 1",
        "segment": "SELECT id FROM customers_segment ORDER BY rank LIMIT 1",
        "strategy": "SELECT id FROM worklist_strategy WHERE is_active ORDER BY id LIMIT 1",
        "version": "SELECT id FROM worklist_strategyversion WHERE state = 'active' ORDER BY id LIMIT 1",
        "draft": "SELECT id FROM worklist_strategyversion WHERE state = 'draft' ORDER BY id LIMIT 1",
        "note": "SELECT id FROM worklist_activity WHERE kind = 'note' ORDER BY id DESC LIMIT 1",
        "noted": "SELECT customer_id FROM worklist_activity WHERE replaces_id IS NOT NULL ORDER BY id LIMIT 1",
        "playbook": "SELECT s.playbook_id FROM worklist_playbookstep s"
        " JOIN worklist_playbookcheck c ON c.step_id = s.id ORDER BY c.id LIMIT 1",
        "policy": "SELECT id FROM dunning_policy ORDER BY id LIMIT 1",
        "template": "SELECT id FROM dunning_noticetemplate WHERE is_current ORDER BY id LIMIT 1",
    }
    return {name: visitor.fact(sql) for name, sql in wanted.items()}


@pytest.fixture
def payer_link(visitor: Visitor, rows: dict[str, object]) -> str:
    """The path of a link that came by mail today."""
    page = visitor.signed_in("analyst")
    address = visitor.fact(
        "SELECT to_address FROM dunning_notice WHERE channel = 'email' AND state = 'accepted' AND language = 'en'"
        " AND as_of = (SELECT max(as_of) FROM dunning_notice) ORDER BY amount DESC LIMIT 1"
    )
    page.goto(f"{visitor.demo.url}/mailbox/?q={address}")
    link = page.frame_locator("iframe").get_by_role("link", name=re.compile("pay", re.IGNORECASE)).first
    url = str(link.get_attribute("href"))
    page.close()
    return urlsplit(url).path  # the mail may come from the demo that this one is a copy of


@pytest.mark.parametrize(
    ("username", "paths"),
    [
        ("analyst", ANALYST),
        ("manager", MANAGER + MANAGER_OF_POSTINGS),
        ("manager", MANAGER_OF_BANK),
        ("analyst", ANALYST_OF_WORDS),
        ("analyst", ANALYST_OF_TRIAGE),
        ("analyst", ANALYST_OF_ACCOUNTS),
        ("manager", MANAGER_OF_PLAYBOOKS),
        ("manager", MANAGER_OF_SEGMENTS),
        ("manager", MANAGER_OF_TEAM),
        ("manager", MANAGER_OF_STRATEGIES),
        ("administrator", ADMINISTRATOR),
    ],
)
def test_no_page_of_the_house_breaks_a_rule(
    visitor: Visitor, rows: dict[str, object], username: str, paths: tuple[str, ...]
) -> None:
    reader = Reader(visitor.signed_in(username), visitor.demo.url)
    for path in paths:
        reader.read(path.format(**rows))
    assert reader.wrong == []


def test_no_page_breaks_a_rule_on_a_phone(visitor: Visitor, rows: dict[str, object]) -> None:
    reader = Reader(visitor.signed_in("manager", width=PHONE, height=780), visitor.demo.url)
    for path in NARROW:
        reader.narrow(path.format(**rows))
    assert reader.wrong == []


def test_no_page_for_strangers_and_payers_breaks_a_rule(
    visitor: Visitor, rows: dict[str, object], payer_link: str
) -> None:
    reader = Reader(visitor.page(width=PHONE, height=780), visitor.demo.url)
    for path in STRANGER:
        reader.read(path)
    for step in PAYER:
        reader.read(payer_link + step)
        reader.narrow(payer_link + step)
    assert reader.wrong == []


def test_the_composers_of_the_panel_break_no_rule(visitor: Visitor, rows: dict[str, object]) -> None:
    page = visitor.signed_in("ben")
    reader = Reader(page, visitor.demo.url)
    for key in "cnpdsahig":
        reader.open(f"/worklist/?at={rows['customer']}")
        page.locator("#panel").focus()
        page.keyboard.press(key)
        page.locator("#composer form").wait_for()
        reader.rules(f"composer {key}", "light")
    assert reader.wrong == []
