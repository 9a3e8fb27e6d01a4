"""B8: the worklist page (fifty items and the account panel) against a bare page behind the same middleware, with few
with many customers. B9: scoring everybody. Both pages take turns, so that a busy machine is unfair to both."""

import os
import statistics
import time
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client, override_settings

from collections_app.accounts.models import Team, User
from collections_app.accounts.roles import Role
from customers.models import BusinessClock, LegalEntity
from tests.bench.clock import line
from worklist.services.rescore import rescore, rescore_all

AS_OF = date(2026, 3, 2)
ROUNDS = 60
ONE_BY_ONE = 15
SIZES = (300, 23_000, 100_000) if os.environ.get("SIZE") == "L" else (300, 23_000)

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
    """B8 and B9 for each size, smallest first, in one growing database."""
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
        yield _page(user, size)


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


def _page(user: User, size: int) -> dict[str, object]:
    static = {**settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    hosts = [*settings.ALLOWED_HOSTS, "testserver"]
    with override_settings(ROOT_URLCONF="tests.bench.bare_page", STORAGES=static, ALLOWED_HOSTS=hosts):
        client = Client()
        client.force_login(user)
        ours, bare = _taking_turns(client, "/worklist/", "/bare/")
    return line(
        "B8 worklist page", n=size, seconds=statistics.median(ours), baseline=statistics.median(bare),
        p95=_p95(ours), baseline_p95=_p95(bare), ratio_p95=round(_p95(ours) / _p95(bare), 2),
    )  # fmt: skip


def _taking_turns(client: Client, *urls: str) -> list[list[float]]:
    times: list[list[float]] = [[] for _ in urls]
    for turn in range(ROUNDS + 5):
        for place, url in enumerate(urls):
            begun = time.perf_counter()
            response: Any = client.get(url)
            seconds = time.perf_counter() - begun
            if response.status_code != 200:
                raise RuntimeError(f"{url} answered {response.status_code}")
            if turn >= 5:
                times[place].append(seconds)
    return times


def _p95(times: list[float]) -> float:
    return round(sorted(times)[int(len(times) * 0.95)], 4)
