"""Notes a contact that a person made, a call or a mail by hand, so that it counts in the budget (R5)."""

from datetime import date, datetime

from django.db import transaction

from customers.models import Contact, ContactTouch, Customer


@transaction.atomic
def note_contact(
    *, customer: Customer, contact: Contact | None, channel: str, on: date, source: str, address: str = ""
) -> ContactTouch:
    """The contact as counted on the day `on`; a `source` ("activity:4") that was counted before is counted once.

    `address`: what was used; without it the contact's mailbox or telephone, else the customer as a whole."""
    used = address or _address(contact, channel) or f"customer:{customer.pk}"
    touch = ContactTouch(
        customer=customer, contact=contact, address=used.strip().lower()[:254], on=on, channel=channel,
        automatic=False, source=source,
    )  # fmt: skip
    ContactTouch.objects.bulk_create([touch], ignore_conflicts=True)
    return ContactTouch.objects.get(source=source, released_at__isnull=True)


def take_back_contact(*, source: str, now: datetime) -> bool:
    """Whether a contact that was noted is taken back: what it came from was undone."""
    return ContactTouch.objects.filter(source=source, released_at__isnull=True).update(released_at=now) > 0


def _address(contact: Contact | None, channel: str) -> str:
    if contact is None:
        return ""
    return contact.phone if channel in ("call", "call_task") else contact.email
