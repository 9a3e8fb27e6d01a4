"""Stops mail to an address that its server refused for good. The next reminder goes to another contact in accounts
payable, or becomes a call for whoever looks after the customer (D36, R19)."""

from django.db import transaction

from collections_app.audit.record import record
from customers.actions import CONTACT_BOUNCED
from customers.changes import announce
from customers.models import Contact


@transaction.atomic
def suppress_address(*, contact_id: int | None, address: str, why: str) -> Contact | None:
    """The contact, now marked as bounced; None where it has another address by now, is marked already or is unknown."""
    reachable = Contact.objects.select_for_update().filter(health=Contact.Health.OK)
    contact = None if contact_id is None else reachable.filter(pk=contact_id).first()
    if contact is None or contact.email.casefold() != address.casefold():
        return None
    contact.health = Contact.Health.BOUNCED
    contact.save(update_fields=["health"])
    record(CONTACT_BOUNCED, contact, actor=None, by="mail", email=address, why=why[:500])
    announce([contact.customer_id])
    return contact
