"""Which notices and mails by hand named an invoice, for the history on its page. Each reads one statement."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from dunning.models import NoticeItem, OwnMessageItem
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


def mails_of(document: Document) -> Iterable[Event]:
    """An event for each mail by hand that was about the invoice; none for other documents. What was taken back, or
    never left, is left out."""
    if not isinstance(document, Invoice):
        return
    items = (
        OwnMessageItem.objects.filter(invoice=document)
        .exclude(message__state="cancelled")
        .select_related("message__written_by")
    )
    for item in items:
        mail = item.message
        told = Told(
            title=_("Written to:"),
            icon="mail",
            link=mail.subject or mail.written_subject,
            url=reverse("dunning_own_message", args=[mail.pk]),
            amount=item.asked_amount or None,
        )
        on, at = mail.sent_on or mail.as_of, mail.settled_at or mail.created_at
        yield Event("told", on, at, told, note=f"{mail.get_state_display()} · {mail.written_by}")
