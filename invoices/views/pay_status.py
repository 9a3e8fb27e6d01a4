"""What became of a payment, as the ledger knows it. The browser's word that it succeeded counts for nothing (D12)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from invoices.documents.names import document_name
from invoices.documents.receipt import receipt_pdf
from invoices.models import PayLink, PaySession
from invoices.queries.receipt import receipt_of
from invoices.views.payer_gate import ANY_PAYER, Visit, payer_page
from invoices.views.payer_pdf import pdf_answer

_WITH = ("entity", "customer", "payment")


@require_safe
@payer_page(*ANY_PAYER)
def pay_status(request: HttpRequest, visit: Visit, reference: str) -> HttpResponse:
    """The state of a session of this link; it can be kept as a bookmark and always shows the present (U55, U56)."""
    return _page(request, visit, _session(visit, reference))


@require_safe
@payer_page(*ANY_PAYER)
def paid_receipt(request: HttpRequest, visit: Visit, reference: str) -> HttpResponse:
    """The receipt's PDF of a paid session of this link."""
    return _receipt(request, visit, _session(visit, reference))


@require_safe
@payer_page(PayLink.Purpose.RECEIPT)
def receipt(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The paid session behind a link from a receipt mail."""
    return _page(request, visit, _of_receipt_link(visit))


@require_safe
@payer_page(PayLink.Purpose.RECEIPT)
def receipt_document(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The receipt's PDF behind a link from a receipt mail."""
    return _receipt(request, visit, _of_receipt_link(visit))


def _session(visit: Visit, reference: str) -> PaySession:
    sessions = PaySession.objects.select_related(*_WITH).filter(pay_link=visit.link)
    return get_object_or_404(sessions, reference=reference)


def _of_receipt_link(visit: Visit) -> PaySession:
    return get_object_or_404(PaySession.objects.select_related(*_WITH), pk=visit.link.pay_session_id)


def _page(request: HttpRequest, visit: Visit, session: PaySession) -> HttpResponse:
    context = {
        "visit": visit,
        "session": session,
        "entity": session.entity,
        "receipt": receipt_of(session) if session.payment is not None else None,
        "items": list(session.items.select_related("invoice").order_by("invoice__due_on", "pk")),
        "waits": session.payment is None and session.state in (PaySession.State.CREATED, PaySession.State.PROCESSING),
        "behind_receipt_link": visit.link.purpose == PayLink.Purpose.RECEIPT,
    }
    return render(request, "pay/status.html", context)


def _receipt(request: HttpRequest, visit: Visit, session: PaySession) -> HttpResponse:
    if session.payment is None:
        raise Http404
    name = document_name("Receipt", session.reference)
    return pdf_answer(request, lambda: receipt_pdf(session, language=visit.language), name)
