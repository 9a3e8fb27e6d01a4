"""One file of a customer as a download. It is never shown within a page: what came from outside may be anything."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from customers.access import visible_customers
from customers.models import Attachment


@require_safe
@requires(Capability.SEE_ACCOUNTS)
def attachment(request: HttpRequest, pk: int, file_id: int) -> HttpResponse:
    """The file under its own name; 404 for a stranger's (D53)."""
    rows = Attachment.objects.filter(customer__in=visible_customers(signed_in(request)))
    kept = get_object_or_404(rows, customer_id=pk, pk=file_id)
    response = HttpResponse(bytes(kept.content), content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, kept.name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
