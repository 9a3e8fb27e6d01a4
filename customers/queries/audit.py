"""Which entries of the audit log a person may read. Reads only; sealing and proving the log is the cellar's."""

from django.db.models import QuerySet

from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from collections_app.audit.models import AuditEntry
from customers.access import visible_customers
from customers.models import Customer


def visible_entries(user: User, customer: Customer | None = None) -> QuerySet[AuditEntry]:
    """Entries about the customers of the person's teams, or about one of them; with the right to see all teams also
    those about no customer, such as users and policies."""
    if customer is not None:
        return AuditEntry.objects.filter(customer_id=customer.pk)
    if user.may(Capability.SEE_ALL_TEAMS):
        return AuditEntry.objects.all()
    return AuditEntry.objects.filter(customer_id__in=visible_customers(user).values("pk"))
