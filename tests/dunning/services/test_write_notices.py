"""What is written down about a notice when it is prepared."""

from datetime import date, timedelta

import pytest
from django.core import mail

from dunning.models import Notice, Policy
from tests import factories
from tests.dunning.conftest import deliver, run_on

pytestmark = pytest.mark.django_db

FRIDAY_BEFORE_EASTER_WEEK = date(2026, 3, 27)


def test_r14_the_new_day_to_pay_by_is_a_day_on_which_the_payers_bank_works(policy: Policy) -> None:
    factories.invoice(factories.customer(), "100.00", due_on=FRIDAY_BEFORE_EASTER_WEEK - timedelta(days=1))
    run_on(policy, FRIDAY_BEFORE_EASTER_WEEK)  # seven days later is Good Friday, then come a weekend and Easter Monday
    assert Notice.objects.get().pay_by == date(2026, 4, 7)
    deliver()
    assert Notice.objects.get().pay_by == date(2026, 4, 7)
    assert "7 Apr 2026" in mail.outbox[0].body
