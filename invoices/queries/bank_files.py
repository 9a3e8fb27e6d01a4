"""What the pages of bank files show: accounts with their last day, statements from opening to closing."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Max, Q, QuerySet, Sum

from invoices.models import BankAccount, BankFile, BankStatement


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A statement with what of it became lines here; lines that were known before belong to an earlier file."""

    statement: BankStatement
    lines: int
    incoming: Decimal
    outgoing: Decimal


def account_rows(accounts: QuerySet[BankAccount]) -> Iterable[BankAccount]:
    """The accounts with their entity, `last_on` (the day of their last line) and `waiting` (how many lines wait)."""
    return accounts.select_related("entity").annotate(
        last_on=Max("lines__booked_on"), waiting=Count("lines", filter=Q(lines__state="waiting"))
    ).order_by("name", "identification")  # fmt: skip


def statement_rows(file: BankFile, accounts: QuerySet[BankAccount]) -> list[StatementRow]:
    """The statements of these accounts in the file, in their order, with counts and sums of the lines they brought.

    `accounts` are those the reader may see: one file may hold accounts of several teams."""
    rows = file.statements.filter(account__in=accounts).select_related("account").order_by("pk").annotate(
        n=Count("lines"), came=Sum("lines__amount", filter=Q(lines__amount__gt=0)),
        went=Sum("lines__amount", filter=Q(lines__amount__lt=0)),
    )  # fmt: skip
    return [StatementRow(row, row.n, row.came or Decimal(0), row.went or Decimal(0)) for row in rows]
