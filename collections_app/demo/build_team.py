"""Writes who works whose accounts in the demo: weeks, an absence to come, portfolios, accounts of nobody, escalations
open and answered. The same for every start."""

from datetime import date, timedelta
from decimal import Decimal

from collections_app.demo.build_people import Cast
from customers.models import Customer
from worklist.models import Absence, Capacity, Escalation, Portfolio
from worklist.services.answer_escalation import answer_escalation
from worklist.services.escalate import escalate

_NOBODYS = slice(11, None, 53)
_ASKED = (
    ("analyst", "Second promise broken in a row. May I offer three parts, or do we stop delivering?"),
    ("ben", "Their lawyer wrote: everything goes through him from now on. Who answers?"),
    ("analyst", "They ask for 60 days from now on; they order twice as much as last year."),
)
_DIFFICULT = ("promise_breaker", "silent")
_ANSWER = "Three parts at most, the first this week, and no new orders on account until then. I told sales."


def build_team(cast: Cast, *, today: date) -> None:
    """Nothing; the demo's team is there. Scores, and with them the lists, are made by the first tick."""
    anna, ben, chloe = (cast.users[name] for name in ("analyst", "ben", "chloe"))
    Capacity.objects.bulk_create([Capacity(user=ben, friday=0), Capacity(user=chloe, **_short_days())])
    Absence.objects.create(
        user=ben, substitute=chloe, starts_on=today + timedelta(days=9), ends_on=today + timedelta(days=20),
        recorded_by=cast.users["manager"],
    )  # fmt: skip
    large = Portfolio.objects.create(name="Large accounts", least_overdue=Decimal(25_000), rank=10)
    large.analysts.set([anna])
    others = Portfolio.objects.create(name="Everybody else", rank=90)
    others.analysts.set([anna, ben, chloe])
    Customer.objects.filter(pk__in=[customer.pk for customer in cast.customers[_NOBODYS]]).update(collector=None)
    _escalations(cast, today)


def _short_days() -> dict[str, int]:
    return dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), 240)


def _escalations(cast: Cast, today: date) -> None:
    late = [customer for customer in cast.customers if cast.characters[customer.pk].code in _DIFFICULT]
    chosen = [*late, *cast.customers][: len(_ASKED)]
    raised: list[Escalation] = []
    for customer, (username, reason) in zip(chosen, _ASKED, strict=True):
        actor = cast.users[username]
        raised.append(escalate(customer=customer, reason=reason, to=None, on=today, actor=actor))
    answer_escalation(escalation=raised[0], answer=_ANSWER, on=today, actor=cast.users["manager"])
