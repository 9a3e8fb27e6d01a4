"""Chunks of a run: shared by workers, free again when one dies, never longer than one transaction, kept to the last."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

import psycopg2
import pytest
from django.db import connection

from collections_app.lib.errors import Conflict
from dunning.models import DecisionRecord, Notice, Policy, Run, RunChunk
from dunning.services.forget_decisions import forget_decisions
from dunning.services.install_policy import install_standard_policy
from dunning.services.prepare_chunk import prepare_chunk
from dunning.services.start_due import start_due
from dunning.services.start_run import start_run
from dunning.tasks import prepare_run_chunk
from tests import factories
from tests.dunning.conftest import NOON, deliver, pin, run_on
from tests.dunning.services.test_prepare_run import make_late
from tests.factories import DAY


def take(run: Run) -> bool:
    return prepare_chunk(run_id=run.pk, now=NOON, any_hour=True)


@contextmanager
def in_hand_elsewhere(chunk: RunChunk) -> Iterator[None]:
    """Another worker works on this chunk, and dies at the end without a word."""
    where = connection.settings_dict
    options = {"dbname": where["NAME"], "user": where["USER"], "password": where["PASSWORD"], "host": where["HOST"]}
    other = psycopg2.connect(**options, port=where["PORT"] or None)
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT 1 FROM dunning_runchunk WHERE id = %s FOR UPDATE", [chunk.pk])
            yield
    finally:
        other.rollback()  # what the database does with a dead worker's lock, but before we go on
        other.close()


@pytest.mark.django_db(transaction=True)
def test_d29_workers_share_a_run_and_take_up_the_chunk_of_one_that_died() -> None:
    pin(DAY)
    policy = install_standard_policy(factories.entity())
    make_late(25)
    run = start_run(policy=policy, as_of=DAY, chunk=10)
    first = run.chunks.order_by("first_id")[0]
    with in_hand_elsewhere(first):
        assert [take(run), take(run), take(run)] == [True, True, False]
        run.refresh_from_db()
        assert (run.state, Notice.objects.count()) == ("preparing", 15)
        assert deliver() == {}  # R7: nothing of it leaves before it is whole
    assert take(run) is True
    run.refresh_from_db()
    assert (run.state, run.proposed) == ("prepared", 25)
    assert Notice.objects.values("customer").distinct().count() == 25
    assert take(run) is False


@pytest.mark.django_db
def test_a_chunk_that_fails_leaves_nothing_and_is_done_again(policy: Policy) -> None:
    make_late(4)
    run = start_run(policy=policy, as_of=DAY, chunk=2)
    with connection.cursor() as cursor:  # what a full disk or a dead backend would do in the middle
        cursor.execute("ALTER TABLE dunning_noticeitem ADD CONSTRAINT refuse CHECK (days_late < 0) NOT VALID")
    with pytest.raises(Exception, match="refuse"):
        take(run)
    assert (Notice.objects.count(), DecisionRecord.objects.count()) == (0, 0)
    assert run.chunks.filter(done_at__isnull=True).count() == 2
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE dunning_noticeitem DROP CONSTRAINT refuse")
    while take(run):
        pass
    run.refresh_from_db()
    assert (run.state, run.proposed) == ("prepared", 4)


@pytest.mark.django_db
def test_r07_a_run_that_was_given_up_gives_no_more_chunks(policy: Policy) -> None:
    make_late(4)
    old = start_run(policy=policy, as_of=DAY, chunk=2)
    take(old)
    pin(DAY + timedelta(days=1))
    start_run(policy=policy, as_of=DAY + timedelta(days=1))
    assert take(old) is False
    old.refresh_from_db()
    assert old.state == "failed"
    assert set(Notice.objects.filter(run=old).values_list("state", "reason")) == {("cancelled", "superseded")}


@pytest.mark.django_db
def test_d27_what_is_left_of_a_run_is_found_again_without_any_message(policy: Policy) -> None:
    make_late(4)
    run = start_run(policy=policy, as_of=DAY, chunk=2)
    take(run)
    assert [found.pk for found in start_due(now=NOON)] == [run.pk]
    prepare_run_chunk(run.pk)
    assert start_due(now=NOON) == []
    assert Run.objects.get().proposed == 4


@pytest.mark.django_db
def test_every_account_looked_at_has_one_decision_with_its_facts(policy: Policy) -> None:
    make_late(3)
    factories.invoice(factories.customer(), "7.00", due_on=DAY + timedelta(days=20))
    run = run_on(policy, chunk=2)
    kept = DecisionRecord.objects.filter(run=run)
    assert sorted(kept.values_list("code", flat=True)) == ["not_due", "propose", "propose", "propose"]
    proposed = kept.filter(code="propose")[0]
    assert (proposed.step_position, proposed.amount, proposed.facts["documents"]) == (2, Decimal(10), 1)
    assert kept.get(code="not_due").amount is None


@pytest.mark.django_db
def test_a_dry_run_keeps_what_it_found_and_leaves_the_list_of_the_day_alone(policy: Policy) -> None:
    Policy.objects.update(is_active=False)
    make_late(3)
    dry = run_on(policy, is_dry=True)
    assert (dry.state, dry.proposed) == ("prepared", 3)
    assert set(Notice.objects.values_list("state", "reason")) == {("cancelled", "dry_run")}
    assert DecisionRecord.objects.filter(run=dry).count() == 3
    again = run_on(policy, is_dry=True)
    assert again.pk != dry.pk
    with pytest.raises(Conflict):
        run_on(policy)
    Policy.objects.update(is_active=True)
    assert run_on(policy).proposed == 3


@pytest.mark.django_db
def test_decisions_older_than_the_setting_are_forgotten_and_notices_keep_theirs(policy: Policy) -> None:
    make_late(3)
    run_on(policy)
    assert forget_decisions(now=NOON + timedelta(days=400)) == 0
    assert forget_decisions(now=NOON + timedelta(days=402)) == 3
    assert not DecisionRecord.objects.exists()
    assert Notice.objects.filter(decision__code="propose").count() == 3
