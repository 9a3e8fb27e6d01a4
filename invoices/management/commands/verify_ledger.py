"""`./manage.py verify_ledger`: proves the books and the audit log, or names the rows that are wrong."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from invoices.queries.verify_ledger import violations


class Command(BaseCommand):
    help = "Check every law of the ledger and the audit chain. Exits with 1 when something is wrong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        found = violations()
        if options["format"] == "json":
            self.stdout.write(json.dumps({"ok": not found, "violations": found}))
        elif not found:
            self.stdout.write("The ledger and the audit log are in order.")
        for violation in found if options["format"] == "text" else []:
            said = (violation.get("sentence", violation["law"]), violation.get("detail", ""))
            self.stdout.write(f"{violation['row']}: {' '.join(filter(None, map(str, said)))}")
        if found:
            sys.exit(1)
