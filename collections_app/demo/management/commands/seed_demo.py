"""`./manage.py seed_demo`: fills an empty database with the demo company."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from collections_app.demo.seed import is_empty, seed_demo
from customers.queries.clock import business_day_in


class Command(BaseCommand):
    help = "Fill an empty database with the demo company, dated relative to today."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="do nothing when there is data already")

    def handle(self, *args: Any, **options: Any) -> None:
        if not is_empty():
            if options["if_empty"]:
                return
            raise CommandError("There is data already. Use another COLLECTIONS_HOME or database for the demo.")
        today = seed_demo(calendar_day=business_day_in("Europe/Berlin"))
        self.stdout.write(f"The demo company is ready. Its today is {today:%A, %d %B %Y}.")
