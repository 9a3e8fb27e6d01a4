"""`./manage.py import_invoices`: a file of open items into the ledger. JSON stands alone on standard output."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from collections_app.lib.errors import Refusal
from customers.import_sources.base import MoreNeeded
from customers.import_sources.option_words import options_from_words
from customers.models import ImportBatch, LegalEntity
from invoices.services.import_open_items import import_open_items


class Command(BaseCommand):
    help = (
        "Import a file of open items: CSV, TSV, XLSX or XLS, also packed as .gz. The same file again changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the file")
        parser.add_argument("--entity", metavar="CODE", help="the legal entity everything belongs to")
        parser.add_argument("--source", default="", help="the kind of file: generic, sap or ibm; found if left out")
        parser.add_argument(
            "--option", action="append", default=[], metavar="NAME=VALUE",
            help="how to read the file, such as date_order=dmy, decimal_mark=, or map.amount=Total",
        )  # fmt: skip
        parser.add_argument("--good-rows", action="store_true", help="import the good rows although others are bad")
        parser.add_argument("--no-new-customers", action="store_true", help="rows of unknown customers are errors")
        parser.add_argument("--dry-run", action="store_true", help="check and report, write nothing")
        parser.add_argument("--format", choices=("table", "json"), default="table")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            batch = import_open_items(
                batch=ImportBatch(file_name=options["file"].name[:200]),
                path=options["file"],
                options=options_from_words(options["option"], source=options["source"]),
                entity=_entity(options["entity"]) if options["entity"] else None,
                entities=list(LegalEntity.objects.all()),
                write=not options["dry_run"],
                leave_out_bad=options["good_rows"],
                create_customers=not options["no_new_customers"],
                by="import_invoices",
            )
        except MoreNeeded as needed:
            names = " ".join(f"--option {name}=…" for name in needed.fields)
            raise CommandError(f"{needed.sentence} Add {names}") from None
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from None
        report = batch.report
        self.stdout.write(json.dumps(report) if options["format"] == "json" else _as_text(report))
        if not report["written"] and not options["dry_run"]:
            raise CommandError(
                f"Nothing was imported: {report['errors']} rows are wrong. Mend them, or add --good-rows."
            )


def _entity(code: str) -> LegalEntity:
    found = LegalEntity.objects.filter(code=code).first()
    if found is None:
        known = ", ".join(LegalEntity.objects.values_list("code", flat=True)) or "none yet"
        raise CommandError(f"There is no legal entity {code}. Known codes: {known}.")
    return found


def _as_text(report: dict[str, Any]) -> str:
    counts = ("new", "settled", "unchanged", "skipped", "errors", "customers_new")
    lines = [f"{report['rows']} rows: " + ", ".join(f"{name.replace('_', ' ')} {report[name]}" for name in counts)]
    for currency, each in report["totals"].items():
        lines.append(
            f"{currency}: invoices {each['invoices']}, credits {each['credits']}, balance {each['balance']}, "
            f"of which open {each['open']}."
        )
    for group in report["error_groups"]:
        lines.append(f"{group['count']} × {group['heading']}. {group['fix']}")
        lines.extend(f"  line {row['line']}: {row['sentence']}" for row in group["rows"][:3])
    lines.extend(report["notes"])
    return "\n".join(lines)
