"""Changed facts ask a worker for a new score; a broker that is away costs the request nothing."""

from unittest import mock

import pytest
from kombu.exceptions import OperationalError
from pytest_django import DjangoCaptureOnCommitCallbacks

from customers.changes import announce
from tests import factories
from worklist.tasks import rescore_customers

pytestmark = pytest.mark.django_db


def test_a_change_asks_a_worker_to_score_the_customer_again(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    who = factories.customer()
    with mock.patch.object(rescore_customers, "apply_async") as asked:  # the outer door: the broker
        with django_capture_on_commit_callbacks(execute=True):
            announce([who.pk])
        asked.assert_called_once_with([[who.pk]], retry=False)


def test_a_broker_that_is_away_does_not_break_what_changed_the_facts(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    who = factories.customer()
    with (
        mock.patch.object(rescore_customers, "apply_async", side_effect=OperationalError("no broker")),
        django_capture_on_commit_callbacks(execute=True) as callbacks,
    ):
        announce([who.pk])
    assert callbacks
