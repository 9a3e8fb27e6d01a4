"""Takes back what an undone match taught about its payer."""

from django.db import transaction
from django.db.models import F, Q

from customers.models import Customer
from invoices.models import BankLine, PayerAlias
from invoices.services.learn_payer import aliases_of, own_accounts


@transaction.atomic
def forget_payer(*, line: BankLine, customer: Customer) -> int:
    """How many aliases the line had taught for this customer; each counts one match less, and none is left at zero."""
    wanted = Q(pk__in=[])
    for kind, value in aliases_of(line, own_accounts()):
        wanted |= Q(kind=kind, value=value)
    rows = PayerAlias.objects.filter(wanted, customer=customer)
    gone, _ = rows.filter(times__lte=1).delete()
    return gone + rows.update(times=F("times") - 1)
