"""The audit log: registered actions only, append-only, and a chain that names the row someone changed."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from collections_app.audit.actions import register
from collections_app.audit.chain import seal, violations
from collections_app.audit.models import AuditEntry, AuditSeal
from collections_app.audit.record import entry_digest, record
from tests import factories

pytestmark = pytest.mark.django_db
TESTED = register("test.happened", "Something happened in a test")


def as_superuser(sql: str, *values: Any) -> None:
    """Runs SQL with triggers off, as only the owner of the database can."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql, values)
        cursor.execute("SET session_replication_role = DEFAULT")


def three_entries() -> list[AuditEntry]:
    who = factories.customer()
    return [record(TESTED, who, actor=None, by="test", step=n) for n in range(3)]


def test_an_unregistered_action_cannot_be_recorded() -> None:
    with pytest.raises(LookupError, match="not registered"):
        record("test.never_registered", factories.customer(), actor=None)


def test_sealing_takes_every_entry_once() -> None:
    three_entries()
    first = seal()
    assert first is not None
    assert first.entries.count() == AuditEntry.objects.count()
    assert seal() is None
    three_entries()
    second = seal()
    assert second is not None
    assert second.previous_digest == first.digest
    assert violations() == []


@pytest.mark.parametrize("sealed", [True, False])
def test_d80_an_altered_entry_is_named(sealed: bool) -> None:
    entry = three_entries()[1]
    if sealed:
        seal()
    as_superuser("UPDATE audit_auditentry SET actor_label = 'someone else' WHERE id = %s", entry.pk)
    assert f"audit.auditentry {entry.pk}" in [found["row"] for found in violations()]


def test_d80_an_entry_altered_with_a_fresh_digest_is_named() -> None:
    entry = three_entries()[1]
    seal()
    entry.refresh_from_db()
    entry.actor_label = "someone else"
    as_superuser(
        "UPDATE audit_auditentry SET actor_label = %s, digest = %s WHERE id = %s",
        entry.actor_label, entry_digest(entry), entry.pk,
    )  # fmt: skip
    assert {"law": "audit_entry_sealed", "row": f"audit.auditentry {entry.pk}"} in violations()


def test_d80_a_deleted_entry_is_named() -> None:
    entry = three_entries()[2]
    seal()
    with transaction.atomic():
        as_superuser("DELETE FROM audit_auditentry WHERE id = %s", entry.pk)
        found = violations()
        transaction.set_rollback(True)  # the foreign key that the deletion broke is checked when the test ends
    assert {"law": "audit_entry_sealed", "row": f"audit.auditentry {entry.pk}"} in found


def test_d80_a_removed_seal_breaks_the_chain() -> None:
    three_entries()
    first = seal()
    three_entries()
    assert first is not None
    assert seal() is not None
    as_superuser("DELETE FROM audit_sealedentry WHERE seal_id = %s", first.pk)
    as_superuser("DELETE FROM audit_auditseal WHERE id = %s", first.pk)
    assert any(found["law"] == "audit_chain" for found in violations())


@pytest.mark.parametrize("table", ["audit_auditentry", "audit_auditseal", "audit_sealedentry"])
@pytest.mark.parametrize("sql", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_d80_the_log_refuses_update_delete_and_truncate(table: str, sql: str) -> None:
    three_entries()
    seal()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    column = "entry_id" if table == "audit_sealedentry" else "id"
    with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.format(table, column, column))
    assert AuditSeal.objects.count() == 1
