"""A promise of several payments, typed into the same field as a single one, becomes a payment plan (U31, F39)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from customers.models import BusinessClock
from invoices.models import PaymentPlan, PlanTemplate, Promise
from tests import factories
from tests.conftest import Cast
from tests.factories import DAY
from tests.worklist.views.test_worklist import late, signed_in
from worklist.models import Undo
from worklist.services.rescore import rescore_all

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today() -> None:
    BusinessClock.objects.create(pinned_on=DAY)


def told(plan: PaymentPlan) -> list[tuple[date, Decimal]]:
    return list(plan.instalments.order_by("due_on").values_list("due_on", "amount"))


def test_u31_three_parts_are_agreed_on_the_phone_over_the_oldest_invoices(cast: Cast) -> None:
    who, old = late("300.00", 60)
    factories.invoice(who, "600.00", due_on=DAY - timedelta(days=10))
    rescore_all(on=DAY)
    answer = signed_in(cast.collector).post(
        reverse("account_promise", args=[who.pk]), {"said": "in 3 Raten ab 9.3."}, follow=True
    )
    plan = PaymentPlan.objects.get()
    assert (plan.state, plan.agreed_by, plan.agreed_on) == ("active", cast.collector, DAY)
    assert told(plan) == [(date(2026, month, 9), Decimal(300)) for month in (3, 4, 5)]
    assert plan.items.get(invoice=old).amount == 300
    assert "a plan in 3 parts is agreed" in answer.content.decode()


def test_u31_parts_named_one_by_one_leave_the_rest_open(cast: Cast) -> None:
    who = late("900.00", 60)[0]
    said = {"said": "200 fri, 300 by 31.3."}
    signed_in(cast.collector).post(reverse("account_promise", args=[who.pk]), said)
    plan = PaymentPlan.objects.get()
    assert told(plan) == [(date(2026, 3, 6), Decimal(200)), (date(2026, 3, 31), Decimal(300))]
    assert plan.items.get().amount == 500


def test_what_goes_beyond_the_template_waits_for_a_second_person(cast: Cast) -> None:
    PlanTemplate.objects.create(name="Short", currency="EUR", most_instalments=2)
    who = late("900.00", 60)[0]
    answer = signed_in(cast.collector).post(
        reverse("account_promise", args=[who.pk]), {"said": "in 3 raten"}, follow=True
    )
    assert PaymentPlan.objects.get().state == "proposed"
    assert "waits for a second person" in answer.content.decode()


def test_u08_a_plan_agreed_by_mistake_is_taken_back(cast: Cast) -> None:
    who = late("900.00", 60)[0]
    client = signed_in(cast.collector)
    client.post(reverse("account_promise", args=[who.pk]), {"said": "in 3 raten"})
    client.post(reverse("undo", args=[Undo.objects.get().pk]))
    plan = PaymentPlan.objects.get()
    assert (plan.state, plan.end_note) == ("cancelled", "Recorded by mistake.")
    assert not plan.items.filter(live=True).exists()


def test_i12_words_are_read_in_the_currency_of_the_chosen_invoices_and_two_are_never_added_up(cast: Cast) -> None:
    who, euros = late("900.00", 60)
    yen = factories.invoice(who, "100", currency="JPY", due_on=DAY - timedelta(days=10))
    client, where = signed_in(cast.collector), reverse("account_promise", args=[who.pk])
    both = client.post(where, {"said": "in 3 raten", "invoices": [euros.pk, yen.pk]})
    assert both.status_code == 422
    assert "one currency" in both.content.decode()
    client.post(where, {"said": "in 3 raten ab 9.3.", "invoices": [yen.pk]})
    plan = PaymentPlan.objects.get()
    assert plan.currency == "JPY"
    assert [amount for _, amount in told(plan)] == [Decimal(33), Decimal(33), Decimal(34)]


@pytest.mark.parametrize("said", ["in 3 raten ab 31.12.9999", "3 x 500 from 31.12.9999", "500 weekly from 9999-12-31"])
def test_a_day_beyond_every_calendar_is_refused(cast: Cast, said: str) -> None:
    who = late("900.00", 60)[0]
    answer = signed_in(cast.collector).post(reverse("account_promise", args=[who.pk]), {"said": said})
    assert answer.status_code == 422
    assert "after every calendar" in answer.content.decode()


@pytest.mark.parametrize("said", ["in raten", "in 99 raten", "0.001 monthly", "5000 fri, rest 31.3."])
def test_parts_that_cannot_be_are_refused_and_the_words_kept(cast: Cast, said: str) -> None:
    who = late("900.00", 60)[0]
    answer = signed_in(cast.collector).post(reverse("account_promise", args=[who.pk]), {"said": said})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not PaymentPlan.objects.exists()
    assert not Promise.objects.exists()
