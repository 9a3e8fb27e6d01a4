"""`./manage.py aging`: the totals of a day per currency. JSON stands alone on standard output."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from collections_app.lib.currencies import digits
from collections_app.lib.dates import parse_date
from collections_app.lib.errors import BadInput
from customers.models import LegalEntity
from customers.queries.clock import business_day, installation_day
from invoices.queries.aging import AgingTotals, aging_totals
from invoices.queries.aging_sql import AgingScope


class Command(BaseCommand):
    help = (
        "Print what customers owe on a day, by how late it is. Credits and unapplied cash are negative, by their date."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--as-of", metavar="DAY", help="the day, such as 2026-11-03; today's business day if left out"
        )
        parser.add_argument("--entity", metavar="CODE", help="one legal entity only")
        parser.add_argument("--format", choices=("table", "json"), default="table")

    def handle(self, *args: Any, **options: Any) -> None:
        entity = _entity(options["entity"]) if options["entity"] else None
        as_of = _day(options["as_of"]) or (business_day(entity) if entity else installation_day())
        totals = aging_totals(AgingScope(as_of, entity_ids=(entity.pk,) if entity else None))
        write = _as_json if options["format"] == "json" else _as_table
        self.stdout.write(write(as_of, totals))


def _day(given: str | date | None) -> date | None:
    if given is None or isinstance(given, date):
        return given
    try:
        return parse_date(given, order="ymd")
    except BadInput as problem:
        raise CommandError(problem.sentence) from None


def _entity(code: str) -> LegalEntity:
    found = LegalEntity.objects.filter(code=code).first()
    if found is None:
        known = ", ".join(LegalEntity.objects.values_list("code", flat=True)) or "none yet"
        raise CommandError(f"There is no legal entity {code}. Known codes: {known}.")
    return found


def _plain(amount: Decimal, currency: str) -> str:
    """The exact amount with at least the currency's decimals; never rounded."""
    shown = amount.normalize()
    places = max(digits(currency), -int(shown.as_tuple().exponent))
    return f"{shown:.{places}f}"


def _lines(totals: AgingTotals) -> dict[str, dict[str, str]]:
    return {
        currency: {key: _plain(amount, currency) for key, amount in (*amounts.by_key.items(), ("total", amounts.total))}
        for currency, amounts in totals.currencies.items()
    }


def _as_json(as_of: date, totals: AgingTotals) -> str:
    return json.dumps(
        {
            "as_of": as_of.isoformat(),
            "totals": _lines(totals),
            "documents": totals.documents,
            "customers": totals.customers,
        }
    )


def _as_table(as_of: date, totals: AgingTotals) -> str:
    written = [
        f"Aging as of {as_of.isoformat()}: {totals.documents} open documents of {totals.customers} customers.",
        "Credits and unapplied cash are negative, in the bucket of their own date.",
    ]
    for currency, line in _lines(totals).items():
        width = max(map(len, line.values()))
        written += ["", currency, *(f"  {key:<8} {amount:>{width}}" for key, amount in line.items())]
    return "\n".join(written)
