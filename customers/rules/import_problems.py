"""What can be wrong with a row of a file, in words, and how many such rows are told. Must not read files or write."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple

SHOWN_PER_GROUP = 10
KEPT_LINES = 20_000


class RowProblem(NamedTuple):
    """One row that cannot be stored as it is. `sentence` says what was found, expected and how to mend it."""

    line: int
    code: str
    column: str
    found: str
    sentence: str = ""


class SkippedRow(NamedTuple):
    """One row that needs no storing, with the reason as a whole phrase."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Cause:
    """A cause shared by many rows: heading, what was expected instead, and what to do."""

    heading: str
    expected: str
    fix: str


_AMOUNT = "an amount such as 1234.50 with the chosen decimal mark"
_DATE = "a day of the calendar in the chosen order"
CAUSES: Mapping[str, Cause] = MappingProxyType(
    {
        "missing_value": Cause("A required value is missing", "a value", "Fill in the cell or leave the row out."),
        "too_long": Cause("A text is too long", "a shorter text", "Shorten the text."),
        "unstorable": Cause("A text holds characters that cannot be stored", "printable text", "Remove them."),
        "too_many_cells": Cause(
            "The row has other cells than the header", "one cell per column", "Quote cells that hold the delimiter."
        ),
        "empty_amount": Cause("The amount is missing", _AMOUNT, "Fill in the amount."),
        "not_a_number": Cause("The amount is not a number", _AMOUNT, "Correct it, or choose the other decimal mark."),
        "surplus_digits": Cause("The amount has too many decimals", "at most the currency's decimals", "Round it."),
        "amount_too_large": Cause("The amount is too large", "up to 15 digits before the decimals", "Check it."),
        "wrong_currency": Cause("The amount names another currency", "one currency per row", "Correct one of them."),
        "unknown_currency": Cause("The currency is not known", "an ISO 4217 code such as EUR", "Correct the code."),
        "empty_date": Cause("The date is missing", _DATE, "Fill in the date."),
        "not_a_date": Cause("The date cannot be read", _DATE, "Correct it, or choose another date order."),
        "impossible_date": Cause("The date does not exist", _DATE, "Correct it, or choose another date order."),
        "short_year": Cause("The year has two digits", "a year of four digits", "Write the year in full."),
        "due_before_issue": Cause("Due before it was issued", "a due date on or after the issue date", "Check both."),
        "settled_in_future": Cause(
            "Paid on a day that has not come yet", "a day until today", "Correct it, or import the row when it is paid."
        ),
        "unknown_kind": Cause("The kind of document is not known", "invoice, credit note, debit note", "Correct it."),
        "open_amount": Cause("More is open than the document's amount", "an open part of the amount", "Check both."),
        "tax_over_amount": Cause(
            "The tax does not fit the amount", "a part of the amount, with its sign", "Correct one of them."
        ),
        "unread_discount": Cause(
            "The early-payment discount cannot be read for sure",
            "one discount such as 2/10 net 30, or a percentage with a day",
            "Write one percentage and one day, or leave the column out.",
        ),
        "unknown_entity": Cause(
            "The legal entity is not known", "the code of a legal entity of yours", "Create it, or choose one entity."
        ),
        "duplicate_number": Cause(
            "The same number stands in the file more than once", "one row per document", "Remove or renumber rows."
        ),
        "unknown_customer": Cause(
            "The customer is not known", "the number of a customer", "Correct it, or allow new customers."
        ),
        "foreign_customer": Cause(
            "The customer belongs to another team", "a customer of your teams", "Ask that team to import the row."
        ),
        "other_amount": Cause(
            "Already issued with another amount", "the amount as issued", "Correct it by a credit note."
        ),
        "other_terms": Cause(
            "Already issued with other dates or another kind", "the document as issued", "Correct the file."
        ),
        "not_issued": Cause(
            "The document exists as a draft or was voided", "a new number", "Issue the draft, or renumber the row."
        ),
    }
)


@dataclass
class ProblemList:
    """Problems grouped by cause and column: a count each, the first few rows in full, the lines of all up to a bound.

    `add` takes them one by one, so that a million bad rows cost no more memory than a thousand."""

    count: int = 0
    lines: list[int] = field(default_factory=list)
    _groups: dict[tuple[str, str], list[RowProblem]] = field(default_factory=dict)
    _counts: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, problem: RowProblem) -> None:
        """Nothing; the problem is counted."""
        key = (problem.code, problem.column)
        self.count += 1
        self._counts[key] = self._counts.get(key, 0) + 1
        shown = self._groups.setdefault(key, [])
        if len(shown) < SHOWN_PER_GROUP:
            shown.append(problem)
        if len(self.lines) < KEPT_LINES:
            self.lines.append(problem.line)

    def as_json(self) -> list[dict[str, Any]]:
        """The groups, the largest first, as plain JSON: code, heading, column, expected, fix, count, rows."""
        ranked = sorted(self._counts, key=lambda key: (-self._counts[key], key))
        return [self._group(code, column) for code, column in ranked]

    def _group(self, code: str, column: str) -> dict[str, Any]:
        cause = CAUSES[code]
        return {
            "code": code,
            "heading": cause.heading,
            "column": column,
            "expected": cause.expected,
            "fix": cause.fix,
            "count": self._counts[code, column],
            "rows": [
                {"line": each.line, "found": each.found, "sentence": each.sentence or cause.heading + "."}
                for each in self._groups[code, column]
            ],
        }
