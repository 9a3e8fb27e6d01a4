"""Which column is which, suggested with samples; then the whole file is checked. Nothing is written to the ledger."""

from dataclasses import replace
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import Refusal
from collections_app.web.fragments import form_invalid
from customers.access import visible_entities
from customers.import_sources.base import MoreNeeded, Options, Table
from customers.import_sources.files import open_table
from customers.import_sources.generic import column_samples
from customers.import_sources.registry import source_for
from customers.models import ImportBatch
from invoices.forms.import_forms import ColumnsForm
from invoices.queries.import_batches import remembered_mapping
from invoices.services.import_open_items import import_open_items
from invoices.views.imports import open_batch


@require_http_methods(["GET", "POST"])
@requires(Capability.IMPORT_FILES)
def import_columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Which column is which, suggested with samples; then the file is checked as a whole, and nothing written."""
    batch = open_batch(request, pk)
    options = Options.from_json(batch.options)
    table = open_table(Path(batch.file.path), options)
    samples = column_samples(table)
    source = source_for(table, options.source)
    mapped = source.code == "generic"
    initial = {} if request.method == "POST" else _initial(batch, table, _so_far(request, batch, table, options))
    form = ColumnsForm(request.POST or None, headers=table.headers, samples=samples, mapped=mapped, initial=initial)
    used = {value for name, value in (request.POST or initial).items() if name.startswith("map_")}
    ignored = [(header, samples[header][:3]) for header in table.headers if mapped and header not in used]
    context = {"batch": batch, "form": form, "ignored": ignored, "step": 2, "notes": source.notes}
    if request.method == "GET":
        return render(request, "invoices/import_columns.html", context)
    if form.is_valid() and _checked(request, batch, form, options):
        return redirect("import_preview", pk=batch.pk)
    return form_invalid(request, "invoices/import_columns.html", context, fragment="invoices/import_columns.html")


def _checked(request: HttpRequest, batch: ImportBatch, form: ColumnsForm, before: Options) -> bool:
    """Whether the whole file could be checked; what is still open becomes an error of its field."""
    try:
        import_open_items(
            batch=batch,
            path=Path(batch.file.path),
            options=form.options(before),
            entity=batch.entity,
            entities=list(visible_entities(signed_in(request))),
            write=False,
            create_customers=form.cleaned_data["new_customers"],
        )
    except MoreNeeded as needed:
        for name, sentence in needed.fields.items():
            form.add_error(name if name in form.fields else None, sentence)
    except Refusal as refusal:
        form.add_error(None, refusal.sentence)
    return form.is_valid()


def _so_far(request: HttpRequest, batch: ImportBatch, table: Table, options: Options) -> Options:
    """What was chosen before, else the mapping for the same headers, else what fits; then what the file proves."""
    source = source_for(table, options.source)
    if source.code == "generic" and not options.mapping:
        options = replace(options, mapping=remembered_mapping(signed_in(request), table.headers))
    if not options.currency and batch.entity:
        options = replace(options, currency=batch.entity.currency)
    try:
        return source.complete(table, options)
    except MoreNeeded as needed:
        return needed.so_far or options


def _initial(batch: ImportBatch, table: Table, options: Options) -> dict[str, object]:
    known = {name: header for name, header in options.mapping.items() if header in table.headers}
    return {
        **{f"map_{name}": header for name, header in known.items()},
        "date_order": options.date_order or "",
        "decimal_mark": options.decimal_mark or "",
        "currency": options.currency,
        "new_customers": batch.report.get("create_customers", True),
    }
