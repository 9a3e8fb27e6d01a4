"""Holds every statement to its own balances: opening and booked entries must lead to closing. Must not repair anything.

A statement that does not add up lacks entries, or has them twice; so it is refused. Only where
an entry of the file could not be read, which is told anyway, the others stay."""

from collections.abc import Iterator
from decimal import Decimal

from invoices.bank_formats.contract import ParsedFile, Problem, Refused, Statement


def without_gaps(parsed: ParsedFile) -> ParsedFile:
    """The file without the statements that do not add up, each told as a problem. Raises Refused if none is left.

    Statements that state only one balance, or none, are kept: there is nothing to hold them to."""
    gaps = {number: _gap(number, each) for number, each in enumerate(parsed.statements, start=1) if each.difference}
    if not gaps:
        return parsed
    if any(problem.explains_gap for problem in parsed.problems):
        return ParsedFile(parsed.format, parsed.statements, (*parsed.problems, *gaps.values()))
    kept = tuple(each for number, each in enumerate(parsed.statements, start=1) if number not in gaps)
    refused = [Problem(gap.position, f"{gap.sentence} Nothing of this statement was taken.") for gap in gaps.values()]
    if not kept:
        raise Refused(refused[0].sentence, position=refused[0].position, code="gap")
    return ParsedFile(parsed.format, kept, (*parsed.problems, *refused))


def _gap(number: int, statement: Statement) -> Problem:
    led_to = (statement.closing or Decimal(0)) - (statement.difference or Decimal(0))
    return Problem(
        ", ".join(_place(number, statement)),
        f"The opening balance {statement.opening} and the booked entries lead to {led_to}, not to the closing balance "
        f"{statement.closing} {statement.currency}. Ask the bank for the complete statement.",
    )


def _place(number: int, statement: Statement) -> Iterator[str]:
    yield f"statement {number}"
    if statement.account:
        yield f"account {statement.account}"
    if statement.number:
        yield f"no. {statement.number}"
