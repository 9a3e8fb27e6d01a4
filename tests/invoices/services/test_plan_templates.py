"""Plan templates: for whom they hold, what they allow one person, and what a payer may propose (F39)."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from collections_app.audit.models import AuditEntry
from collections_app.lib.errors import BadInput, NotAllowed
from customers.models import Customer, Segment, SegmentMember
from invoices.models import PaymentPlan, PlanTemplate
from invoices.queries.plan_limits import plan_limits, template_for
from invoices.rules.plans import even_parts
from invoices.services.approve_plan import approve_plan
from invoices.services.propose_plan import propose_plan
from invoices.services.save_plan_template import save_plan_template
from tests import factories
from tests.conftest import Cast
from tests.factories import DAY

pytestmark = pytest.mark.django_db


def template(**more: Any) -> PlanTemplate:
    return save_plan_template(template=PlanTemplate(**{"name": "Usual", "currency": "EUR", **more}), actor=None)


def proposed(who: Customer, total: str, count: int, *, first: int = 7, **more: Any) -> PaymentPlan:
    invoice = factories.invoice(who, total)
    parts = even_parts(Decimal(total), count, DAY + timedelta(days=first), "EUR")
    return propose_plan(customer=who, items=[(invoice, None)], parts=parts, on=DAY, by="test", **more)


def test_f39_the_first_template_by_rank_that_fits_customer_and_amount_holds() -> None:
    who = factories.customer()
    segment = Segment.objects.create(code="slow", name="Slow", rule={"all": []})
    template(name="Small", most_amount=Decimal(1000), rank=50)
    template(name="Slow payers", segment=segment, rank=10)
    template(name="Off", rank=1, is_active=False)
    template(name="Dollars", currency="USD", rank=1)
    assert template_for(who, "EUR", Decimal(500)).name == "Small"  # type: ignore[union-attr]
    assert template_for(who, "EUR", Decimal(5000)) is None
    SegmentMember.objects.create(segment=segment, customer=who, since=DAY)
    assert template_for(who, "EUR", Decimal(5000)).name == "Slow payers"  # type: ignore[union-attr]
    assert plan_limits(who, "EUR", Decimal(500)).name == "Slow payers"


def test_f39_without_a_template_the_limits_of_the_currency_hold() -> None:
    assert plan_limits(factories.customer(), "EUR", Decimal(500)).max_parts == 6


def test_f39_what_exceeds_the_template_waits_for_a_second_person(cast: Cast) -> None:
    template(most_instalments=3, first_within_days=10, longest_days=100, approve_over=Decimal(1000))
    for total, count, first, says in (
        ("300.00", 4, 7, "at most 3 parts"),
        ("300.00", 3, 30, "Begin earlier"),
        ("3000.00", 3, 7, "takes two people"),
    ):
        plan = proposed(factories.customer(), total, count, first=first, actor=cast.collector)
        with pytest.raises(NotAllowed, match=says):
            approve_plan(plan=plan, on=DAY, actor=cast.collector)
        approve_plan(plan=plan, on=DAY, actor=cast.lead)
    inside = proposed(factories.customer(), "300.00", 3, actor=cast.collector)
    assert approve_plan(plan=inside, on=DAY, actor=cast.collector).state == PaymentPlan.State.ACTIVE


def test_f39_a_payer_proposes_only_what_the_template_offers() -> None:
    who = factories.customer()
    kept = template(most_instalments=3)
    with pytest.raises(BadInput, match="at most 3 parts"):
        proposed(who, "300.00", 4, via="payer")
    kept.payer_may_propose = False
    save_plan_template(template=kept, actor=None)
    with pytest.raises(BadInput, match="Write to us"):
        proposed(who, "300.00", 2, via="payer")


def test_a_plan_takes_its_grace_from_the_template() -> None:
    template(grace_days=9)
    assert proposed(factories.customer(), "300.00", 3).grace_days == 9


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"currency": "EURO"}, "currency"),
        ({"most_instalments": 1}, "most_instalments"),
        ({"least_amount": Decimal("-1")}, "least_amount"),
        ({"least_amount": Decimal(10), "most_amount": Decimal(5)}, "most_amount"),
        ({"least_instalment": Decimal("0.001")}, "least_instalment"),
        ({"longest_days": 5, "first_within_days": 14}, "longest_days"),
    ],
)
def test_a_template_that_cannot_be_is_refused_at_its_field(wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(BadInput) as refused:
        template(**wrong)
    assert field in refused.value.fields
    assert not PlanTemplate.objects.exists()


def test_saving_is_audited_and_a_second_of_that_name_refused() -> None:
    template()
    assert AuditEntry.objects.filter(action="plan_template.saved").count() == 1
    with pytest.raises(BadInput, match="cannot be kept"):
        template()
