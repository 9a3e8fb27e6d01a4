"""What the bank inbox shows: the lines of a tab with their best suggestion, one line with everything about it.

A fixed number of statements per page, however many lines there are. It decides nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from urllib.parse import urlencode

from django.db.models import Prefetch, Q, QuerySet
from django.http import QueryDict

from collections_app.accounts.models import User
from collections_app.lib.errors import Refusal
from collections_app.lib.money import parse_amount
from invoices.access import visible_bank_lines
from invoices.models import BankLine, MatchSuggestion

TABS = ("waiting", "parked", "posted", "ignored")
SHOWN_SUGGESTIONS = 5
# What waits is worked from the oldest on; what is done is looked up from the newest back.
ORDERS = {"waiting": ("booked_on", "id"), "parked": ("booked_on", "id")}
NEWEST = ("-booked_on", "-id")


@dataclass(frozen=True, slots=True)
class Inbox:
    """Which lines are listed: a tab, words to find, one account."""

    show: str = "waiting"
    q: str = ""
    account: int | None = None

    @property
    def order(self) -> tuple[str, str]:
        """The columns the list is ordered by."""
        return ORDERS.get(self.show, NEWEST)

    def query(self, **more: object) -> str:
        """The address's query, without what is usual."""
        said = {"show": self.show if self.show != "waiting" else "", "q": self.q, "account": self.account or "", **more}
        return urlencode({name: value for name, value in said.items() if value not in ("", None)})


def read_inbox(asked: QueryDict) -> Inbox:
    """The filters of an address; what makes no sense is left out."""
    show, account = asked.get("show", ""), asked.get("account", "")
    return Inbox(
        show=show if show in TABS else "waiting",
        q=asked.get("q", "").replace("\x00", "").strip()[:100],
        account=int(account) if account.isascii() and account.isdigit() and len(account) < 18 else None,
    )


def inbox_lines(user: User, inbox: Inbox) -> QuerySet[BankLine]:
    """The lines of the tab that match, with their account and best suggestion, unordered."""
    rows = visible_bank_lines(user).filter(state=inbox.show).select_related("account")
    if inbox.account:
        rows = rows.filter(account_id=inbox.account)
    if inbox.q:
        found = Q(counterparty_name__icontains=inbox.q) | Q(text__icontains=inbox.q) | Q(reference__icontains=inbox.q)
        amounts = list(_amounts_in(inbox.q))
        rows = rows.filter(found | Q(amount__in=amounts) if amounts else found)
    best = MatchSuggestion.objects.filter(rank=1).select_related("customer")
    return rows.prefetch_related(Prefetch("suggestions", queryset=best, to_attr="best"))


def _amounts_in(words: str) -> Iterable[Decimal]:
    for mark in (".", ","):
        try:
            amount = parse_amount(words, decimal_mark=mark, currency="KWD")
        except Refusal:
            continue
        yield from (amount, -amount)


def waiting_counts(user: User) -> dict[str, int]:
    """How many lines wait and are parked; what is done is not counted, it only grows."""
    rows = visible_bank_lines(user)
    return {state: rows.filter(state=state).count() for state in ("waiting", "parked")}


def next_line(user: User, inbox: Inbox, line: BankLine) -> int | None:
    """The line after this one in the tab, else the first that is left, else None."""
    rows = inbox_lines(user, inbox).exclude(pk=line.pk).prefetch_related(None).select_related(None)
    first, _ = inbox.order
    forward = not first.startswith("-")
    way = "gt" if forward else "lt"
    later = rows.filter(
        Q(**{f"booked_on__{way}": line.booked_on}) | Q(booked_on=line.booked_on, **{f"pk__{way}": line.pk})
    )
    ordered = ("booked_on", "pk") if forward else ("-booked_on", "-pk")
    found = later.order_by(*ordered).values_list("pk", flat=True).first()
    return found or rows.order_by(*ordered).values_list("pk", flat=True).first()


def of_tab(inbox: Inbox, state: str) -> Inbox:
    """The same filters in another tab."""
    return replace(inbox, show=state)
