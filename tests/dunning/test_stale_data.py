"""No reminder on old data: the run holds those possibly affected, the last look too, and everybody is told."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from customers.models import ImportBatch, LegalEntity, OutgoingRules
from dunning.models import DecisionRecord, Notice, Policy
from dunning.queries.why import why
from invoices.models import BankAccount, BankFile, BankStatement
from tests import factories
from tests.conftest import Cast
from tests.dunning.conftest import deliver, run_on
from tests.factories import DAY

pytestmark = pytest.mark.django_db
OLD = DAY - timedelta(days=7)


def statement(of: LegalEntity, closed_on: date, iban: str = "DE02120300000000202051") -> None:
    account, _ = BankAccount.objects.get_or_create(entity=of, identification=iban, currency="EUR")
    file = BankFile.objects.create(name="x", digest="0" * 64, size=1, state="read")
    BankStatement.objects.create(file=file, account=account, closed_on=closed_on)


@pytest.fixture
def guard(db: None) -> OutgoingRules:
    return OutgoingRules.objects.create(pk=1, bank_days=2, invoice_days=2)


def test_old_bank_data_hold_the_reminders_of_that_entity_only(policy: Policy, guard: OutgoingRules) -> None:
    who = factories.customer()
    factories.invoice(who, due_on=DAY - timedelta(days=3))
    statement(policy.entity, OLD)
    statement(factories.entity("DE02"), DAY, "DE1")
    assert run_on(policy).skipped == {"stale_data": 1}
    kept = DecisionRecord.objects.get()
    assert (kept.code, kept.customer_id, kept.facts["newest"]) == ("stale_data", who.pk, OLD.isoformat())
    assert "Bank data of Nordwind Handel GmbH goes up to 23 Feb 2026" in why(who, DAY)[-1]["sentence"]


def test_new_enough_bank_data_hold_nothing(policy: Policy, guard: OutgoingRules) -> None:
    factories.invoice(factories.customer(), due_on=DAY - timedelta(days=3))
    statement(policy.entity, DAY - timedelta(days=3))
    assert run_on(policy).proposed == 1


def test_of_two_accounts_the_one_that_lags_counts(policy: Policy, guard: OutgoingRules) -> None:
    factories.invoice(factories.customer(), due_on=DAY - timedelta(days=3))
    statement(policy.entity, DAY, "DE1")
    statement(policy.entity, OLD, "DE2")
    assert run_on(policy).skipped == {"stale_data": 1}


def test_an_account_that_went_silent_long_ago_is_taken_for_closed(policy: Policy, guard: OutgoingRules) -> None:
    factories.invoice(factories.customer(), due_on=DAY - timedelta(days=3))
    statement(policy.entity, DAY, "DE1")
    statement(policy.entity, DAY - timedelta(days=200), "DE2")
    assert run_on(policy).proposed == 1


def test_an_entity_without_bank_account_and_files_is_not_held(policy: Policy, guard: OutgoingRules) -> None:
    factories.invoice(factories.customer(), due_on=DAY - timedelta(days=3))
    assert run_on(policy).proposed == 1


def test_old_invoice_files_hold_too(policy: Policy, guard: OutgoingRules) -> None:
    factories.invoice(factories.customer(), due_on=DAY - timedelta(days=3))
    ImportBatch.objects.create(
        entity=policy.entity, file_name="x.csv", state="imported", finished_at=datetime(2026, 2, 20, tzinfo=UTC)
    )
    assert run_on(policy).skipped == {"stale_data": 1}


def test_what_was_proposed_before_is_held_at_the_last_look(policy: Policy) -> None:
    factories.invoice(factories.customer(), due_on=DAY - timedelta(days=3))
    run_on(policy)
    OutgoingRules.objects.create(pk=1, bank_days=2)
    statement(policy.entity, OLD)
    assert deliver() == {"cancelled": 1}
    assert Notice.objects.get().reason == "stale_data"


def test_everybody_sees_on_every_page_whose_data_are_old(
    policy: Policy, guard: OutgoingRules, client: Client, cast: Cast
) -> None:
    statement(policy.entity, OLD)
    client.force_login(cast.viewer)
    page = client.get(reverse("settings")).content.decode()
    assert "Reminders of Nordwind Handel GmbH are held: bank data goes up to 23 Feb 2026." in page
