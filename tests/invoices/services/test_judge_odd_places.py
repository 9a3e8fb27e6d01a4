"""Judging promises of customers in places that no calendar knows."""

from decimal import Decimal

import pytest

from invoices.services.judge_promises import judge_promises
from invoices.services.make_promise import make_promise
from tests import factories
from tests.factories import DAY

pytestmark = pytest.mark.django_db


def test_d51_a_country_without_a_calendar_stops_nobodys_promise_from_being_judged() -> None:
    for who in (factories.customer(country="XX"), factories.customer()):
        owed = factories.invoice(who)
        make_promise(customer=who, items=[(owed, Decimal("100"))], promised_on=DAY, made_on=DAY, by="test")
    assert judge_promises(on=DAY.replace(day=4)).broken == 2
