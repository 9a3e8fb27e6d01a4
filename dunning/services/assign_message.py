"""Puts a message to a customer by hand, where neither its thread nor its sender said whose it is, or rightly."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import record
from collections_app.lib.errors import Conflict
from customers.changes import announce
from customers.models import Contact, Customer
from customers.services.save_contact import save_contact
from dunning.actions import MESSAGE_ASSIGNED
from dunning.models import InboundMessage, MessageProposal
from dunning.queries.threads import contact_of
from dunning.services.read_message import read_message


@transaction.atomic
def assign_message(
    *, message: InboundMessage, customer: Customer, actor: AbstractBaseUser, keep_contact: bool = False
) -> InboundMessage:
    """The message, now of this customer and read anew. With `keep_contact` its sender becomes a contact, so that the
    next mail finds its way by itself. Raises Conflict once something of it was confirmed."""
    locked = InboundMessage.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if locked.proposals.filter(state=MessageProposal.State.CONFIRMED).exists():
        sentence = "Something of this message was confirmed already, so it stays where it is."
        raise Conflict(sentence, code="message_acted_on")
    before = locked.customer_id
    contact = contact_of(customer, locked.from_address)
    if contact is None and keep_contact and locked.from_address:
        contact = _new_contact(locked, customer, actor)
    locked.customer, locked.contact = customer, contact
    locked.notice = locked.document_mail = locked.own_message = None
    locked.threaded_by = InboundMessage.ThreadedBy.PERSON
    locked.save(update_fields=["customer", "contact", "notice", "document_mail", "own_message", "threaded_by"])
    if locked.kind in (InboundMessage.Kind.PERSON, InboundMessage.Kind.AUTO_REPLY):
        read_message(message=locked)
    record(MESSAGE_ASSIGNED, locked, actor=actor, before=before)
    announce([pk for pk in (before, customer.pk) if pk is not None])
    return locked


def _new_contact(message: InboundMessage, customer: Customer, actor: AbstractBaseUser) -> Contact:
    name = message.from_name or message.from_address.partition("@")[0]
    made = Contact(customer=customer, name=name[:150], email=message.from_address)
    return save_contact(contact=made, actor=actor)  # type: ignore[arg-type]
