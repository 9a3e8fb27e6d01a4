"""Stops mail to an address that its server refused for good, or whose reader complained. The next reminder goes to
another contact in accounts payable, or becomes a call for whoever looks after the customer (D36, D37, R19)."""

from django.db import transaction

from collections_app.audit.record import record
from customers.actions import CONTACT_BOUNCED, CONTACT_COMPLAINED
from customers.changes import announce
from customers.models import Contact


@transaction.atomic
def suppress_address(
    *, contact_id: int | None, address: str, why: str, complained: bool = False, by: str = "mail"
) -> Contact | None:
    """The contact, now marked as bounced or as one that complained; None where it has another address by now, is marked
    so already or is unknown. Who complained stays so, whatever else happens to the mailbox."""
    now_is = Contact.Health.COMPLAINED if complained else Contact.Health.BOUNCED
    before = [Contact.Health.OK, Contact.Health.BOUNCED] if complained else [Contact.Health.OK]
    reachable = Contact.objects.select_for_update().filter(health__in=before)
    contact = None if contact_id is None else reachable.filter(pk=contact_id).first()
    if contact is None or contact.email.casefold() != address.casefold():
        return None
    contact.health = now_is
    contact.save(update_fields=["health"])
    action = CONTACT_COMPLAINED if complained else CONTACT_BOUNCED
    record(action, contact, actor=None, by=by, email=address, why=why[:500])
    announce([contact.customer_id])
    return contact
