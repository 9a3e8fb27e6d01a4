"""P7: what a plan is worth on the worklist: not chased while it is kept, first in line when it is in default."""

from datetime import timedelta
from decimal import Decimal

import pytest

from invoices.rules.plans import Part
from invoices.services.approve_plan import approve_plan
from invoices.services.judge_plans import judge_plans
from invoices.services.make_promise import make_promise
from invoices.services.propose_plan import propose_plan
from tests import factories
from tests.conftest import Cast
from tests.factories import DAY
from worklist.models import WorklistItem
from worklist.services.rescore import rescore

pytestmark = pytest.mark.django_db

DUE = DAY + timedelta(days=7)


def test_p07_a_kept_plan_is_not_chased_and_one_in_default_asks_for_a_call(cast: Cast) -> None:
    who = factories.customer()
    invoice = factories.invoice(who, "1000.00", due_on=DAY - timedelta(days=40))
    plan = propose_plan(
        customer=who, items=[(invoice, None)], parts=[Part(DUE, Decimal(1000))], on=DAY, actor=cast.collector
    )
    rescore([who.pk], on=DAY)
    before = WorklistItem.objects.get().score
    approve_plan(plan=plan, on=DAY, actor=cast.collector)
    rescore([who.pk], on=DAY)
    item = WorklistItem.objects.get()
    assert (item.score, item.promised) == (Decimal(0), Decimal(1000))
    assert "promised by 9 Mar" in item.why
    after = DUE + timedelta(days=4)
    assert judge_plans(on=after).defaulted == 1
    rescore([who.pk], on=after)
    item = WorklistItem.objects.get()
    assert item.score > before
    assert item.why.startswith("promise broken 13 Mar")
    make_promise(customer=who, items=[(invoice, None)], promised_on=after, made_on=after, by="test")
    rescore([who.pk], on=after)
    assert "broken" not in WorklistItem.objects.get().why
