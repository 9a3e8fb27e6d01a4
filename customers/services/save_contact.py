"""Creates or changes one contact. Contacts are not deleted, because mails name them: who left is marked so."""

from django.db import transaction

from collections_app.accounts.models import User
from collections_app.audit.record import record
from collections_app.lib.errors import BadInput
from customers.actions import CONTACT_CHANGED, CONTACT_CREATED
from customers.changes import announce
from customers.models import Contact, Customer
from customers.rules.master_data import mobile_problem


@transaction.atomic
def save_contact(*, contact: Contact, actor: User | None, by: str = "") -> Contact:
    """The contact as kept. A new primary contact takes the place of the old one.

    Raises BadInput without a name, without any way to reach the contact, or with a mobile number without a country."""
    if not contact.name.strip():
        raise BadInput("Enter the contact's name.", code="no_name", fields={"name": "Enter a name."})
    if not contact.email and not contact.phone and not contact.mobile:
        raise BadInput(
            "A contact needs an e-mail address or a phone number.",
            code="unreachable",
            fields={"email": "Enter an e-mail address or a phone number."},
        )
    if problem := mobile_problem(contact.mobile):
        raise BadInput(problem, code="bad_mobile", fields={"mobile": problem})
    Customer.objects.select_for_update(no_key=True).get(pk=contact.customer_id)
    action = CONTACT_CHANGED if contact.pk else CONTACT_CREATED
    if contact.is_primary:
        others = Contact.objects.filter(customer_id=contact.customer_id, is_primary=True).exclude(pk=contact.pk)
        others.update(is_primary=False)
    contact.save()
    record(
        action, contact, actor=actor, by=by, name=contact.name, email=contact.email, phone=contact.phone,
        mobile=contact.mobile, part=contact.part, health=contact.health, is_primary=contact.is_primary,
    )  # fmt: skip
    announce([contact.customer_id])
    return contact
