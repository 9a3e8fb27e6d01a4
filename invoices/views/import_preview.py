"""What an import will do, the confirmation, and what it did; and the bad rows as a file to mend."""

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.web.exports import Row, csv_response
from collections_app.web.fragments import toast
from customers.access import visible_entities
from customers.import_sources.base import Cell, Options
from customers.import_sources.files import open_table
from customers.models import ImportBatch
from invoices.queries.import_batches import visible_imports
from invoices.services.import_open_items import import_open_items
from invoices.views.imports import open_batch


@require_http_methods(["GET", "POST"])
@requires(Capability.IMPORT_FILES)
def import_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The report of the check; a POST writes: everything, or with `good_rows` what is right of it."""
    if request.method == "POST":
        return _import(request, open_batch(request, pk))
    batch = get_object_or_404(visible_imports(signed_in(request)), pk=pk)
    if batch.state == ImportBatch.State.UPLOADED:
        return redirect("import_format", pk=batch.pk)
    return render(request, "invoices/import_preview.html", _context(batch))


@require_GET
@requires(Capability.IMPORT_FILES)
def import_bad_rows(request: HttpRequest, pk: int) -> HttpResponse:
    """The bad rows as CSV, with line and reason in front; text that a spreadsheet could run is neutralised (D69)."""
    batch = get_object_or_404(visible_imports(signed_in(request)).exclude(file=""), pk=pk)
    if not batch.report.get("error_lines"):
        raise Http404
    table = open_table(Path(batch.file.path), Options.from_json(batch.options))
    return csv_response(
        f"bad-rows-{batch.pk}", [_("Line"), _("Reason"), *table.headers], _bad_rows(batch.report, table.rows())
    )


def _import(request: HttpRequest, batch: ImportBatch) -> HttpResponse:
    import_open_items(
        batch=batch,
        path=Path(batch.file.path),
        options=Options.from_json(batch.options),
        entity=batch.entity,
        entities=list(visible_entities(signed_in(request))),
        write=True,
        leave_out_bad=request.POST.get("good_rows") == "yes",
        create_customers=batch.report.get("create_customers", True),
        actor=signed_in(request),
    )
    if not batch.report["written"]:
        return render(request, "invoices/import_preview.html", {**_context(batch), "has_errors": True}, status=422)
    return toast(request, redirect("import_preview", pk=batch.pk), _("The file was imported."))


def _context(batch: ImportBatch) -> dict[str, Any]:
    report = batch.report
    good = report["new"] + report["settled"]
    totals = [
        {
            "currency": currency,
            **{name: Decimal(value) if name != "documents" else value for name, value in each.items()},
        }
        for currency, each in report["totals"].items()
    ]
    first = [{**row, "amount": Decimal(row["amount"])} for row in report["first_rows"]]
    done = batch.state == ImportBatch.State.IMPORTED
    return {"batch": batch, "report": report, "totals": totals, "first": first, "good": good, "done": done, "step": 3}


def _bad_rows(report: dict[str, Any], rows: Iterator[tuple[int, Any]]) -> Iterator[Row]:
    lines = set(report["error_lines"])
    reasons = {row["line"]: row["sentence"] for group in report["error_groups"] for row in group["rows"]}
    for line, cells in rows:
        if line in lines:
            yield [line, reasons.get(line, ""), *map(_as_written, cells)]
    if more := report["errors"] - len(lines):
        yield ["", _("%(more)s more bad rows are not listed. Mend these first.") % {"more": more}]


def _as_written(cell: Cell) -> Cell:
    """Plain numbers stay numbers, so that a negative amount is not taken for a formula."""
    if isinstance(cell, str) and re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,6})?", cell):
        return Decimal(cell)
    return cell
