"""Asks for a fresh link from a dead one. The answer is the same whatever we know, and so tells a stranger nothing."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from invoices.nudge import nudge
from invoices.services.queue_link_mail import queue_link_mail
from invoices.tasks import deliver_due_document_mails
from invoices.views.payer_gate import ANY_PAYER, Visit, neutral_page, payer_page


@require_POST
@payer_page(*ANY_PAYER, dead_opens=True)
def pay_new_link(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Queues the mail to the address on file, at most once an hour for each dead link; for a revoked link none."""
    if visit.link.revoked_at is None:
        queue_link_mail(link=visit.link, now=timezone.now())
        nudge(deliver_due_document_mails)
    return neutral_page(request, visit, asked=True)
