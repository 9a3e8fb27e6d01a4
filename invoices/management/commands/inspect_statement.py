"""`./manage.py inspect_statement`: what a bank file holds, without importing it. JSON stands alone on standard output.

Needs no database and writes nothing."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from collections_app.lib.currencies import is_currency, quantum
from invoices.bank_formats.contract import Choices, ParsedFile, Refused, Statement
from invoices.bank_formats.registry import MAX_FILE, bank_formats, read

_CHOICES = ("account", "currency", "date_order", "decimal_mark")


class Command(BaseCommand):
    help = "Show the accounts, entries, sums and problems of a bank file. Nothing is stored."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the file, or a zip archive of files")
        parser.add_argument("--as", dest="code", choices=tuple(bank_formats()), help="its format; found if left out")
        parser.add_argument("--account", default="", help="the account, where the file does not name it")
        parser.add_argument("--currency", default="", metavar="CODE", help="its currency, likewise")
        parser.add_argument("--date-order", choices=("ymd", "dmy", "mdy"), help="how the days of a table are written")
        parser.add_argument("--decimal-mark", choices=(".", ","), help="the decimal mark of a table")
        parser.add_argument("--format", choices=("table", "json"), default="table")

    def handle(self, *args: Any, **options: Any) -> None:
        as_json = options["format"] == "json"
        try:
            choices = Choices(**{name: options[name] for name in _CHOICES if options[name]})
            parsed = read(_content(options["file"]), name=options["file"].name, format=options["code"], choices=choices)
        except Refused as refusal:
            if as_json:
                asked = {"fields": refusal.fields} if refusal.fields else {}
                self.stdout.write(json.dumps({"refused": refusal.sentence, "position": refusal.position, **asked}))
            place = f"{refusal.position}: " if refusal.position else ""
            raise CommandError(f"{place}{refusal.sentence}") from None
        told = _told(parsed)
        self.stdout.write(json.dumps(told) if as_json else _as_text(told))


def _content(path: Path) -> bytes:
    """The bytes, at most one more than may be read, so that the reader can refuse them. Raises Refused."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_FILE + 1)
    except (OSError, ValueError) as error:  # a NUL in the name is a ValueError
        why = getattr(error, "strerror", None) or str(error)
        raise Refused(f"The file {path.name} cannot be opened: {why}. Check the path.", code="unreadable") from None


def _told(parsed: ParsedFile) -> dict[str, Any]:
    return {
        "format": parsed.format,
        "accounts": list(dict.fromkeys(each.account for each in parsed.statements)),
        "entries": sum(len(each.entries) for each in parsed.statements),
        "statements": [_statement(each) for each in parsed.statements],
        "problems": [{"position": each.position, "sentence": each.sentence} for each in parsed.problems],
    }


def _statement(statement: Statement) -> dict[str, Any]:
    """Sums count booked entries only; amounts are text, so that no reader of JSON makes floats of them."""
    booked = [entry.amount for entry in statement.entries if entry.is_booked]
    nothing = quantum(statement.currency) * 0 if is_currency(statement.currency) else Decimal(0)
    return {
        "account": statement.account,
        "currency": statement.currency,
        "number": statement.number,
        "from": statement.opened_on.isoformat() if statement.opened_on else None,
        "to": statement.closed_on.isoformat() if statement.closed_on else None,
        "entries": len(statement.entries),
        "not_booked": len(statement.entries) - len(booked),
        "in": _plain(sum((amount for amount in booked if amount > 0), nothing)),
        "out": _plain(sum((amount for amount in booked if amount < 0), nothing)),
        "opening": _plain(statement.opening),
        "closing": _plain(statement.closing),
        "difference": _plain(statement.difference),
    }


def _plain(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:f}"


def _as_text(told: dict[str, Any]) -> str:
    lines = [f"{told['format']}. Entries: {told['entries']}, accounts: {len(told['accounts'])}."]
    for each in told["statements"]:
        waiting = f", {each['not_booked']} of them not booked" if each["not_booked"] else ""
        number = f" no. {each['number']}" if each["number"] else ""
        lines += [
            "",
            f"{each['account'] or 'no account named'} {each['currency']}{number}",
            f"  from {each['from'] or '?'} to {each['to'] or '?'}, entries: {each['entries']}{waiting}",
            f"  in {each['in']}, out {each['out']}",
            f"  opening {each['opening'] or 'not stated'}, closing {each['closing'] or 'not stated'}"
            + (f", difference {each['difference']}" if each["difference"] is not None else ""),
        ]
    if told["problems"]:
        lines += ["", f"Problems: {len(told['problems'])}"]
        lines += [f"  {each['position']}: {each['sentence']}" for each in told["problems"]]
    return "\n".join(lines)
