"""Brings a file of open items into the ledger: all of it, its good rows, or nothing."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import DataError, IntegrityError, connection, transaction
from django.utils import timezone

from collections_app.audit.record import record, record_set
from collections_app.lib.errors import BadInput, Conflict
from customers.changes import announce
from customers.import_sources.base import Options
from customers.import_sources.files import open_table
from customers.import_sources.registry import source_for
from customers.models import ImportBatch, LegalEntity
from customers.queries.clock import business_day, installation_day
from invoices.actions import CUSTOMER_IMPORTED, FILE_IMPORTED
from invoices.services import import_merge
from invoices.services.import_report import report_of
from invoices.services.import_stage import check, clear, stage

_LOCK = 7_265_033  # one import at a time: what a second one would find is not settled yet
MOST_ANNOUNCED = 10_000  # beyond, the scheduled rescoring is as quick


def import_open_items(
    *,
    batch: ImportBatch,
    path: Path,
    options: Options,
    entity: LegalEntity | None,
    entities: Sequence[LegalEntity],
    write: bool,
    leave_out_bad: bool = False,
    create_customers: bool = True,
    actor: AbstractBaseUser | None = None,
    by: str = "",
) -> ImportBatch:
    """The batch with its report. Without `write` the file is only checked; with it, all rows are written in one
    transaction, or none when there are errors and `leave_out_bad` is not set (see `report["written"]`).

    Everything goes to `entity`, or, when that is None, to the one of `entities` that each row names. The same file
    again changes nothing; issued documents are never changed. Raises FileRefused, MoreNeeded, and Conflict when
    somebody wrote the same documents meanwhile."""
    if entity is not None and entity.pk not in {each.pk for each in entities}:
        raise BadInput("This legal entity is not one of yours. Choose another.", code="unknown_entity")
    table = open_table(path, options)
    source = source_for(table, options.source)
    options = replace(options, source=source.code, today=options.today or _day(entity))
    options = source.complete(table, options)
    ids = {each.code: each.pk for each in entities}
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
            staged = stage(source.read(table, options), ids, entity.pk if entity else None)
            figures = check(staged, entity_ids=ids.values(), create_customers=create_customers)
            written = write and (leave_out_bad or not staged.problems.count)
            batch.entity, batch.source, batch.options = entity, source.code, options.as_json()
            batch.report = {
                **report_of(staged, figures, notes=source.notes, written=written),
                "headers": list(table.headers),
                "create_customers": create_customers,
            }
            batch.state = ImportBatch.State.IMPORTED if written else ImportBatch.State.CHECKED
            batch.digest = batch.digest or digest_of(path)
            batch.finished_at = timezone.now() if written else None
            batch.save()
            if written:
                _write(batch, options, list(ids.values()), actor=actor, by=by)
            clear()
    except (IntegrityError, DataError) as error:
        raise Conflict(
            "Nothing was imported: the ledger refused a row, perhaps because somebody wrote the same document at the "
            f"same time ({str(error).splitlines()[0][:200]}). Check the file again, then import it.",
            code="import_refused",
        ) from error
    return batch


def digest_of(path: Path) -> str:
    """The SHA-256 of the file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(
    batch: ImportBatch, options: Options, entity_ids: list[int], *, actor: AbstractBaseUser | None, by: str
) -> None:
    now = timezone.now()
    changed = import_merge.merge_customers(terms_days=options.terms_days, entity_ids=entity_ids)
    import_merge.merge_documents(batch_id=batch.pk, at=now)
    import_merge.merge_settlements(batch_id=batch.pk, at=now)
    record_set(CUSTOMER_IMPORTED, changed, actor=actor, by=by)
    report = batch.report
    counts = {name: report[name] for name in ("rows", "new", "settled", "unchanged", "skipped", "errors")}
    record(
        FILE_IMPORTED, batch, actor=actor, by=by, file=batch.file_name, digest=batch.digest, totals=report["totals"],
        **counts,
    )  # fmt: skip
    touched = import_merge.touched_customers()
    if len(touched) <= MOST_ANNOUNCED:
        announce(touched)


def _day(entity: LegalEntity | None) -> date:
    return business_day(entity) if entity else installation_day()
