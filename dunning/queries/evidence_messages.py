"""Messages as evidence: what left and what came, with its headers, its papers and what providers told of it."""

from collections.abc import Iterable, Sequence
from email.utils import formataddr, parseaddr
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import Q

from customers.models import Delivery, LegalEntity, TrackingEvent
from dunning.models import InboundFile, InboundMessage, Notice, OwnMessage
from dunning.queries.evidence import Scope, facts, moment, person
from dunning.rules.evidence import Evidence, Paper
from dunning.rules.mail_source import mail_source
from dunning.rules.outcome import outcome_words
from invoices.models import DocumentMail

MAIL_CHANNELS = frozenset({"email"})
_STORED = "Put together from the words that were kept when it was sent; the payer's own link is left out of it."
_LARGEST = 10 * 1024 * 1024  # of one file that came with a message


def message_evidence(scope: Scope) -> Iterable[Evidence]:
    """Notices, document mails and mails by hand that left or may have left, provider events about them, and what
    customers wrote."""
    notices = list(
        Notice.objects.filter(items__invoice__in=scope.invoice_ids)
        .exclude(state="cancelled")
        .distinct()
        .select_related("contact", "entity", "approved_by")
        .prefetch_related("items")
    )
    mails = list(
        DocumentMail.objects.filter(
            Q(invoice__in=scope.invoice_ids) | Q(invoice__isnull=True, customer__in=scope.customer_ids),
            created_at__date__gte=scope.since,
        )
        .exclude(state="cancelled")
        .select_related("contact", "customer__entity")
    )
    own = list(
        OwnMessage.objects.filter(customer__in=scope.customer_ids, as_of__gte=scope.since)
        .exclude(state="cancelled")
        .select_related("contact", "entity", "written_by", "approved_by")
        .prefetch_related("items")
    )
    for notice in notices:
        yield _notice(notice)
    for mail in mails:
        yield _mail(mail)
    for message in own:
        yield _own_message(message)
    yield from _tracking([*notices, *mails, *own])
    yield from _inbound(scope)


def _notice(notice: Notice) -> Evidence:
    came = outcome_words(notice.channel, notice.state) or notice.get_state_display()
    text = f"{notice.step_name} by {notice.channel.replace('_', ' ')}: {came[:1].lower()}{came[1:]}"
    asked = [
        {"number": item.number, "due_on": item.due_on, "open": item.open_amount, "asked": item.asked_amount}
        for item in notice.items.all()
    ]
    told = _delivery_facts(notice) | {
        "step": notice.step_name, "stage": notice.stage, "amount": notice.amount, "currency": notice.currency,
        "pay_by": notice.pay_by, "asked": asked, "why": notice.decision.get("sentence", ""),
        "recalled_at": moment(notice.recalled_at), "letter_digest": notice.letter_digest,
    }  # fmt: skip
    papers = [*_source(notice, notice.entity, f"{notice.step_name}.eml"), *_letter(notice)]
    on = notice.sent_on or notice.as_of
    at = notice.settled_at or notice.sending_at or notice.created_at
    return Evidence("notice", on, moment(at), text, _full(told), tuple(papers))


def _mail(mail: DocumentMail) -> Evidence:
    text = f"{mail.subject or mail.get_kind_display()}: {mail.get_state_display().lower()}"
    told = _delivery_facts(mail) | {"kind": mail.kind, "invoice": mail.invoice_id}
    at = mail.settled_at or mail.created_at
    papers = _source(mail, mail.customer.entity, f"{mail.kind} mail.eml")
    return Evidence("mail", at.date(), moment(at), text, _full(told), tuple(papers))


