"""Writes the statements of a bank file and those of their booked entries that are not known yet, by set (D71)."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db import connection
from psycopg2.extras import execute_values

from invoices.bank_formats.contract import Entry, ParsedFile, Problem, Statement
from invoices.models import BankAccount, BankFile, BankLine, BankStatement
from invoices.rules.bank_lines import (
    Movement,
    batch_places,
    file_kind,
    fingerprint,
    known_places,
    movement_words,
    plain_id,
)
from invoices.services.find_bank_accounts import identification

_BATCH = 2000
_COLUMNS = (
    "account_id", "statement_id", "position", "booked_on", "value_on", "amount", "currency", "counterparty_name",
    "counterparty_account", "reference", "text", "end_to_end_id", "bank_reference", "is_reversal", "fingerprint",
    "occurrence",
)  # fmt: skip
# A plain statement: the model's own way to write rows takes longer than reading the file.
_INSERT = f"INSERT INTO invoices_bankline ({', '.join(_COLUMNS)}) VALUES %s ON CONFLICT DO NOTHING"  # noqa: S608
_GRAIN, _LARGEST = Decimal("0.0001"), Decimal(10) ** 15
_WORDS = ("counterparty_name", "counterparty_account", "reference", "text")
_NEAR = timedelta(days=10)  # a value date may lie so far from the booking


@dataclass(frozen=True, slots=True)
class LineCounts:
    """How many entries became lines, and how many were known before."""

    added: int
    known: int


@dataclass(frozen=True, slots=True)
class _Placed:
    """An entry that can become a line, with its statement's row and what tells it from others."""

    entry: Entry
    statement: BankStatement
    movement: Movement


def write_bank_lines(
    *, file: BankFile, parsed: ParsedFile, accounts: Mapping[tuple[str, str], BankAccount], is_archive: bool
) -> tuple[LineCounts, list[Problem]]:
    """How many lines were added and known, and the places that a person should look at.

    Only booked entries become lines. Accounts are locked by the caller. Two files in one archive are compared with each
    other like two uploads; entries of one file never are."""
    rows = _statement_rows(file, parsed.statements, accounts)
    problems: list[Problem] = []
    added = known = 0
    sources = {entry.position: _source(entry, is_archive) for each in parsed.statements for entry in each.entries}
    kind = file_kind(parsed.format)
    for source in dict.fromkeys(sources.values()):
        for account in dict.fromkeys(accounts.values()):
            entries = [
                placed
                for statement, row in zip(parsed.statements, rows, strict=True)
                if row.account == account
                for placed in _placed(statement, row, f"{kind} {source}".strip(), problems)
                if sources[placed.entry.position] == source
            ]
            new, told = _unknown(entries, account)
            problems += told
            known += len(entries) - len(new)
            added += len(new)
            _insert(new, account)
    return LineCounts(added, known), problems


def _source(entry: Entry, is_archive: bool) -> str:
    """The name of the file inside the archive, which its positions begin with; '' for a file by itself."""
    return entry.position.partition(", ")[0] if is_archive else ""


def _statement_rows(
    file: BankFile, statements: Sequence[Statement], accounts: Mapping[tuple[str, str], BankAccount]
) -> list[BankStatement]:
    rows = [
        BankStatement(
            file=file, account=accounts[identification(each), each.currency], number=_fit(each.number, 64),
            opening=each.opening, closing=each.closing, difference=each.difference, opened_on=each.opened_on,
            closed_on=each.closed_on,
        )
        for each in statements
    ]  # fmt: skip
    earlier = list(file.statements.order_by("pk"))
    if [row.account_id for row in earlier] == [row.account.pk for row in rows]:
        return earlier  # the same file once more
    return BankStatement.objects.bulk_create(rows)


def _placed(statement: Statement, row: BankStatement, kind: str, problems: list[Problem]) -> Iterator[_Placed]:
    for entry in statement.entries:
        if not entry.is_booked or not entry.amount:
            continue
        if entry.currency != statement.currency:
            problems.append(Problem(entry.position, f"The entry is in {entry.currency}, its account in "
                                    f"{statement.currency}. Record it by hand."))  # fmt: skip
        elif abs(entry.amount) >= _LARGEST or entry.amount % _GRAIN:
            problems.append(Problem(entry.position, "The amount has more digits than can be kept. Record it by hand."))
        else:
            yield _Placed(entry, row, _movement(entry, kind, statement))


