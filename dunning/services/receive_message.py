"""Takes in one mail: kept as it came, put where it belongs, read, and shown to a person.

Nothing is done by itself but the books about machines' mails: an automatic reply that says nothing of use is filed, and
an address that a report about our own mail names as gone, or as complaining, is suppressed (D36, D37)."""

import hashlib
from datetime import UTC, datetime, timedelta

import structlog
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from collections_app.audit.record import record
from collections_app.lib.errors import BadInput
from customers.changes import announce
from customers.models import Contact, Delivery
from customers.queries.clock import now as clock_now
from customers.services.suppress_address import suppress_address
from dunning.actions import MESSAGE_RECEIVED
from dunning.models import InboundFile, InboundMessage
from dunning.queries.threads import Thread, contact_of, is_ours, thread_of
from dunning.rules.incoming.mail import MailFile, ReadMail, read_mail
from dunning.rules.incoming.nature import AUTO_REPLY, BOUNCE, COMPLAINT, PERSON, Nature, nature_of
from dunning.rules.incoming.plain import one_line
from dunning.rules.incoming.said import newly_said
from dunning.services.read_message import read_message

log = structlog.get_logger("collections.inbound")

KEPT_RAW = 2 * 1024 * 1024  # bytes of a mail that are kept whole; of a larger one the beginning, with its headers
BEGINNING = 256 * 1024
KEPT_FILE = 10 * 1024 * 1024  # larger files are listed, not kept
KEPT_FILES = 20 * 1024 * 1024  # of all files of one mail


@transaction.atomic
def receive_message(*, raw: bytes, account: str, received_at: datetime | None = None) -> InboundMessage | None:
    """The message as kept; the first one when the same mail came through this account before; None for our own copy.

    `account` names the door. Raises BadInput for nothing at all and for more than 25 MB; anything else is kept, if need
    be as unreadable."""
    mail, nature = _read(raw)
    if is_ours(mail.message_id):
        log.info("inbound_own_copy", account=account, message_id=mail.message_id)
        return None
    thread = thread_of(mail) if nature.kind in (PERSON, AUTO_REPLY) else _reported_thread(mail)
    message, is_new = InboundMessage.objects.get_or_create(
        account=account[:120],
        message_id=mail.message_id,
        content_digest=mail.digest if mail.message_id else hashlib.sha256(raw).hexdigest(),
        defaults=_facts(mail, nature, thread, raw, received_at),
    )
    if not is_new:
        return message
    _keep_files(message, mail.files)
    record(
        MESSAGE_RECEIVED, message, actor=None, by=account[:120], kind=message.kind, from_address=message.from_address,
        about=message.subject, threaded_by=message.threaded_by,
    )  # fmt: skip
    _settle(message, nature)
    if message.customer_id is not None:
        announce([message.customer_id])
    return message


def _read(raw: bytes) -> tuple[ReadMail, Nature]:
    try:
        mail = read_mail(raw)
    except BadInput as refusal:
        if refusal.code in ("empty_mail", "mail_too_large"):
            raise
        mail = ReadMail("", (), "", "", (), "A mail that could not be read", None, one_line(repr(raw[:4000]), 4000))
        return mail, Nature(InboundMessage.Kind.UNREADABLE)
    return mail, nature_of(mail)


def _facts(
    mail: ReadMail, nature: Nature, thread: Thread, raw: bytes, received_at: datetime | None
) -> dict[str, object]:
    now = received_at or clock_now()
    return {
        "kind": nature.kind,
        "threaded_by": thread.by,
        "customer": thread.customer,
        "contact": thread.contact,
        "notice": thread.notice,
        "document_mail": thread.document_mail,
        "own_message": thread.own_message,
        "from_name": mail.from_name,
        "from_address": mail.from_address[:254],
        "to_address": mail.to_addresses[0][:254] if mail.to_addresses else "",
        "subject": mail.subject,
        "text": mail.text,
        "said": newly_said(mail.text),
        "raw": raw if len(raw) <= KEPT_RAW else raw[:BEGINNING],
        "raw_size": len(raw),
        "sent_at": _believable(mail.sent_at, now),
        "received_at": now,
    }


def _believable(sent_at: datetime | None, now: datetime) -> datetime | None:
    """What the mail says, unless its clock is wrong: days like "tomorrow" are counted from there."""
    if sent_at is None or not now - timedelta(days=60) <= sent_at <= now + timedelta(days=1):
        return None
    return min(sent_at, now).astimezone(UTC)


def _keep_files(message: InboundMessage, files: tuple[MailFile, ...]) -> None:
    left = KEPT_FILES
    rows = []
    for position, file in enumerate(files):
        row = InboundFile(
            message=message, position=position, name=file.name, media_type=file.media_type, size=len(file.content),
            digest=file.digest,
        )  # fmt: skip
        if 0 < len(file.content) <= min(KEPT_FILE, left):
            left -= len(file.content)
            row.content.save(f"{file.digest[:24]}.bin", ContentFile(file.content), save=False)
        rows.append(row)
    InboundFile.objects.bulk_create(rows)


def _settle(message: InboundMessage, nature: Nature) -> None:
    """Reads what a person or an automatic reply says, and does the books of what a machine reports."""
    if nature.kind in (BOUNCE, COMPLAINT):
        _note_reports(message, nature)
        return
    if nature.kind not in (PERSON, AUTO_REPLY):
        return
    found = read_message(message=message)
    if nature.kind == AUTO_REPLY and not found:
        _file(message, "An automatic reply that says nothing to act on.")


def _note_reports(message: InboundMessage, nature: Nature) -> None:
    """Suppresses the addresses that are gone or complained, but only those that the mail in question was really sent
    to: a forged report must not silence a contact (D85)."""
    ours = message.notice or message.document_mail or message.own_message
    told = []
    for found in nature.bounces:
        address = found.address or (ours.to_address if ours else "")
        contact: Contact | None = None
        if ours is not None and found.gone and address.casefold() in _sent_to(ours):
            target = contact_of(ours.customer, address)
            contact = suppress_address(
                contact_id=target.pk if target else None,
                address=address,
                why=found.why,
                complained=nature.kind == COMPLAINT,
            )
        told.append(f"{address or 'somebody'}: {found.why}" + (" No more mail goes there." if contact else ""))
    note = "; ".join(told)[:250]
    if ours is not None and told:
        _file(message, note)
    elif note:
        message.note = note
        message.save(update_fields=["note"])


def _sent_to(ours: Delivery) -> set[str]:
    copies: list[str] = getattr(ours, "copies_to", [])
    return {address.casefold() for address in (ours.to_address, *copies)}


def _file(message: InboundMessage, note: str) -> None:
    message.state, message.settled_at, message.note = InboundMessage.State.DONE, timezone.now(), note[:250]
    message.save(update_fields=["state", "settled_at", "note"])


def _reported_thread(mail: ReadMail) -> Thread:
    """A report belongs to the mail it names. Whoever sends reports is nobody's contact."""
    return thread_of(mail) if mail.original_id or mail.references else Thread()
