"""Disputes that an older version opened while an upgrade rolls (D91)."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from collections_app.audit.models import AuditEntry
from invoices.models import Dispute, DisputeCase
from invoices.services.give_cases import give_cases
from invoices.services.open_dispute import open_dispute
from tests import factories
from tests.factories import DAY

pytestmark = pytest.mark.django_db


def of_the_old_version(reference: str, **ended: Any) -> Dispute:
    """A dispute as the version before cases wrote it."""
    invoice = factories.invoice(factories.customer(), "100.00", due_on=DAY)
    return Dispute.objects.create(
        customer=invoice.customer, invoice=invoice, reference=reference, reason="price", currency="EUR",
        amount=Decimal("40.00"), text="Price of line 2", via="analyst", opened_on=DAY,
        answer_by=DAY + timedelta(days=14), **ended,
    )  # fmt: skip


def test_d91_each_dispute_of_the_old_version_gets_a_case_once() -> None:
    waits = of_the_old_version("D-2026-900001")
    over = of_the_old_version("D-2026-900002", state="rejected", closed_on=DAY, resolution="The price was agreed.")
    known = open_dispute(invoice=factories.invoice(factories.customer(), "9.00", due_on=DAY), amount=None,
                         reason="price", opened_on=DAY, by="test")  # fmt: skip
    assert give_cases() == 2
    assert give_cases() == 0
    for dispute, stage, outcome in ((waits, "new", ""), (over, "closed", "rejected")):
        dispute.refresh_from_db()
        assert dispute.case_id is not None
        case = DisputeCase.objects.get(pk=dispute.case_id)
        assert (case.reference, case.stage, case.outcome) == (dispute.reference, stage, outcome)
        assert (case.customer_id, case.text, case.answer_by) == (dispute.customer_id, dispute.text, dispute.answer_by)
        assert AuditEntry.objects.filter(subject_type="invoices.disputecase", subject_id=case.pk).count() == 1
    assert DisputeCase.objects.count() == 3
    known.refresh_from_db()
    assert known.case_id is not None
