"""One demo and one Chromium for all browser tests of a module."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from collections_app.demo.people import PASSWORD
from tests.browser.demo_server import DemoServer, eventually, filled_home, running_demo
from tests.browser.triage import Desk, open_office

CHROMIUM = "/usr/bin/chromium"

_DELIVERED_RUNS_OF_THE_LAST_DAY = """
    SELECT count(*) FROM dunning_run r
    WHERE state = 'prepared' AND as_of = (SELECT max(as_of) FROM invoices_agingsnapshot)
    AND NOT EXISTS (SELECT 1 FROM dunning_notice n
        WHERE n.run_id = r.id AND n.state IN ('approved', 'claimed', 'sending'))"""


class Visitor:
    """Someone at a browser, with a look into the database to compare what the pages say with what is true."""

    def __init__(self, browser: Browser | None, demo: DemoServer) -> None:
        self._browser = browser
        self.demo = demo

    def page(self, *, width: int = 1440, height: int = 900, scheme: str = "light") -> Page:
        """A fresh browser window without anybody signed in."""
        assert self._browser is not None
        context = self._browser.new_context(
            viewport={"width": width, "height": height}, color_scheme="dark" if scheme == "dark" else "light"
        )
        context.set_default_timeout(20_000)
        return context.new_page()

    def signed_in(self, username: str, *, width: int = 1440, height: int = 900, scheme: str = "light") -> Page:
        """A window in which that demo user has signed in."""
        page = self.page(width=width, height=height, scheme=scheme)
        page.goto(f"{self.demo.url}/auth/login/")
        page.get_by_label("User name or e-mail").fill(username)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(lambda url: "/auth/" not in url)
        return page

    def facts(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        """What the database says."""
        with (
            contextlib.closing(psycopg2.connect(self.demo.env.database_url_or_embedded)) as connection,
            connection.cursor() as cursor,
        ):
            cursor.execute(sql, values)
            rows: list[tuple[object, ...]] = cursor.fetchall()
        return rows

    def fact(self, sql: str, *values: object) -> object:
        """The first value of the first row, or None."""
        rows = self.facts(sql, *values)
        return rows[0][0] if rows else None

    def wait_for_first_ticks(self) -> None:
        """Nothing; returns when beat has taken the snapshot, delivered all reminders and ranked the list."""
        eventually(
            lambda: self.fact("SELECT count(*) FROM invoices_agingsnapshot"),
            what="an aging snapshot exists",
        )
        eventually(
            lambda: self.fact("SELECT count(*) FROM worklist_worklistitem WHERE score > 0"), what="the list is ranked"
        )
        eventually(
            lambda: self.fact(_DELIVERED_RUNS_OF_THE_LAST_DAY) == 2,
            seconds=120,
            what="both entities' reminders of today were delivered",
        )


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser for pages of the test's own live server."""
    # Playwright keeps an event loop in this thread, which makes Django refuse the ORM although nothing runs in it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def desk(chromium: Browser, live_server: LiveServer, request: pytest.FixtureRequest) -> Iterator[Desk]:
    """An office with five customers (or as many as the test asks for), Anna and Ben; all windows closed afterwards."""
    office, anna, ben = open_office(chromium, live_server.url, customers=getattr(request, "param", 5))
    yield office, anna, ben
    for context in office.contexts:
        context.close()


@pytest.fixture(scope="module")
def demo_home() -> Path | None:
    """The home that a module's demo starts from: one where the first ticks have passed. A module that wants to see the
    first start overrides this with None."""
    return filled_home(lambda demo: Visitor(None, demo).wait_for_first_ticks())


@pytest.fixture(scope="module")
def visitor(demo_home: Path | None) -> Iterator[Visitor]:
    """A visitor of a demo of the module's own."""
    with running_demo(like=demo_home) as demo, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield Visitor(browser, demo)
        browser.close()
