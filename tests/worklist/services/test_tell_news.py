"""What happens on accounts by itself reaches whoever works them, once."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collections_app.accounts.models import User
from collections_app.accounts.roles import Role
from customers.models import Customer
from dunning.models import InboundMessage
from invoices.models import Approval, Promise
from tests import factories
from tests.conftest import Cast
from tests.factories import DAY
from worklist.models import Absence, Notification
from worklist.services.rescore import rescore_all
from worklist.services.tell_news import tell_news

pytestmark = pytest.mark.django_db


def account(cast: Cast, collector: User | None) -> Customer:
    who = factories.customer(collector=collector)
    factories.invoice(who, "500.00", due_on=DAY - timedelta(days=40))
    return who


def broken(who: Customer, days_ago: int = 0) -> Promise:
    day = DAY - timedelta(days=days_ago)
    return Promise.objects.create(
        customer=who, currency="EUR", amount=Decimal(500), made_on=day - timedelta(days=9), state="broken",
        promised_on=day - timedelta(days=2), closed_on=day,
    )  # fmt: skip


def wrote(who: Customer, n: int = 1, kind: str = "person") -> InboundMessage:
    return InboundMessage.objects.create(
        account="box", message_id=f"{n}@x", content_digest=f"{n}" * 8, kind=kind, customer=who, subject="Invoice?",
        raw=b"", raw_size=0,
    )  # fmt: skip


def told() -> list[tuple[str, str, str]]:
    tell_news(now=timezone.now(), on=DAY)
    rows = Notification.objects.order_by("pk").select_related("user")
    return [(row.user.username, row.kind, row.text) for row in rows]


def test_a_broken_promise_reaches_the_collector_once(cast: Cast) -> None:
    who = account(cast, cast.collector)
    rescore_all(on=DAY)
    broken(who)
    expected = [("collector", "promise", f"{who.name}: €500.00 promised by 28 Feb did not come.")]
    assert told() == expected
    assert told() == expected


def test_what_happened_long_ago_is_no_news(cast: Cast) -> None:
    who = account(cast, cast.collector)
    rescore_all(on=DAY)
    broken(who, days_ago=4)
    assert told() == []


def test_while_somebody_is_away_the_substitute_is_told(cast: Cast) -> None:
    ben = factories.user(username="ben")
    Absence.objects.create(user=cast.collector, substitute=ben, starts_on=DAY, ends_on=DAY)
    who = account(cast, cast.collector)
    rescore_all(on=DAY)
    broken(who)
    assert [user for user, _kind, _text in told()] == ["ben"]


def test_a_reply_is_told_and_an_automatic_one_is_not(cast: Cast) -> None:
    who = account(cast, cast.collector)
    rescore_all(on=DAY)
    wrote(who)
    wrote(who, 2, kind="auto_reply")
    assert told() == [("collector", "reply", f"{who.name} wrote: Invoice?")]


def test_an_account_of_nobody_tells_nobody(cast: Cast) -> None:
    who = account(cast, None)
    rescore_all(on=DAY)
    broken(who)
    wrote(who)
    assert told() == []


def test_a_request_is_told_to_the_managers_and_not_to_who_asked(cast: Cast) -> None:
    who = account(cast, cast.collector)
    second = factories.user(Role.MANAGER, username="second")
    Approval.objects.create(
        kind="write_off", entity=who.entity, customer=who, currency="EUR", amount=Decimal(90), reason="x", payload={},
        digest="d", requested_by=second,
    )  # fmt: skip
    assert told() == [("lead", "approval", f"Second asks for your word: €90.00 of {who.name}")]


def test_ten_things_cost_as_many_statements_as_two(cast: Cast) -> None:
    def statements() -> int:
        Notification.objects.all().delete()
        with CaptureQueriesContext(connection) as seen:
            tell_news(now=timezone.now(), on=DAY)
        return len(seen)

    for n in range(2):
        broken(account(cast, cast.collector))
        wrote(account(cast, cast.collector), n)
    rescore_all(on=DAY)
    few = statements()
    for n in range(8):
        broken(account(cast, cast.collector))
        wrote(account(cast, cast.collector), n + 2)
    rescore_all(on=DAY)
    assert statements() == few
