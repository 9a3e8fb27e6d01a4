"""The pages of payment plans: proposed on an account or from a link, agreed to, and ended."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from invoices.models import CurrencyRules, PayerRequest, PaymentPlan
from invoices.rules.plans import even_parts
from invoices.services.approve_plan import approve_plan
from invoices.services.propose_plan import propose_plan
from tests import factories
from tests.conftest import Cast
from tests.invoices.payers import Payer, payer

pytestmark = pytest.mark.django_db

TODAY = factories.today()
SOON = TODAY + timedelta(days=10)


@pytest.fixture
def someone() -> Payer:
    who = factories.customer()
    factories.invoice(who, "100.00", due_on=TODAY - timedelta(days=5))
    return payer(who)


def signed_in(client: Client, cast: Cast, who: str = "collector") -> Client:
    client.force_login(getattr(cast, who))
    return client


def form(payer: Payer, **fields: object) -> dict[str, object]:
    invoice = payer.customer.invoices.get()
    return {"item": [invoice.pk], "count": 3, "first_on": SOON.isoformat(), "every": "month", "note": "", **fields}


def plan_of(payer: Payer) -> PaymentPlan:
    return propose_plan(
        customer=payer.customer, items=[(payer.customer.invoices.get(), None)], on=TODAY, by="test",
        parts=even_parts(Decimal(100), 2, SOON, "EUR"),
    )  # fmt: skip


def test_f39_a_plan_is_proposed_on_the_account_and_agreed_to(client: Client, cast: Cast, someone: Payer) -> None:
    signed_in(client, cast)
    page = f"/accounts/{someone.customer.pk}/plans/new/"
    assert "Propose the plan" in client.get(page).content.decode()
    answer = client.post(page, form(someone))
    plan = PaymentPlan.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/plans/{plan.pk}/")
    parts = plan.instalments.order_by("due_on").values_list("amount", flat=True)
    assert list(parts) == [Decimal("33.33"), Decimal("33.33"), Decimal("33.34")]
    assert "Agree to it" in client.get(f"/plans/{plan.pk}/").content.decode()
    assert client.post(f"/plans/{plan.pk}/agree/").status_code == 302
    shown = client.get(f"/plans/{plan.pk}/").content.decode()
    assert "End the plan" in shown
    assert "Not due" in shown
    assert "Payment plan" in client.get(f"/accounts/{someone.customer.pk}/timeline/").content.decode()


@pytest.mark.parametrize(
    "wrong", [{"count": 0}, {"count": "x"}, {"item": []}, {"item": ["9"]}, {"first_on": "2001-01-01"}, {"every": "day"}]
)
def test_what_cannot_be_a_plan_is_told_in_the_form(
    client: Client, cast: Cast, someone: Payer, wrong: dict[str, object]
) -> None:
    answer = signed_in(client, cast).post(f"/accounts/{someone.customer.pk}/plans/new/", form(someone, **wrong))
    assert answer.status_code == 422
    assert not PaymentPlan.objects.exists()


def test_a_plan_ends_only_with_a_reason(client: Client, cast: Cast, someone: Payer) -> None:
    signed_in(client, cast)
    plan = plan_of(someone)
    assert client.post(f"/plans/{plan.pk}/end/", {"why": ""}).status_code == 422
    assert client.post(f"/plans/{plan.pk}/end/", {"why": "Too slow"}).status_code == 302
    plan.refresh_from_db()
    assert (plan.state, plan.end_note) == ("rejected", "Too slow")
    assert client.post(f"/plans/{plan.pk}/end/", {"why": "Again"}).status_code == 409


def test_strangers_find_no_plan_and_viewers_cannot_agree(client: Client, cast: Cast, someone: Payer) -> None:
    plan = plan_of(someone)
    assert signed_in(client, cast, "stranger").get(f"/plans/{plan.pk}/").status_code == 404
    assert client.get(f"/accounts/{someone.customer.pk}/plans/").status_code == 404
    signed_in(client, cast, "viewer")
    assert client.get(f"/plans/{plan.pk}/").status_code == 200
    assert client.post(f"/plans/{plan.pk}/agree/").status_code == 403


def test_the_list_of_plans_costs_the_same_for_many(
    client: Client, cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    signed_in(client, cast)
    for _ in range(6):
        who = factories.customer()
        factories.invoice(who, "100.00")
        plan_of(payer(who))
    client.get("/plans/")
    with django_assert_max_num_queries(9):
        assert client.get("/plans/").content.decode().count("Proposed") >= 6


def test_f39_a_payer_proposes_a_plan_from_the_link(client: Client, someone: Payer) -> None:
    proposal = {"count": "2", "first_on": SOON.isoformat(), "text": "Our client pays late."}
    answer = client.post(f"{someone.path}plan/", proposal)
    plan = PaymentPlan.objects.get()
    assert f"L-{plan.pk}" in answer.content.decode()
    assert (plan.state, plan.via, plan.note) == ("proposed", "payer", "Our client pays late.")
    again = client.post(f"{someone.path}plan/", proposal)
    assert (again.status_code, PaymentPlan.objects.count()) == (409, 1)
    assert "We already have your proposal" in again.content.decode()


def test_f39_a_payers_plan_keeps_to_the_limits(client: Client, someone: Payer) -> None:
    CurrencyRules.objects.create(currency="EUR", plan_max_parts=2, plan_min_part=Decimal(60))
    page = f"{someone.path}plan/"
    assert '<option value="3">' not in client.get(page).content.decode()
    small = client.post(page, {"count": "2", "first_on": SOON.isoformat()})
    assert (small.status_code, PaymentPlan.objects.exists()) == (422, False)
    assert "smaller parts, than we can agree to" in small.content.decode()


@pytest.mark.parametrize("wrong", [{}, {"count": "2"}, {"count": "99"}, {"count": "2", "first_on": "2001-01-01"}])
def test_a_payers_odd_plan_is_told_in_the_form(client: Client, someone: Payer, wrong: dict[str, str]) -> None:
    assert client.post(f"{someone.path}plan/", wrong).status_code == 422
    assert not PaymentPlan.objects.exists()


def test_the_words_of_a_long_message_are_not_lost(client: Client, someone: Payer) -> None:
    text = "word " * 100
    client.post(f"{someone.path}plan/", {"count": "2", "first_on": SOON.isoformat(), "text": text})
    assert len(PaymentPlan.objects.get().note) == 250
    assert PayerRequest.objects.get().text == text.strip()


def test_p07_a_payer_on_a_plan_is_told_so(client: Client, cast: Cast, someone: Payer) -> None:
    approve_plan(plan=plan_of(someone), on=TODAY, actor=cast.collector)
    answer = client.post(f"{someone.path}plan/", {"count": "2", "first_on": SOON.isoformat()})
    assert answer.status_code == 409
    assert "There is a payment plan for this already" in answer.content.decode()


def test_p07_the_payers_page_names_the_next_part(client: Client, cast: Cast, someone: Payer) -> None:
    approve_plan(plan=plan_of(someone), on=TODAY, actor=cast.collector)
    shown = client.get(someone.path).content.decode()
    assert "Your payment plan is in force. Next part: " in shown
    assert "€50.00" in shown
