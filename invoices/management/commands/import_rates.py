"""`./manage.py import_rates FILE`: published exchange rates into the database. JSON stands alone on standard output."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from collections_app.lib.errors import Refusal
from customers.queries.clock import installation_day
from invoices.services.import_rates import ImportedRates, import_rates


class Command(BaseCommand):
    help = "Import exchange rates as the ECB publishes them, CSV or XML, plain or zipped. Again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the file")
        parser.add_argument("--dry-run", action="store_true", help="check and report, write nothing")
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            content = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}.") from None
        try:
            report = import_rates(
                content=content, today=installation_day(), dry_run=options["dry_run"], by="import_rates"
            )
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from None
        self.stdout.write(json.dumps(_plain(report)) if options["format"] == "json" else _words(report))


def _plain(report: ImportedRates) -> dict[str, object]:
    return {
        "format": report.format,
        "rates": report.rates,
        "added": report.added,
        "corrected": report.corrected,
        "known": report.known,
        "first_on": report.first_on and report.first_on.isoformat(),
        "last_on": report.last_on and report.last_on.isoformat(),
        "errors": [{"position": error.position, "sentence": error.sentence} for error in report.errors],
        "written": report.written,
    }


def _words(report: ImportedRates) -> str:
    counts = f"{report.added} new, of which {report.corrected} corrected, {report.known} known"
    lines = [f"{report.rates} rates, {report.first_on} to {report.last_on}: {counts}."]
    lines += [f"{error.position}: {error.sentence}" for error in report.errors]
    return "\n".join(lines if report.written else [*lines, "Nothing was written."])
