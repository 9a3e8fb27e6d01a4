"""Which notices named an invoice, for the history on its page. Reads one statement."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from dunning.models import NoticeItem
from dunning.rules.outcome import outcome_words
from invoices.models import Invoice
from invoices.queries.history import Document, Told
from invoices.rules.history import Event


def notices_of(document: Document) -> Iterable[Event]:
    """An event for each notice that asked for the invoice; none for other documents. Cancelled ones are left out."""
    if not isinstance(document, Invoice):
        return
    items = NoticeItem.objects.filter(invoice=document).exclude(notice__state="cancelled").select_related("notice")
    for item in items:
        notice = item.notice
        told = Told(
            title=_("Reminded:"),
            icon="bell",
            link=notice.step_name,
            url=reverse("dunning_notice", args=[notice.pk]),
            amount=item.asked_amount,
        )
        on, at = notice.sent_on or notice.as_of, notice.settled_at or notice.created_at
        came = outcome_words(notice.channel, notice.state) or notice.get_state_display()
        yield Event("told", on, at, told, note=came)
