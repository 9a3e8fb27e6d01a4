"""B8: the worklist page (fifty items and the account panel) against a bare page behind the same middleware, with few
and with many customers. B9: scoring everybody. B10: a note, a call, a promise, answered with the next customer, and the
account page. Pages and acts take turns with the bare page, so that a busy machine is unfair to all."""

import os
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import date
from itertools import cycle
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import connection
from django.test import Client, override_settings

from collections_app.accounts.models import Team, User
from collections_app.accounts.roles import Role
from customers.models import BusinessClock, LegalEntity
from tests.bench.clock import line
from worklist.models import WorklistItem
from worklist.queries.items import ORDER
from worklist.services.rescore import rescore, rescore_all
from worklist.views.act import AHEAD

Ask = Callable[[], Any]
AS_OF = date(2026, 3, 2)
ROUNDS = 60
ONE_BY_ONE = 15
SIZES = {"S": (1_000,), "L": (1_000, 23_000, 100_000), "ENDS": (1_000, 100_000)}.get(
    os.environ.get("SIZE", ""), (1_000, 23_000)
)

_CUSTOMERS = """
INSERT INTO customers_customer (number, name, entity_id, kind, currency, language, country, holiday_region, time_zone,
    address, vat_id, risk_class, autopay, is_related_party, tags)
SELECT 'B' || lpad(n::text, 7, '0'), 'Bench ' || n, %(entity)s, 'business', 'EUR', '', '', '', '', '', '', '', false,
    false, '{}'::text[] FROM generate_series(%(first)s, %(last)s) AS n
"""
_CONTACTS = """
INSERT INTO customers_contact (customer_id, name, part, email, phone, language, health, is_primary)
SELECT id, 'Pat Payable', 'payables', 'ap' || id || '@example.com', '+49 40 1', '', 'ok', true FROM customers_customer c
WHERE NOT EXISTS (SELECT 1 FROM customers_contact x WHERE x.customer_id = c.id)
"""
_INVOICES = """
INSERT INTO invoices_invoice (entity_id, customer_id, kind, number, status, issued_on, due_on, currency, total)
SELECT %(entity)s, c.id, 'invoice', 'R' || c.id || '-' || n, 'issued', %(on)s::date - 60 - n * 9 - (c.id %% 40)::int,
       %(on)s::date - 30 - n * 9 - (c.id %% 40)::int + 45, 'EUR', 100 + (c.id * 7919 + n * 104729) %% 9900
FROM customers_customer c, generate_series(1, 10) AS n
WHERE NOT EXISTS (SELECT 1 FROM invoices_invoice x WHERE x.customer_id = c.id)
"""


def measure() -> Iterator[dict[str, object]]:
    """B9, B8 and B10 for each size, smallest first, in one growing database."""
    team = Team.objects.create(name="Bench")
    entity = LegalEntity.objects.create(
        code="B1", name="Bench GmbH", team=team, currency="EUR", country="DE", holiday_region="DE",
        time_zone="Europe/Berlin",
    )  # fmt: skip
    user = User.objects.create_user("bench", password="bench-bench", role=Role.ANALYST.value)
    user.teams.add(team)
    BusinessClock.objects.create(pinned_on=AS_OF)
    have = 0
    for size in SIZES:
        _grow(entity, have + 1, size)
        have = size
        begun = time.perf_counter()
        rescore_all(on=AS_OF)
        everybody = time.perf_counter() - begun
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        yield _scoring(size, everybody)
        yield from _pages(user, size)


def _grow(entity: LegalEntity, first: int, last: int) -> None:
    asked: dict[str, Any] = {"entity": entity.pk, "first": first, "last": last, "on": AS_OF}
    with connection.cursor() as cursor:
        for statement in (_CUSTOMERS, _CONTACTS, _INVOICES, "ANALYZE"):
            cursor.execute(statement, asked)


def _scoring(size: int, everybody: float) -> dict[str, object]:
    """B9, with the open amounts per customer in one statement by hand as the baseline."""
    begun = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT customer_id, SUM(total), MAX(%s - due_on) FROM invoices_invoice WHERE status = 'issued'"
            " GROUP BY customer_id",
            [AS_OF],
        )
        rows = cursor.fetchall()
    by_hand = time.perf_counter() - begun
    alone = []
    for customer_id, *_ in rows[:ONE_BY_ONE]:
        begun = time.perf_counter()
        rescore([customer_id], on=AS_OF)
        alone.append(time.perf_counter() - begun)
    one = statistics.median(alone)
    return line("B9 score everybody", n=size, seconds=everybody, baseline=by_hand, one_customer_seconds=round(one, 4))


def _pages(user: User, size: int) -> Iterator[dict[str, object]]:
    """B8, then B10: acts last, because each of them takes a customer off the list."""
    static = {**settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    hosts = [*settings.ALLOWED_HOSTS, "testserver"]
    with override_settings(ROOT_URLCONF="tests.bench.bare_page", STORAGES=static, ALLOWED_HOSTS=hosts):
        client = Client()
        client.force_login(user)
        customers = _customers_in_order()
        asked: dict[str, Ask] = {
            "B8 worklist page": lambda: client.get("/worklist/"),
            "B10 account page": lambda: client.get(f"/accounts/{next(customers)}/"),
            "B10 call, next shown ahead": lambda: _act(client, next(customers), "call", ahead=True, outcome="reached"),
            "B10 note": lambda: _act(client, next(customers), "note", text="Pays with the next run"),
            "B10 call": lambda: _act(client, next(customers), "call", outcome="reached", text="Pays on Friday"),
            "B10 promise": lambda: _act(client, next(customers), "promise", said="fri 50"),
        }
        for name, ask in asked.items():
            ours, bare = _taking_turns(ask, lambda: client.get("/bare/"))
            yield line(
                name, n=size, seconds=statistics.median(ours), baseline=statistics.median(bare),
                p95=_p95(ours), baseline_p95=_p95(bare), ratio_p95=round(_p95(ours) / _p95(bare), 2),
            )  # fmt: skip


def _customers_in_order() -> Iterator[int]:
    """The customers as on the list, the first again after the last."""
    return cycle(list(WorklistItem.objects.order_by(*ORDER).values_list("pk", flat=True)[:1000]))


def _act(client: Client, pk: int, action: str, *, ahead: bool = False, **typed: str) -> Any:
    """The answer to a saved form of the worklist: the panel of who comes next, or only the counts where the browser
    shows that one already, as it nearly always does."""
    headers = {"HX-Request": "true"} | ({AHEAD: "1"} if ahead else {})
    form = {**typed, "once": uuid4().hex, "back": f"at={pk}"}
    return client.post(f"/accounts/{pk}/{action}/", form, headers=headers)


def _taking_turns(*asks: Ask) -> list[list[float]]:
    times: list[list[float]] = [[] for _ in asks]
    for turn in range(ROUNDS + 5):
        for place, ask in enumerate(asks):
            begun = time.perf_counter()
            response = ask()
            seconds = time.perf_counter() - begun
            if response.status_code != 200:
                raise RuntimeError(f"{response.request['PATH_INFO']} answered {response.status_code}")
            if turn >= 5:
                times[place].append(seconds)
    return times


def _p95(times: list[float]) -> float:
    return round(sorted(times)[int(len(times) * 0.95)], 4)