def _own_message(message: OwnMessage) -> Evidence:
    came = message.get_state_display()
    text = f"Mail by {message.written_by}, {message.subject or message.written_subject}: {came.lower()}"
    asked = [
        {"number": item.number, "due_on": item.due_on, "open": item.open_amount, "asked": item.asked_amount}
        for item in message.items.all()
    ]
    told = _delivery_facts(message) | {
        "written_by": person(message.written_by), "amount": message.amount, "currency": message.currency,
        "asked": asked, "files": message.attachments, "accepted_warnings": message.accepted_warnings,
        "answers": message.answers_id,
    }  # fmt: skip
    papers = _source(message, message.entity, "mail by hand.eml")
    at = message.settled_at or message.sending_at or message.created_at
    return Evidence("mail", message.sent_on or message.as_of, moment(at), text, _full(told), tuple(papers))


def _delivery_facts(row: Delivery) -> dict[str, Any]:
    return facts(
        row,
        ("channel", "to_address", "language", "subject", "state", "reason", "reason_text", "message_id", "provider_id",
         "attempts"),
        contact=person(row.contact), approved_by=person(row.approved_by), approved_at=moment(row.approved_at),
        handed_over_at=moment(row.sending_at), settled_at=moment(row.settled_at), body=row.body_text,
    )  # fmt: skip


def _full(told: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if value not in (None, "", [])}


def _source(row: Delivery, entity: LegalEntity, name: str) -> list[Paper]:
    """The source of the mail, where it was one and had words."""
    if row.channel not in MAIL_CHANNELS or not row.body_text:
        return []
    headers = {
        "From": formataddr((entity.name, parseaddr(settings.DEFAULT_FROM_EMAIL)[1])),
        "To": row.to_address,
        "Reply-To": entity.email,
        "Subject": row.subject,
        "Message-ID": f"<{row.message_id}>" if row.message_id else "",
        "Auto-Submitted": "auto-generated",
    }
    source = mail_source(
        headers=headers, moment=row.sending_at or row.settled_at, text=row.body_text, html=row.body_html, note=_STORED
    )
    return [Paper(name, source)]


def _letter(notice: Notice) -> list[Paper]:
    if not notice.letter or not default_storage.exists(notice.letter.name):
        return []
    with notice.letter.open() as file:
        return [Paper(f"{notice.step_name}.pdf", file.read())]


def _tracking(rows: Sequence[Delivery]) -> Iterable[Evidence]:
    """What providers told, by our message id or theirs."""
    ours = {row.message_id: row for row in rows if row.message_id}
    theirs = {row.provider_id: row for row in rows if row.provider_id}
    events = TrackingEvent.objects.filter(Q(message_id__in=ours) | Q(provider_id__in=theirs))
    for event in events:
        row = ours.get(event.message_id) or theirs.get(event.provider_id)
        what = row.subject if row else event.recipient
        text = f"{event.get_kind_display()}: {what} to {event.recipient or (row.to_address if row else '')}".strip()
        told = facts(event, ("provider", "event_id", "kind", "message_id", "provider_id", "recipient", "text"))
        yield Evidence("delivery", event.happened_at.date(), moment(event.happened_at), text, told)


def _inbound(scope: Scope) -> Iterable[Evidence]:
    rows = InboundMessage.objects.filter(
        customer__in=scope.customer_ids, received_at__date__gte=scope.since
    ).prefetch_related("files")
    for row in rows:
        who = row.from_name or row.from_address
        text = f"{row.get_kind_display()}: {row.subject or 'no subject'}, from {who}"
        told = facts(
            row,
            ("account", "message_id", "kind", "from_name", "from_address", "to_address", "subject", "said", "note"),
            sent_at=moment(row.sent_at),
        )  # fmt: skip
        papers = [Paper("message received.eml", bytes(row.raw)), *_files(row.files.all())]
        yield Evidence("message", row.received_at.date(), moment(row.received_at), text, told, tuple(papers))


def _files(files: Iterable[InboundFile]) -> Iterable[Paper]:
    for file in files:
        if file.content and file.size <= _LARGEST and default_storage.exists(file.content.name):
            with file.content.open() as content:
                yield Paper(file.name, content.read())
