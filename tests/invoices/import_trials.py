"""Trying to import whatever a file holds: it ends refused, checked or written, and never in between."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Literal

from django.db import connection, transaction

from collections_app.audit.models import AuditEntry
from collections_app.lib.errors import Refusal
from customers.import_sources.base import MoreNeeded, Options
from customers.import_sources.files import open_table
from customers.models import Contact, Customer, ImportBatch, LegalEntity, PaymentTerms
from invoices.models import Allocation, CreditNote, Invoice, Payment, Refund
from invoices.services.import_open_items import import_open_items

Outcome = Literal["refused", "checked", "written"]
_TABLES = (Customer, Contact, PaymentTerms, Invoice, CreditNote, Payment, Refund, Allocation, ImportBatch, AuditEntry)


def tried(path: Path, content: bytes, entities: Sequence[LegalEntity], *, leave_out_bad: bool = True) -> Outcome:
    """How the import of the content ended. Whatever it left open is answered; everything is rolled back.

    Asserts that a refusal left nothing, that a check left only its report, and that what was written is what the
    report says, holds under the laws of commit, and is not written twice."""
    path.write_bytes(content)
    with transaction.atomic():
        before = _rows()
        try:
            batch = _imported(path, entities, leave_out_bad)
        except Refusal as refusal:
            assert refusal.sentence.endswith("."), refusal.sentence  # noqa: PT017 (one of three good outcomes)
            assert _rows() == before
            return "refused"
        after, report = _rows(), batch.report
        told = sum(group["count"] for group in report["error_groups"])
        assert told == report["errors"]
        assert all(row["sentence"] and row["line"] for group in report["error_groups"] for row in group["rows"])
        added = {name: after[name] - before[name] for name in after}
        if not report["written"]:
            assert added == {**dict.fromkeys(added, 0), "ImportBatch": 1}
        else:
            assert added["Invoice"] + added["CreditNote"] == report["new"]
            assert added["Customer"] == report["customers_new"]
            _check_totals(batch)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            again = _imported(path, entities, leave_out_bad).report
            assert (again["new"], again["settled"], again["customers_new"]) == (0, 0, 0)
        transaction.set_rollback(True)
    return "written" if report["written"] else "checked"


def _imported(path: Path, entities: Sequence[LegalEntity], leave_out_bad: bool) -> ImportBatch:
    options = Options()
    for _ in range(2):
        batch = ImportBatch(file_name=path.name)
        try:
            return import_open_items(
                batch=batch, path=path, options=options, entity=entities[0], entities=entities, write=True,
                leave_out_bad=leave_out_bad, by="test",
            )  # fmt: skip
        except MoreNeeded as asked:
            options = _answered(path, asked.so_far or options)
    return import_open_items(
        batch=batch, path=path, options=options, entity=entities[0], entities=entities, write=True, by="test"
    )


def _answered(path: Path, options: Options) -> Options:
    """What somebody in a hurry would choose."""
    headers = open_table(path, options).headers
    some = {name: headers[at % len(headers)] for at, name in enumerate(("customer", "number", "amount", "due_on"))}
    return replace(
        options,
        mapping={**some, **options.mapping},
        date_order=options.date_order or "dmy",
        decimal_mark=options.decimal_mark or ".",
        currency=options.currency or "EUR",
    )


def _rows() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in _TABLES}


def _check_totals(batch: ImportBatch) -> None:
    """The documents of the batch add up to at most the control totals: known ones are counted there as well."""
    for currency, total in batch.report["totals"].items():
        for model, key in ((Invoice, "invoices"), (CreditNote, "credits")):
            stored = model.objects.filter(import_batch=batch, currency=currency)
            amount = sum(stored.values_list("total", flat=True), Decimal(0))
            assert amount == Decimal(total[key]), (currency, key)
