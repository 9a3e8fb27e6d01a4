"""Prints the ranked list of a person for a day, with every part of each score. Writes nothing."""

import argparse
import json
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from collections_app.accounts.models import User
from customers.queries.clock import installation_day
from worklist.queries.ranking import Ranked, ranking
from worklist.services.rescore import score_parts


class Command(BaseCommand):
    """./manage.py worklist --user ada --as-of 2026-11-03 --limit 50 --format json"""

    help = "The worklist of a person: customers by the money that acting today is worth, with the parts of each score."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--user", required=True, help="user name")
        parser.add_argument("--as-of", type=date.fromisoformat, help="business day, e.g. 2026-11-03; today if left out")
        parser.add_argument("--limit", type=int, default=50, help="how many customers at most")
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["user"]).first()
        if user is None:
            raise CommandError(f"There is no user {options['user']!r}. Look in the list of users for the name.")
        if options["limit"] < 0:
            raise CommandError("--limit must be 0 or more.")
        on = options["as_of"] or installation_day()
        found = ranking(user=user, on=on, limit=options["limit"])
        if options["format"] == "json":
            self.stdout.write(json.dumps({"items": [_plain(row) for row in found]}, ensure_ascii=False))
            return
        for place, row in enumerate(found, start=1):
            self.stdout.write(f"{place:>4}  {row.score.currency} {row.score.score:>14,}  {row.number}  {row.score.why}")


def _plain(row: Ranked) -> dict[str, Any]:
    return {
        "customer": row.number,
        "score": str(row.score.score),
        "parts": score_parts(row.score),
        "why": row.score.why,
    }
