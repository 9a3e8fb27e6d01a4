"""Recording money: the same once, other money never taken for known."""

from decimal import Decimal
from typing import Any

import pytest

from collections_app.lib.errors import Conflict
from invoices.models import Payment
from tests import factories

pytestmark = pytest.mark.django_db

FORM: dict[str, Any] = {"provider": "desk", "provider_payment_id": "f-1"}


def test_the_same_form_sent_twice_is_one_payment() -> None:
    who = factories.customer()
    first, again = (factories.payment(who, "100.00", shares="oldest", **FORM) for _ in range(2))
    assert first.pk == again.pk
    assert Payment.objects.count() == 1


@pytest.mark.parametrize("amount", ["200.00", "99.99"])
def test_w04_a_form_that_comes_back_with_another_amount_is_told_and_not_swallowed(amount: str) -> None:
    who = factories.customer()
    factories.payment(who, "100.00", **FORM)
    with pytest.raises(Conflict, match=r"already recorded EUR.100\.00, received on 2 Mar 2026") as refused:
        factories.payment(who, amount, **FORM)
    assert refused.value.code == "payment_differs"
    assert Payment.objects.get().amount == Decimal("100.00")


def test_w04_a_form_that_comes_back_for_another_customer_is_told_and_not_swallowed() -> None:
    factories.payment(factories.customer(), "100.00", **FORM)
    with pytest.raises(Conflict):
        factories.payment(factories.customer(), "100.00", **FORM)
    assert Payment.objects.count() == 1
