"""`./manage.py import_statement`: a bank file into lines, suggestions and certain postings. JSON stands alone on
standard output."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from collections_app.lib.errors import Refusal
from customers.models import LegalEntity
from invoices.models import BankFile
from invoices.services.import_bank_file import import_bank_file
from invoices.services.match_waiting_lines import match_waiting_lines
from invoices.services.read_bank_file import read_bank_file


class Command(BaseCommand):
    help = "Import a bank statement (camt, MT940, BAI2, OFX, CSV). The same file again adds nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the file")
        parser.add_argument("--entity", metavar="CODE", help="the legal entity of accounts that nobody knows yet")
        parser.add_argument("--dry-run", action="store_true", help="read and match, report, write nothing")
        parser.add_argument("--format", choices=("table", "json"), default="table")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            content = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"The file {options['file']} cannot be read: {error.strerror}.") from None
        if options["dry_run"]:
            with transaction.atomic():
                report = self._import(options["file"].name, content, options["entity"])
                transaction.set_rollback(True)
            self._forget_content()
        else:
            report = self._import(options["file"].name, content, options["entity"])
        report["dry_run"] = options["dry_run"]
        self.stdout.write(json.dumps(report) if options["format"] == "json" else _as_text(report))
        if report["state"] != "read":
            raise CommandError(f"Nothing was imported. {report['refusal']}")

    _kept: BankFile | None = None

    def _import(self, name: str, content: bytes, code: str | None) -> dict[str, Any]:
        entities = list(LegalEntity.objects.all())
        try:
            file = import_bank_file(name=name, content=content, entities=entities, by="import_statement")
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from None
        self._kept = file
        if file.state == BankFile.State.ASKING and code and file.asked.get("accounts"):
            file = self._answered(file, code, entities)
        matched = match_waiting_lines(now=timezone.now())
        return {
            "file": file.name, "state": file.state, "format": file.format, "refusal": file.refusal,
            "asked": file.asked, "added": file.lines_added, "known": file.lines_known, "problems": file.problems,
            "matched": {"lines": matched.lines, "posted": matched.posted, "suggested": matched.suggested},
        }  # fmt: skip

    def _forget_content(self) -> None:
        """A rolled back row leaves its file behind."""
        if self._kept is not None and not BankFile.objects.filter(pk=self._kept.pk).exists():
            self._kept.content.delete(save=False)

    def _answered(self, file: BankFile, code: str, entities: list[LegalEntity]) -> BankFile:
        entity = next((each for each in entities if each.code == code), None)
        if entity is None:
            known = ", ".join(each.code for each in entities) or "none yet"
            raise CommandError(f"There is no legal entity {code}. Known codes: {known}.")
        file.answers = {"entities": {f"{number} {currency}": entity.pk for number, currency in file.asked["accounts"]}}
        file.save(update_fields=["answers"])
        return read_bank_file(file=file, entities=entities, by="import_statement")


def _as_text(report: dict[str, Any]) -> str:
    lines = [f"{report['file']}: {report['state']} {report['format']}".rstrip()]
    if report["refusal"]:
        lines.append(report["refusal"])
    lines += [
        f"  no entity yet for the account {number} in {code}" for number, code in report["asked"].get("accounts", ())
    ]
    matched = report["matched"]
    lines.append(
        f"{report['added']} lines added, {report['known']} known; {matched['posted']} posted by themselves, "
        f"{matched['suggested']} with suggestions."
    )
    return "\n".join([*lines, *(f"  {each['position']}: {each['sentence']}" for each in report["problems"])])
