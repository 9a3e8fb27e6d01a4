"""Prints why one customer was, or was not, reminded on a day, and why the customer stands where it does on the list."""

import argparse
import json
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from customers.models import Customer
from customers.queries.clock import business_day
from dunning.queries.why import why
from worklist.queries.facts import customer_facts
from worklist.rules.score import score
from worklist.services.rescore import score_parts


class Command(BaseCommand):
    """./manage.py why C00042 --on 2026-11-03 --format json"""

    help = "Why a customer was or was not reminded on a day, and what the place on the worklist is made of."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("customer", help="customer number")
        parser.add_argument("--on", type=date.fromisoformat, help="business day, e.g. 2026-11-03; today if left out")
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        customer = Customer.objects.select_related("entity").filter(number=options["customer"]).first()
        if customer is None:
            raise CommandError(f"There is no customer {options['customer']!r}. Look it up under Accounts.")
        on = options["on"] or business_day(customer.entity)
        told: dict[str, Any] = {
            "customer": customer.number,
            "on": on.isoformat(),
            "dunning": why(customer, on),
            "worklist": _worklist(customer, on),
        }
        if options["format"] == "json":
            self.stdout.write(json.dumps(told, ensure_ascii=False, default=str))
            return
        for entry in told["dunning"]:
            self.stdout.write(f"dunning   {entry['code']}: {entry.get('sentence', '')}")
        for part in told["worklist"]:
            self.stdout.write(f"worklist  {part['name']}: {part['amount']} · {part['why']}")


def _worklist(customer: Customer, on: date) -> list[dict[str, str]]:
    """The parts of the score of that day, from the rule itself."""
    (placed,) = customer_facts([customer.pk], on=on)
    return score_parts(score(placed.facts, placed.strategy))
