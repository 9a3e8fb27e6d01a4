"""A worklist of made-up customers behind a real server, and browsers with people in front of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Request, Route, expect

from collections_app.accounts.models import User
from collections_app.accounts.roles import Role
from customers.models import BusinessClock, Customer
from tests import factories
from tests.factories import DAY
from worklist.models import Activity
from worklist.services.rescore import rescore_all

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@dataclass
class Office:
    """The list of the day, and seats before it. Customers are in the order of the list."""

    browser: Browser
    url: str
    customers: list[Customer]
    day: date = DAY
    contexts: list[BrowserContext] = field(default_factory=list)

    def seat(
        self, who: User, *, width: int = 1440, height: int = 900, scheme: str = "light", touch: bool = False
    ) -> Page:
        """A window of this person's, signed in, at the worklist, with the keyboard on the first row."""
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if scheme == "dark" else "light",
            reduced_motion="reduce",
            has_touch=touch,
        )
        self.contexts.append(context)
        context.set_default_timeout(30_000)
        self.sign_in(context, who)
        page = context.new_page()
        page.goto(f"{self.url}/worklist/")
        expect(page.locator("#worklist [data-item]").first).to_be_visible()
        return page

    def sign_in(self, context: BrowserContext, who: User) -> None:
        """Nothing; the browser carries a session of this person from now on."""
        client = Client()
        client.force_login(who)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.url}])


def open_office(browser: Browser, url: str, *, customers: int) -> tuple[Office, User, User]:
    """The office with so many late customers, and two analysts who share them."""
    expect.set_options(timeout=20_000)  # the machine may be busy
    BusinessClock.objects.create(pinned_on=DAY)
    anna = factories.user(Role.ANALYST, username="anna")
    ben = factories.user(Role.ANALYST, username="ben")
    made = []
    for n in range(customers):
        who = factories.customer(name=f"Firma {chr(65 + n)} GmbH", number=f"F-{n + 1:03}")
        factories.invoice(who, f"{(customers - n) * 1000}.00", due_on=DAY - timedelta(days=40))
        made.append(who)
    rescore_all(on=DAY)
    return Office(browser, url, made), anna, ben


Desk = tuple[Office, User, User]


def calls() -> int:
    """How many calls are logged and not taken back."""
    return Activity.objects.filter(kind="call", undone_at=None).count()


def shown(page: Page, customer: Customer) -> None:
    """Nothing; fails unless this customer's account is on the right and its row is marked."""
    expect(page.locator("#panel #account-name")).to_have_text(customer.name)
    expect(page.locator(f"#row-{customer.pk} [data-item]")).to_have_attribute("aria-current", "true")


@contextmanager
def fetched_ahead(page: Page, following: Customer) -> Iterator[None]:
    """Nothing; at its end this customer, who comes next, was fetched ahead."""
    with page.expect_response(lambda answer: _is_ahead(answer.request, following)) as answered:
        yield
    answered.value.finished()


def walk(page: Page, customer: Customer, following: Customer) -> None:
    """Nothing; j until this customer is shown, and the one after it was fetched ahead."""
    with fetched_ahead(page, following):
        page.keyboard.press("j")
        shown(page, customer)


def nothing_ahead(page: Page) -> None:
    """Nothing; from now on the page gets nothing ahead, as if everything was slow."""

    def take(route: Route) -> None:
        if route.request.headers.get("purpose") == "prefetch":
            route.abort()
        else:
            route.continue_()

    page.route("**/worklist/?*", take)


def _is_ahead(request: Request, customer: Customer) -> bool:
    return request.headers.get("purpose") == "prefetch" and request.url.endswith(f"at={customer.pk}")


def composer(page: Page, key: str) -> None:
    """Nothing; presses the key and waits until its form is ready to be typed into."""
    page.keyboard.press(key)
    expect(page.locator("#panel #composer form")).to_be_visible()
    expect(page.locator("#panel #composer [data-focus]").first).to_be_focused()


def broken_rules(page: Page) -> list[str]:
    """The accessibility rules that the page breaks as it stands."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"][:3]]


class HeldPosts:
    """Keeps what the page posts to addresses like `pattern` on its way until it is let go, answered, or lost."""

    def __init__(self, page: Page, pattern: str) -> None:
        self.page, self._holds = page, True
        self.routes: list[Route] = []
        page.route(pattern, self._take)

    def _take(self, route: Route) -> None:
        if self._holds and route.request.method == "POST":
            self.routes.append(route)
        else:
            route.fallback()

    def wait(self) -> None:
        """Nothing; returns when something is held."""
        while not self.routes:
            self.page.evaluate("() => new Promise(requestAnimationFrame)")

    def let_go(self) -> None:
        """Nothing; what is held goes on, and nothing is held from now on."""
        self._holds = False
        while self.routes:
            self.routes.pop(0).continue_()

    def lose_answer(self) -> None:
        """Nothing; the server gets what is held, and its answer is lost on the way back."""
        route = self.routes.pop(0)
        route.fetch()
        route.abort()

    def refuse(self, status: int = 500) -> None:
        """Nothing; what is held is answered by an error."""
        self.routes.pop(0).fulfill(status=status, body="Broken.")
