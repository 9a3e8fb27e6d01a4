"""What the database itself refuses about notices, whatever the code does."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from dunning.models import Notice, Policy
from tests import factories
from tests.dunning.conftest import deliver, run_on
from tests.factories import DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(policy: Policy) -> Notice:
    """A notice that the mail server took."""
    factories.invoice(factories.customer(), due_on=DAY - timedelta(days=1))
    run_on(policy)
    deliver()
    return Notice.objects.get()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE dunning_notice SET amount = 1",
        "UPDATE dunning_notice SET state = 'approved'",
        "DELETE FROM dunning_notice",
        "TRUNCATE dunning_notice CASCADE",
        "UPDATE dunning_noticeitem SET asked_amount = 1",
        "DELETE FROM dunning_noticeitem",
    ],
)
def test_d18_a_sent_notice_refuses_every_change(sent: Notice, statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match="pgtrigger"):
            cursor.execute(statement)


def test_d41_a_second_notice_of_the_day_is_refused_unless_the_first_was_dropped(sent: Notice) -> None:
    sent.pk, sent.state, sent.cycle, sent.step_position = None, "approved", "other", 3
    with pytest.raises(DatabaseError, match="notice_one_per_day"), transaction.atomic():
        sent.save(force_insert=True)
    sent.state = "cancelled"
    sent.save(force_insert=True)
