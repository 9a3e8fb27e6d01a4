"""Who of us may see a customer, and who of them is named in a text. Reads only."""

from django.db.models import Q, QuerySet

from collections_app.accounts.models import User
from collections_app.accounts.roles import CAPABILITIES, Capability
from customers.models import Customer
from worklist.rules.mentions import meant, named

_ROLES = [role.value for role, rights in CAPABILITIES.items() if Capability.SEE_ACCOUNTS in rights]
_ALL_TEAMS = [role.value for role, rights in CAPABILITIES.items() if Capability.SEE_ALL_TEAMS in rights]


def colleagues(customer: Customer) -> QuerySet[User]:
    """The people who may see this customer, by user name; one statement."""
    sees = Q(teams=customer.entity.team_id, role__in=_ROLES) | Q(role__in=_ALL_TEAMS)
    return User.objects.filter(sees, is_active=True).distinct().order_by("username")


def mentioned(text: str, customer: Customer) -> list[User]:
    """The colleagues named in the text with an @; without an @ nothing is asked."""
    names = named(text)
    if not names:
        return []
    people = {user.pk: user for user in colleagues(customer)}
    return [people[pk] for pk in meant(names, {pk: (user.username, user.first_name) for pk, user in people.items()})]
