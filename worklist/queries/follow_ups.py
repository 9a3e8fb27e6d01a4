"""What people wanted to look at again, over all accounts. Reads only."""

from django.db.models import Exists, OuterRef, QuerySet

from collections_app.accounts.models import User
from customers.access import visible_customers
from worklist.models import Activity


def follow_ups(user: User) -> QuerySet[Activity]:
    """The open follow-ups on the accounts this person may see: not ticked off, not answered by a later call, and not in
    a note that a newer one replaced."""
    later = Activity.objects.filter(
        customer=OuterRef("customer"), kind=Activity.Kind.CALL, undone_at=None, at__gt=OuterRef("at")
    )
    newer = Activity.objects.filter(replaces=OuterRef("pk"))
    return Activity.objects.filter(
        ~Exists(later), ~Exists(newer), follow_up_on__isnull=False, follow_up_done_on=None, undone_at=None,
        customer__in=visible_customers(user),
    )  # fmt: skip