def _movement(entry: Entry, kind: str, statement: Statement) -> Movement:
    return Movement(
        booked_on=entry.booked_on,
        value_on=entry.value_on or entry.booked_on,
        amount=entry.amount,
        currency=entry.currency,
        bank_reference=plain_id(_fit(entry.bank_reference, 140)),
        end_to_end_id=plain_id(_fit(entry.end_to_end_id, 140)),
        words=_words(entry.counterparty_name, entry.counterparty_account, entry.reference, entry.text),
        kind=kind,
        opening=statement.opening,
        closing=statement.closing,
    )


def _words(name: str, account: str, reference: str, text: str) -> str:
    return movement_words(
        name=_fit(name, 200), account=_fit(account, 64), reference=_fit(reference, 140), text=_fit(text, None)
    )


def _unknown(entries: Sequence[_Placed], account: BankAccount) -> tuple[list[_Placed], list[Problem]]:
    """The entries that are not lines yet, and what to say about batches that are known in another form."""
    if not entries:
        return [], []
    known = _known(entries, account)
    movements = [placed.movement for placed in entries]
    there = known_places(movements, known)
    left = [place for place in range(len(entries)) if place not in there]
    problems = []
    for group in batch_places([movements[place] for place in left], known):
        first = entries[left[group[0]]].entry
        problems.append(Problem(first.position, _batch_words(len(group))))
        there |= {left[place] for place in group}
    return [placed for place, placed in enumerate(entries) if place not in there], problems


def _batch_words(parts: int) -> str:
    if parts > 1:
        return (
            f"The {parts} payments of this batch are known already as one line with their sum. They were not added "
            "again; split that line."
        )
    return "The payments of this batch are known already as lines of their own. Their sum was not added."


def _known(entries: Sequence[_Placed], account: BankAccount) -> list[Movement]:
    days = [placed.entry.booked_on for placed in entries]
    rows = BankLine.objects.filter(account=account, booked_on__range=(min(days) - _NEAR, max(days) + _NEAR))
    columns = ("booked_on", "value_on", "amount", "currency", "bank_reference", "end_to_end_id", *_WORDS,
               "statement__file__format", "statement__opening", "statement__closing")  # fmt: skip
    return [
        Movement(booked, valued, amount, currency, plain_id(bank), plain_id(payer),
                 _words(*words), file_kind(format), opening, closing)
        for booked, valued, amount, currency, bank, payer, *words, format, opening, closing
        in rows.values_list(*columns).iterator(_BATCH)
    ]  # fmt: skip


def _insert(new: Sequence[_Placed], account: BankAccount) -> None:
    prints = [fingerprint(placed.movement) for placed in new]
    times: Counter[str] = Counter()
    known = BankLine.objects.filter(account=account, fingerprint__in=set(prints))
    for print_, occurrence in known.values_list("fingerprint", "occurrence"):
        times[print_] = max(times[print_], occurrence)
    rows = []
    for placed, print_ in zip(new, prints, strict=True):
        times[print_] += 1
        rows.append(_row(placed, account, print_, times[print_]))
    with connection.cursor() as cursor, connection.wrap_database_errors:
        execute_values(cursor.cursor, _INSERT, rows, page_size=_BATCH)


def _row(placed: _Placed, account: BankAccount, print_: str, occurrence: int) -> tuple[object, ...]:
    """The values of `_COLUMNS`."""
    entry = placed.entry
    return (
        account.pk, placed.statement.pk, _fit(entry.position, 80), entry.booked_on, entry.value_on or entry.booked_on,
        entry.amount, entry.currency, _fit(entry.counterparty_name, 200), _fit(entry.counterparty_account, 64),
        _fit(entry.reference, 140), _fit(entry.text, None), _fit(entry.end_to_end_id, 140),
        _fit(entry.bank_reference, 140), entry.is_reversal, print_, occurrence,
    )  # fmt: skip


def _fit(text: str, longest: int | None) -> str:
    return text.replace("\x00", " ")[:longest]
