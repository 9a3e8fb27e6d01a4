"""Says that a person is done with an account, which is free for colleagues at once. No audit, like `be_here`."""

from django.db import transaction

from collections_app.accounts.models import User
from worklist.models import Presence


@transaction.atomic
def leave(*, customer_id: int, user: User) -> bool:
    """Whether the person had the account until now."""
    return bool(Presence.objects.filter(customer=customer_id, user=user).delete()[0])
