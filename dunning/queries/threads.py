"""Which message of ours a mail answers, and whose it is. Reads only; when two customers could be meant, nobody is."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import F
from django.db.models.functions import Coalesce

from customers.models import Contact, Customer
from customers.queries.accounts import account_members
from dunning.models import InboundMessage, Notice, OwnMessage
from dunning.rules.incoming.mail import ReadMail
from dunning.rules.reply_address import MAIL, read_reply_address
from invoices.models import DocumentMail

By = InboundMessage.ThreadedBy


@dataclass(frozen=True, slots=True)
class Thread:
    """Where a mail belongs. All None and `by` empty: nobody knows, a person says."""

    by: str = ""
    customer: Customer | None = None
    contact: Contact | None = None
    notice: Notice | None = None
    document_mail: DocumentMail | None = None
    own_message: OwnMessage | None = None


def thread_of(mail: ReadMail) -> Thread:
    """The thread of this mail: by the ids it answers, else by the address it was sent to, else by its sender."""
    ids = [*mail.references, *([mail.original_id] if mail.original_id else [])]
    found = by_message_ids(ids, mail.from_address)
    if found is None:
        found = _by_address(mail)
    return found or _by_sender(mail.from_address) or Thread()


def by_message_ids(ids: Sequence[str], sender: str) -> Thread | None:
    """The newest message of ours among these ids; None when none is ours."""
    if not ids:
        return None
    notice = Notice.objects.filter(message_id__in=ids).select_related("customer").order_by("-pk").first()
    if notice is not None:
        return _thread(By.REFERENCE, notice.customer, sender, notice=notice)
    mail = DocumentMail.objects.filter(message_id__in=ids).select_related("customer").order_by("-pk").first()
    if mail is not None:
        return _thread(By.REFERENCE, mail.customer, sender, document_mail=mail)
    own = OwnMessage.objects.filter(message_id__in=ids).select_related("customer").order_by("-pk").first()
    if own is not None:
        return _thread(By.REFERENCE, own.customer, sender, own_message=own)
    return None


def is_ours(message_id: str) -> bool:
    """Whether a mail with this id is one that we sent: a copy of our own, not an answer."""
    if not message_id:
        return False
    return any(
        model._default_manager.filter(message_id=message_id).exists() for model in (Notice, DocumentMail, OwnMessage)
    )


def contact_of(customer: Customer, address: str) -> Contact | None:
    """The contact of this account with that address, or None."""
    if not address:
        return None
    rows = Contact.objects.filter(customer__in=account_members(customer.pk), email__iexact=address)
    return rows.order_by("-is_primary", "pk").first()


def _by_address(mail: ReadMail) -> Thread | None:
    key = settings.SECRET_KEY.encode()
    for address in mail.to_addresses:
        notice_id = read_reply_address(address, key)
        if notice_id is not None:
            notice = Notice.objects.filter(pk=notice_id).select_related("customer").first()
            if notice is not None:
                return _thread(By.TOKEN, notice.customer, mail.from_address, notice=notice)
        own_id = read_reply_address(address, key, kind=MAIL)
        if own_id is not None:
            own = OwnMessage.objects.filter(pk=own_id).select_related("customer").first()
            if own is not None:
                return _thread(By.TOKEN, own.customer, mail.from_address, own_message=own)
    return None


def _by_sender(address: str) -> Thread | None:
    """The account whose contact this is, unless the address stands at several accounts."""
    if not address:
        return None
    known = list(
        Contact.objects.filter(email__iexact=address)
        .annotate(account=Coalesce(F("customer__merged_into_id"), F("customer_id")))
        .order_by("-is_primary", "pk")[:50]
    )
    if len({row.account for row in known}) != 1:
        return None
    customer = Customer.objects.get(pk=known[0].account)
    return Thread(By.SENDER, customer, known[0])


def _thread(
    by: str,
    customer: Customer,
    sender: str,
    *,
    notice: Notice | None = None,
    document_mail: DocumentMail | None = None,
    own_message: OwnMessage | None = None,
) -> Thread:
    holder = customer if customer.merged_into_id is None else Customer.objects.get(pk=customer.merged_into_id)
    return Thread(by, holder, contact_of(holder, sender), notice, document_mail, own_message)
