"""Puts the movements of a table together to statements, and holds them to the running balance where there is one.

Must not repair: where a balance does not follow from the one before, the statement states no balances, and says so."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from invoices.bank_formats.contract import Entry, Problem, Statement
from invoices.bank_formats.csv_rows import Movement


def statements(movements: Iterable[Movement]) -> tuple[list[Statement], list[Problem]]:
    """A statement per account and currency, in the order of the file, and the places where balances do not follow."""
    grouped: dict[tuple[str, str], list[Movement]] = {}
    for each in movements:
        grouped.setdefault((each.account, each.currency), []).append(each)
    found: list[Statement] = []
    problems: list[Problem] = []
    for (account, currency), group in grouped.items():
        statement, problem = _statement(account, currency, group)
        found.append(statement)
        if problem:
            problems.append(problem)
    return found, problems


def _statement(account: str, currency: str, group: Sequence[Movement]) -> tuple[Statement, Problem | None]:
    rows = [each for each in group if not each.kind]
    stated = {each.kind: each.total for each in group if each.kind}
    opening, closing, problem, booked = _followed(rows)
    entries = tuple(entry for each in booked for entry in each.entries)
    days = [entry.booked_on for entry in entries]
    numbers = {each.number for each in rows}
    statement = Statement(
        account=account,
        currency=currency,
        entries=entries,
        number=numbers.pop()[:64] if len(numbers) == 1 else "",
        opening=stated.get("opening", opening),
        closing=stated.get("closing", closing),
        opened_on=min(days, default=None),
        closed_on=max(days, default=None),
    )
    return statement, problem


def _followed(
    rows: Sequence[Movement],
) -> tuple[Decimal | None, Decimal | None, Problem | None, Sequence[Movement]]:
    """The balances before and after the rows when each follows from the one before; and the rows in their order.

    Banks list the newest row first or last. A pending row that moved the balance is booked, one that did not is not."""
    if not rows or not any(each.balance is not None for each in rows):
        return None, None, None, rows
    newest_first = _fits(rows[::-1]) > _fits(rows)
    opening = balance = None
    waiting = Decimal(0)  # of rows that state no balance
    booked: list[Movement] = []
    for each in rows[::-1] if newest_first else rows:
        follows = balance is None or balance + waiting + each.total == each.balance
        if _is_pending(each) and not (follows and balance is not None and each.balance is not None):
            booked.append(each)
            continue
        booked.append(_as_booked(each))
        waiting += each.total
        if each.balance is None:
            continue
        if not follows:
            sentence = (
                f"The balance {each.balance} does not follow from {balance} before it: rows are missing or out of "
                "order. Export the whole period without a filter to have its balances checked."
            )
            return None, None, Problem(f"line {each.line}", sentence), rows
        opening = each.balance - waiting if opening is None else opening
        balance, waiting = each.balance, Decimal(0)
    closing = None if balance is None else balance + waiting
    return opening, closing, None, booked[::-1] if newest_first else booked


def _fits(rows: Sequence[Movement]) -> int:
    """How many balances follow from the one before in this order."""
    pairs = pairwise(rows)
    return sum(
        before.balance is not None and after.balance is not None and before.balance + after.total == after.balance
        for before, after in pairs
    )


def _is_pending(row: Movement) -> bool:
    return any(not entry.is_booked for entry in row.entries)


def _as_booked(row: Movement) -> Movement:
    entries: tuple[Entry, ...] = tuple(replace(entry, is_booked=True) for entry in row.entries)
    return replace(row, entries=entries)
