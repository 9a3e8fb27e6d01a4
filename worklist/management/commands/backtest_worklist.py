"""Replays the list on past days and prints how much of the money that came late its first customers held, beside what
ranking by amount, by age and by amount × age would have held. Writes nothing."""

import argparse
import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from collections_app.lib.errors import Refusal
from customers.queries.clock import installation_day
from worklist.queries.past_lists import FilePast, OwnPast, replayed_days
from worklist.rules.captured import ORDERS, OUTCOMES, SHARES, averaged, captured

_WORDS = {
    "late_30": "more than 30 days late",
    "unpaid_30": "overdue and unpaid 30 days later",
    "late": "late at all",
}


class Command(BaseCommand):
    """./manage.py backtest_worklist --data FILE --every month --format json"""

    help = "How much of the late money the first 10 and 20 % of the list held on past days, beside simpler orders."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        whose = parser.add_mutually_exclusive_group()
        whose.add_argument("--data", type=Path, metavar="FILE", help="a file of items with their days of payment")
        whose.add_argument("--own", action="store_true", help="our own ledger; this is what is replayed by itself")
        parser.add_argument("--source", default="", help="the kind of file (sap, ibm, …) if it is not recognised")
        parser.add_argument("--every", choices=("day", "week", "month"), default="month", help="which days")
        parser.add_argument("--from", dest="since", type=date.fromisoformat, help="the first day, e.g. 2018-04-01")
        parser.add_argument("--to", dest="until", type=date.fromisoformat, help="the last day")
        parser.add_argument("--known-on", type=date.fromisoformat, help="the day of the export, if it is not the last")
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            past = _past(options)
            days = replayed_days(past, every=options["every"], since=options["since"], until=options["until"])
            found = [{"as_of": day, **_list_of(past, day)} for day in days]
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from None
        told = {
            "currency": past.currency,
            "known_on": past.known_on,
            "every": options["every"],
            "dates": found,
            "average": averaged(found),
        }
        if options["format"] == "json":
            self.stdout.write(json.dumps(told, ensure_ascii=False, default=str))
        else:
            self._write(told)

    def _write(self, told: Mapping[str, Any]) -> None:
        names = [*ORDERS, "best"]
        self.stdout.write(f"{len(told['dates'])} days, known on {told['known_on']}; shares of the money in percent\n")
        for outcome in OUTCOMES:
            for share in SHARES:
                self.stdout.write(f"\n{_WORDS[outcome]}, first {share[-2:]} % of the customers")
                self.stdout.write(f"{'':<12}" + "".join(f"{name:>12}" for name in names))
                for day in told["dates"]:
                    row = day[outcome][share]
                    self.stdout.write(f"{day['as_of']!s:<12}" + "".join(f"{_percent(row[name]):>12}" for name in names))
                mean = told["average"][outcome][share]
                self.stdout.write(f"{'average':<12}" + "".join(f"{_percent(mean[name]):>12}" for name in names))


def _past(options: Mapping[str, Any]) -> FilePast | OwnPast:
    if options["data"]:
        return FilePast(options["data"], source=options["source"], known_on=options["known_on"])
    return OwnPast(known_on=options["known_on"] or installation_day())


def _list_of(past: FilePast | OwnPast, day: date) -> dict[str, Any]:
    rows = past.day(day)
    return {"customers": len(rows), "open": sum((row.amount for row in rows), Decimal(0)), **captured(rows)}


def _percent(share: Decimal | None) -> str:
    return "–" if share is None else f"{share * 100:.1f}"
