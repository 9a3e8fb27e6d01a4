"""Who gets a customer's documents, and in which language. Reads the address book; sends nothing."""

from django.utils.translation import get_supported_language_variant

from customers.models import Contact, Customer, LegalEntity


def recipient_of(customer: Customer) -> Contact | None:
    """The contact who gets documents: the primary one if mail reaches it, else the first one in accounts payable, else
    any that mail reaches; None if there is none."""
    reachable = list(customer.contacts.filter(health=Contact.Health.OK).exclude(email="").order_by("pk"))
    reachable.sort(key=lambda contact: (not contact.is_primary, contact.part != Contact.Part.PAYABLES))
    return reachable[0] if reachable else None


def language_for(*, contact: Contact | None, customer: Customer, entity: LegalEntity) -> str:
    """The language of a document: the contact's, else the customer's, else the seller's (R18), else English."""
    wished = (contact.language if contact else "") or customer.language or entity.language
    try:
        return get_supported_language_variant(wished)
    except LookupError:
        return "en"
