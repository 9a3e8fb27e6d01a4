"""What law and manners ask of messages beside fees and interest (L5, L11, L12), and a clock that jumps (D49)."""

from dataclasses import replace
from datetime import date, timedelta
from email.utils import parseaddr

import pytest
from django.conf import settings
from django.core import mail
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from collections_app.lib.digests import canonical_json
from dunning.models import DecisionRecord, Notice, Policy
from dunning.services.deliver_notices import deliver_notices
from dunning.services.forget_decisions import forget_decisions
from invoices.country_packs import pack_of
from invoices.rules.country_pack import BUSINESS
from invoices.rules.statutory_interest import interest_begins
from tests import factories
from tests.dunning.conftest import NOON, deliver, run_on
from tests.factories import DAY

pytestmark = pytest.mark.django_db


def test_l05_a_reform_of_the_longest_term_is_a_change_of_data() -> None:
    today = pack_of("GB").terms_for(BUSINESS)
    issued, due = date(2027, 3, 1), date(2027, 3, 1) + timedelta(days=90)
    begins, remark = interest_begins(today, issued_on=issued, due_on=due)
    assert begins == due + timedelta(days=1)
    assert "60 days" in remark
    reformed = replace(today, longest_days=60, longest_binds=True)
    assert interest_begins(reformed, issued_on=issued, due_on=due)[0] == issued + timedelta(days=61)


def test_l11_reasons_are_forgotten_after_their_time_and_what_was_sent_stays(policy: Policy) -> None:
    factories.invoice(factories.customer(), "100.00", due_on=DAY - timedelta(days=1))
    run_on(policy)
    deliver()
    assert DecisionRecord.objects.exists()
    later = timezone.now().replace(year=DAY.year + 20)
    assert forget_decisions(now=later) > 0
    assert not DecisionRecord.objects.exists()
    notice = Notice.objects.get()
    assert notice.decision["code"] == "propose"
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM dunning_notice WHERE id = %s", [notice.pk])


def test_l12_a_reminder_comes_from_our_own_domain_and_offers_an_answer_instead_of_an_unsubscription(
    policy: Policy,
) -> None:
    factories.invoice(factories.customer(), "100.00", due_on=DAY - timedelta(days=1))
    run_on(policy)
    deliver()
    sent = mail.outbox[0]
    ours = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    assert parseaddr(sent.from_email)[1].rpartition("@")[2] == ours  # aligned with what SPF and DKIM vouch for
    assert not [name for name in sent.extra_headers if name.lower().startswith("list-")]
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"
    assert "objection" in sent.body


def test_d49_a_clock_that_jumps_back_an_hour_and_then_ahead_three_days_sends_nothing_twice(policy: Policy) -> None:
    for _ in range(3):
        factories.invoice(factories.customer(), "100.00", due_on=DAY - timedelta(days=1))
    run_on(policy)
    moments = iter([NOON, NOON - timedelta(hours=1), NOON - timedelta(hours=1)])
    last = NOON + timedelta(days=3)
    deliver_notices(now=lambda: next(moments, last))
    deliver_notices(now=lambda: last)
    run_on(policy)
    deliver_notices(now=lambda: NOON)
    assert len(mail.outbox) == 3
    assert len({tuple(message.to) for message in mail.outbox}) == 3
    left = list(Notice.objects.order_by("pk").values_list("state", "customer_id"))
    assert len(left) == 3, canonical_json({"notices": [list(row) for row in left]})
    assert {state for state, _ in left} == {"accepted"}
