"""Remembers which account and name paid for which customer, so that the next line is recognised."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from customers.models import Customer
from invoices.models import BankAccount, BankLine, PayerAlias
from invoices.rules.matching import folded_name


@transaction.atomic
def learn_payer(*, line: BankLine, customer: Customer) -> list[PayerAlias]:
    """What is known now of this payer: the account and the folded name, as far as the line tells them.

    One of our own accounts is no payer and is not learned; nor is anything from money that went out."""
    if line.amount < 0:
        return []
    known = []
    for kind, value in aliases_of(line, own_accounts()):
        alias, is_new = PayerAlias.objects.get_or_create(
            customer=customer, kind=kind, value=value, defaults={"last_on": line.booked_on}
        )
        if not is_new:
            PayerAlias.objects.filter(pk=alias.pk).update(
                times=F("times") + 1, last_on=Greatest(F("last_on"), line.booked_on)
            )
        known.append(alias)
    return known


def own_accounts() -> frozenset[str]:
    """The numbers of our own accounts."""
    return frozenset(BankAccount.objects.values_list("identification", flat=True))


def aliases_of(line: BankLine, ours: Collection[str]) -> list[tuple[str, str]]:
    """Kind and value of what the line tells of its payer, who is not one of `ours`."""
    account, name = "".join(line.counterparty_account.split()).upper(), folded_name(line.counterparty_name)
    found: list[tuple[str, str]] = []
    if account and account not in ours:
        found.append((PayerAlias.Kind.ACCOUNT, account))
    if name:
        found.append((PayerAlias.Kind.NAME, name))
    return found
