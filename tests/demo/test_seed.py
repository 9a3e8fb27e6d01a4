"""The demo company: the same every time, dated relative to its day, and in order by every law."""

from datetime import date, timedelta

import pytest

from collections_app.demo.characters import CHARACTERS
from collections_app.demo.seed import demo_day, is_empty, seed_demo
from customers.models import Customer, Segment
from dunning.models import Handover, InboundMessage, MessageProposal, Notice
from invoices.models import (
    Adjustment,
    Approval,
    Dispute,
    DisputeCase,
    DocumentMail,
    Invoice,
    LateClaim,
    LateWaiver,
    Payment,
    PaymentPlan,
    Promise,
)
from invoices.queries.verify_ledger import violations
from worklist.models import Absence, Escalation, Notification, Portfolio, StrategyVersion

DAY = date(2026, 3, 3)


def test_a_demo_started_on_a_sunday_lives_on_the_last_day_all_its_countries_worked() -> None:
    assert demo_day(date(2026, 3, 8)) == date(2026, 3, 6)
    assert demo_day(date(2026, 12, 27)) == date(2026, 12, 24)


@pytest.mark.django_db
def test_the_demo_company_is_complete_dated_relative_to_its_day_and_keeps_every_law() -> None:
    assert is_empty()
    assert seed_demo(calendar_day=DAY) == DAY
    assert not is_empty()
    assert Customer.objects.count() == sum(character.count for character in CHARACTERS) == 300
    assert set(Invoice.objects.values_list("currency", flat=True)) == {"EUR", "GBP", "USD"}
    days = Invoice.objects.order_by("issued_on").values_list("issued_on", flat=True)
    assert days[0] <= DAY - timedelta(days=700)
    assert max(days) == DAY
    assert not Payment.objects.filter(received_on__gt=DAY).exists()
    assert {"open", "broken", "kept"} <= set(Promise.objects.values_list("state", flat=True))
    assert {"open", "accepted"} <= set(Dispute.objects.values_list("state", flat=True))
    assert not Dispute.objects.filter(case=None).exists()
    stages = {"new", "investigating", "colleague", "customer", "closed"}
    assert stages <= set(DisputeCase.objects.values_list("stage", flat=True))
    assert {"credited", "rejected", "settled"} <= set(DisputeCase.objects.values_list("outcome", flat=True))
    assert Notice.objects.filter(as_of__lt=DAY, state="accepted").count() > 100
    assert Invoice.objects.filter(instalments__isnull=False).distinct().count() == 2
    kinds = {"write_off", "early_payment_discount", "small_difference"}
    assert kinds <= set(Adjustment.objects.values_list("kind", flat=True))
    assert set(Approval.objects.values_list("state", flat=True)) == {"posted", "requested"}
    assert set(PaymentPlan.objects.values_list("state", "via")) == {("active", "analyst"), ("proposed", "payer")}
    assert set(LateClaim.objects.values_list("kind", flat=True)) == {"interest", "lump_sum"}
    assert set(LateWaiver.objects.values_list("state", flat=True)) == {"in_force", "requested"}
    assert Handover.objects.get().state == "handed_over"
    assert set(InboundMessage.objects.values_list("state", flat=True)) == {"waiting", "done"}
    assert set(MessageProposal.objects.values_list("kind", flat=True)) == set(MessageProposal.Kind.values)
    assert set(StrategyVersion.objects.values_list("state", flat=True)) == {"active", "draft"}
    for segment in Segment.objects.all():
        assert 3 <= segment.members.filter(until=None).count() <= 150, segment
    assert DocumentMail.objects.filter(kind="invoice", state="approved").exists()
    assert violations() == []
    assert Portfolio.objects.filter(analysts__isnull=False).distinct().count() == 2
    assert Absence.objects.filter(starts_on__gt=DAY, substitute__isnull=False).count() == 1
    assert Customer.objects.filter(collector=None).exists()
    assert sorted(Escalation.objects.values_list("answered_on", flat=True), key=str) == [DAY, None, None]
    assert Notification.objects.filter(user__username="manager", kind="escalation").count() == 3
