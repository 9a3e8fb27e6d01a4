"""Sends queued document mails, each at most once. How often and in which order is the delivery engine's business."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from email.utils import quote

from django.conf import settings

from collections_app.lib.errors import Conflict
from customers.channels.email import MailDoor
from customers.channels.parcel import Outcome, Parcel, Refused
from customers.models import Contact, LegalEntity
from customers.queries.accounts import account_ids
from customers.queries.clock import business_day, business_day_in
from customers.queries.clock import now as business_now
from customers.services.claim import sweep
from customers.services.deliver import DeliveryCounts, Written, deliver_due
from customers.services.reserve_touches import Touch
from customers.services.settle_delivery import Withdrawal
from invoices.documents.mail import (
    Letter,
    invoice_letter,
    link_letter,
    plan_letter,
    receipt_letter,
    statement_letter,
    thanks_letter,
)
from invoices.documents.pdf import PdfRefused
from invoices.models import DocumentMail, Invoice, PayLink, PaySession
from invoices.queries.open_amounts import open_amount_now
from invoices.queries.open_claims import OpenClaim, open_claims
from invoices.queries.plan_parts_due import missing_parts
from invoices.queries.receipt import lines_of
from invoices.queries.statement import statement_of
from invoices.rules.plans import Instalment
from invoices.services.create_pay_link import create_pay_link
from invoices.services.revoke_pay_link import revoke_pay_link

Kind = DocumentMail.Kind
# Mails that ask for something by themselves, and so count in the contact budget.
COUNTED = frozenset({Kind.STATEMENT, Kind.PLAN})
# Mails that nobody asked for and that no law demands: related parties get none of them (R21).
BY_THEMSELVES = frozenset({Kind.STATEMENT, Kind.THANKS, Kind.PLAN})
# A mail for which the budget had no room for so many days is withdrawn.
PATIENCE = timedelta(days=5)


def deliver_document_mails(*, now: Callable[[], datetime], limit: int = 20) -> DeliveryCounts:
    """What came of the due mails, at most `limit`, after rows of dead processes were given back or marked unknown.

    `now` is real time. Must be called outside a transaction."""
    sweep(model=DocumentMail, now=now())
    with MailDoor() as door:
        batch = _Batch(door, now)
        return deliver_due(
            model=DocumentMail, look_again=_look_again, write=batch.write, send=batch.send, touch=batch.touch, now=now,
            limit=limit,
        )  # fmt: skip


class _Batch:
    """The mails of one call on their way, and the connection they share."""

    def __init__(self, door: MailDoor, now: Callable[[], datetime]) -> None:
        self._door, self._now = door, now
        self._parcels: dict[int, Parcel] = {}
        self._links: dict[int, PayLink] = {}

    def write(self, mail: DocumentMail) -> Written | Refused:
        """The copy without the link that is kept; composed with a link made for this one try."""
        link, address = _link(mail)
        try:
            letter = _letter(mail, address)
        except (PdfRefused, Conflict) as refusal:
            revoke_pay_link(link=link, now=business_now(), reason="not sent")
            permanent = mail.attempts >= 3 or isinstance(refusal, Conflict)
            return Refused(refusal.code, refusal.sentence, permanent=permanent)
        self._links[mail.pk], self._parcels[mail.pk] = link, _parcel(mail, letter)
        return _copy(letter, address)

    def send(self, mail: DocumentMail) -> Outcome:
        """What the mail server answered; the link of a mail that certainly did not leave opens nothing any more."""
        outcome = self._door.send(self._parcels.pop(mail.pk))
        if isinstance(outcome, Refused):
            revoke_pay_link(link=self._links[mail.pk], now=business_now(), reason="not sent")
        return outcome

    def touch(self, mail: DocumentMail) -> Touch | None:
        """The contact this mail is. Documents are none: an invoice must arrive, and a receipt was asked for (R5)."""
        if mail.kind not in COUNTED:
            return None
        entity = _entity(mail)
        today = business_day_in(mail.customer.time_zone or entity.time_zone)
        return Touch(
            customer_id=mail.customer_id, contact_id=mail.contact_id, address=mail.to_address, on=today,
            channel=mail.channel, source=f"mail:{mail.pk}", again_at=self._now() + timedelta(hours=12),
            give_up_on=(mail.on or today) + PATIENCE,
        )  # fmt: skip


def _look_again(mails: Sequence[DocumentMail]) -> Mapping[int, Withdrawal]:
    """Which of the claimed mails must not leave after all, and why; some queries for all of them."""
    invoice_ids = [mail.invoice_id for mail in mails if mail.invoice_id is not None]
    opened = open_amount_now(invoice_ids)
    issued = set(Invoice.objects.filter(pk__in=invoice_ids, status=Invoice.Status.ISSUED).values_list("pk", flat=True))
    health = dict(Contact.objects.filter(pk__in=[mail.contact_id for mail in mails]).values_list("pk", "health"))
    part_ids = [mail.plan_part_id for mail in mails if mail.plan_part_id is not None]
    missing = missing_parts(part_ids) if part_ids else {}
    withdrawn = {}
    for mail in mails:
        why = _why_not(mail, opened, issued, health) or _part_why_not(mail, missing)
        if why is not None:
            withdrawn[mail.pk] = why
    return withdrawn


def _why_not(
    mail: DocumentMail, opened: Mapping[int, object], issued: set[int], health: Mapping[int, str]
) -> Withdrawal | None:
    if mail.contact_id is not None and health.get(mail.contact_id) != Contact.Health.OK:
        return Withdrawal("address_unreachable", "Mail to this contact bounced or was complained about meanwhile.")
    if mail.kind in BY_THEMSELVES and mail.customer.is_related_party:
        return Withdrawal("related_party", "The customer is one of our own companies by now.")
    if mail.invoice_id is None:
        return None
    if mail.invoice_id not in issued:
        return Withdrawal("document_void", "The invoice was voided meanwhile.")
    if mail.kind == Kind.INVOICE and not opened.get(mail.invoice_id):
        return Withdrawal("paid_meanwhile", "The invoice was paid or credited in full meanwhile.")
    return None


def _part_why_not(mail: DocumentMail, missing: Mapping[int, Instalment]) -> Withdrawal | None:
    if mail.plan_part_id is None or mail.plan_part_id in missing:
        return None
    return Withdrawal("paid_meanwhile", "The part of the plan arrived meanwhile, or the plan ended.")


def _link(mail: DocumentMail) -> tuple[PayLink, str]:
    purpose = {Kind.RECEIPT: PayLink.Purpose.RECEIPT}.get(
        Kind(mail.kind), PayLink.Purpose.ACCOUNT if mail.invoice_id is None else PayLink.Purpose.INVOICE
    )
    return create_pay_link(
        purpose=purpose,
        customer=mail.customer,
        invoice=mail.invoice,
        pay_session=mail.pay_session,
        language=mail.language,
        sent_to=mail.to_address,
        now=business_now(),
        by="document mail",
    )


def _letter(mail: DocumentMail, address: str) -> Letter:
    if mail.kind == Kind.RECEIPT:
        session = PaySession.objects.select_related("entity", "customer", "payment").get(mails=mail)
        return receipt_letter(mail, session, address=address)
    if mail.kind == Kind.THANKS and mail.payment is not None:
        left = sum((claim.open for claim in _open(mail, mail.payment.currency)), Decimal(0))
        return thanks_letter(mail, mail.payment, lines_of(mail.payment), left=left, address=address)
    if mail.plan_part is not None:
        part = missing_parts([mail.plan_part.pk]).get(mail.plan_part.pk)
        if part is None:
            raise Conflict("The part of the plan arrived this very moment.", code="paid_meanwhile")
        return plan_letter(mail, part, currency=mail.plan_part.plan.currency, address=address)
    if mail.kind == Kind.STATEMENT and mail.on is not None:
        begin = (mail.on.replace(day=1) - timedelta(days=1)).replace(day=1)  # the month before, from its first day
        return statement_letter(mail, statement_of(mail.customer, from_on=begin, as_of=mail.on), address=address)
    if mail.kind == Kind.LINK or mail.invoice is None:
        return link_letter(mail, address=address)
    left = open_amount_now([mail.invoice.pk])[mail.invoice.pk]
    return invoice_letter(mail, mail.invoice, open_amount=left, address=address)


def _open(mail: DocumentMail, currency: str) -> Sequence[OpenClaim]:
    ids, today = account_ids(mail.customer_id), business_day(_entity(mail))
    return open_claims(customer_ids=ids, as_of=today, currency=currency)


def _copy(letter: Letter, address: str) -> Written:
    """The mail as it is shown to colleagues later. Its link stays a secret between us and the payer."""
    return {
        "subject": letter.subject[:250],
        "body_text": letter.text.replace(address, "[…]"),
        "body_html": letter.html.replace(address, "#"),
    }


def _parcel(mail: DocumentMail, letter: Letter) -> Parcel:
    entity = _entity(mail)
    return Parcel(
        to=mail.to_address,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        sender=_sender(entity),
        message_id=mail.message_id,
        reply_to=entity.email,
        attachments=letter.attachments,
        headers={"Content-Language": mail.language},
        redirect_to=mail.redirect_to,
    )


def _entity(mail: DocumentMail) -> LegalEntity:
    if mail.pay_session is not None:
        return mail.pay_session.entity
    if mail.payment is not None:
        return mail.payment.entity
    return mail.invoice.entity if mail.invoice is not None else mail.customer.entity


def _sender(entity: LegalEntity) -> str:
    """The seller's name and address, else the installation's. A line break in the name would begin another header."""
    name = quote(" ".join(entity.name.split()))
    return f'"{name}" <{entity.email}>' if entity.email else settings.DEFAULT_FROM_EMAIL
