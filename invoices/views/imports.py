"""Bringing in files: the history with the upload, and how a file is written. Nothing is imported here."""

from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import Refusal
from collections_app.web.fragments import form_invalid
from customers.access import visible_entities
from customers.import_sources.base import Options, Table
from customers.import_sources.files import open_table
from customers.import_sources.generic import column_samples
from customers.import_sources.registry import import_sources
from customers.models import ImportBatch
from customers.services.start_import import start_import
from invoices.forms.import_forms import FormatForm, UploadForm
from invoices.queries.import_batches import visible_imports

_SHOWN = 50


@require_http_methods(["GET", "POST"])
@requires(Capability.IMPORT_FILES)
def imports(request: HttpRequest) -> HttpResponse:
    """The history of imports; a POST takes in a file and leads to its format."""
    user = signed_in(request)
    form = UploadForm(request.POST or None, request.FILES or None)
    context = {"form": form, "batches": visible_imports(user)[:_SHOWN]}
    if request.method == "GET":
        return render(request, "invoices/imports.html", {**context, "form": UploadForm()})
    if not form.is_valid():
        return form_invalid(request, "invoices/imports.html", context, fragment="invoices/imports.html")
    try:
        batch = start_import(upload=form.cleaned_data["file"], actor=user)
    except Refusal as refusal:
        form.add_error("file", refusal.sentence)
        return form_invalid(request, "invoices/imports.html", context, fragment="invoices/imports.html")
    return redirect("import_format", pk=batch.pk)


@require_http_methods(["GET", "POST"])
@requires(Capability.IMPORT_FILES)
def import_format(request: HttpRequest, pk: int) -> HttpResponse:
    """How the file is written, as detected; changes are tried at once."""
    batch = open_batch(request, pk)
    before = Options.from_json(batch.options)
    detected = open_table(Path(batch.file.path), before)
    form = FormatForm(
        request.POST or None,
        entities=visible_entities(signed_in(request)),
        sources=[(code, source.label) for code, source in import_sources().items()],
        sheets=getattr(detected, "sheets", ()),
        initial=_format_initial(request, batch, detected),
    )
    context = {"batch": batch, "form": form, "samples": column_samples(detected, 3), "step": 1}
    if request.method == "GET":
        return render(request, "invoices/import_format.html", context)
    if form.is_valid():
        options = form.options(before)
        try:
            open_table(Path(batch.file.path), options)
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
        else:
            batch.entity, batch.source, batch.options = form.cleaned_data["entity"], options.source, options.as_json()
            batch.save(update_fields=["entity", "source", "options"])
            return redirect("import_columns", pk=batch.pk)
    return form_invalid(request, "invoices/import_format.html", context, fragment="invoices/import_format.html")


def open_batch(request: HttpRequest, pk: int) -> ImportBatch:
    """The batch, if this person may see it and it is not imported yet; else 404."""
    batches = visible_imports(signed_in(request)).exclude(state=ImportBatch.State.IMPORTED).exclude(file="")
    return get_object_or_404(batches, pk=pk)


def _format_initial(request: HttpRequest, batch: ImportBatch, table: Table) -> dict[str, object]:
    entities = visible_entities(signed_in(request))
    named = import_sources()[batch.source].names_entities
    return {
        "entity": batch.entity or (None if named else entities.first()),
        "source": batch.source,
        "encoding": getattr(table, "encoding", ""),
        "delimiter": getattr(table, "delimiter", ""),
        "sheet": getattr(table, "sheet", ""),
    }
