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
from invoices.rules.aging import Basis, Credits
from invoices.rules.buckets import BucketSet, bucket_set


class Command(BaseCommand):
    help = "Print what customers owe on a day, by how late it is; credits and unapplied cash in one of three modes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--as-of", metavar="DAY", help="the day, such as 2026-11-03; today's business day if left out"
        )
        parser.add_argument("--entity", metavar="CODE", help="one legal entity only")
        parser.add_argument(
            "--basis", choices=[basis.value for basis in Basis], default="due", help="the day that ages an item"
        )
        parser.add_argument(
            "--credits",
            choices=[mode.value for mode in Credits],
            default="own",
            help="credits by their own date, off the oldest bucket backwards, or in a column",
        )
        parser.add_argument(
            "--known-on", metavar="DAY", help="leave out what was recorded after the end of this business day"
        )
        parser.add_argument(
            "--buckets", metavar="DAYS", default="", help="the last day of each bucket, such as 0/30/60/90/120"
        )
        parser.add_argument("--format", choices=("table", "json"), default="table")

    def handle(self, *args: Any, **options: Any) -> None:
        entity = _entity(options["entity"]) if options["entity"] else None
        scope = AgingScope(
            _day(options["as_of"]) or (business_day(entity) if entity else installation_day()),
            entity_ids=(entity.pk,) if entity else None,
            known_on=_day(options["known_on"]),
            basis=Basis(options["basis"]),
            credits=Credits(options["credits"]),
            buckets=_buckets(options["buckets"]),
        )
        totals = aging_totals(scope)
        write = _as_json if options["format"] == "json" else _as_table
        self.stdout.write(write(scope, totals))


def _buckets(written: str) -> BucketSet:
    try:
        return bucket_set(written)
    except BadInput as problem:
        raise CommandError(problem.sentence) from None


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


def _lines(scope: AgingScope, totals: AgingTotals) -> dict[str, dict[str, str]]:
    """Per currency the buckets, what stands beside them, and the total; the total is their sum in each mode."""
    beside = scope.credits is Credits.COLUMN
    found = {}
    for currency, amounts in totals.currencies.items():
        line = {**amounts.by_key, **({"credits": amounts.credits} if beside else {}), "total": amounts.total}
        found[currency] = {key: _plain(amount, currency) for key, amount in line.items()}
    return found


def _split(totals: AgingTotals) -> dict[str, dict[str, str]]:
    parts = ("collectable", "disputed", "on_plan", "promised")
    return {
        currency: {part: _plain(getattr(amounts, part), currency) for part in parts}
        for currency, amounts in totals.currencies.items()
    }


def _as_json(scope: AgingScope, totals: AgingTotals) -> str:
    return json.dumps(
        {
            "as_of": scope.as_of.isoformat(),
            "basis": scope.basis.value,
            "credits": scope.credits.value,
            "known_on": scope.known_on.isoformat() if scope.known_on else None,
            "buckets": scope.buckets.written,
            "totals": _lines(scope, totals),
            "split": _split(totals),
            "documents": totals.documents,
            "customers": totals.customers,
        }
    )


_BASIS = {Basis.DUE: "Aged by due date.", Basis.INVOICE: "Aged by document date; not_due holds what is dated that day."}
_CREDITS = {
    Credits.OWN: "Credits and unapplied cash are negative, in the bucket of their own date.",
    Credits.OLDEST: "Credits and unapplied cash are netted per customer, oldest bucket first, the rest into not_due.",
    Credits.COLUMN: "Credits and unapplied cash are in a column of their own, outside the buckets.",
}


def _as_table(scope: AgingScope, totals: AgingTotals) -> str:
    known = f" As known at the end of {scope.known_on.isoformat()}." if scope.known_on else ""
    written = [
        f"Aging as of {scope.as_of.isoformat()}: {totals.documents} open documents of {totals.customers} customers.",
        f"{_BASIS[scope.basis]} {_CREDITS[scope.credits]}{known}",
    ]
    split = _split(totals)
    for currency, line in _lines(scope, totals).items():
        whole = {**line, **split[currency]}
        width = max(map(len, whole.values()))
        written += ["", currency, *(f"  {key:<11} {amount:>{width}}" for key, amount in whole.items())]
    return "\n".join(written)
