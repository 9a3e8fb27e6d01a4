"""`./manage.py verify_bundle FILE`: proves an evidence bundle, or names what was changed. It opens no database, so that
a court's expert, an agency or a customer can run it anywhere."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dunning.rules.evidence import contents, faults


class Command(BaseCommand):
    help = "Check an evidence bundle: every entry, every file, every byte. Exits with 1 when something was changed."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the bundle, as it was handed over")
        parser.add_argument("--head", default="", help="the digest at the end of the chain, as it was told")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            archive = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"The file cannot be read: {error.strerror}. Give the path of the bundle.") from None
        told = _told(archive, options["head"].strip().lower())
        if options["format"] == "json":
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        else:
            self.stdout.write("\n".join(_sentences(told)))
        if not told["ok"]:
            sys.exit(1)


def _told(archive: bytes, head: str) -> dict[str, Any]:
    found = [{"entry": fault.entry, "part": fault.part, "sentence": fault.sentence} for fault in faults(archive)]
    document = contents(archive) if not found else {}
    if document and head and document["head"] != head:
        sentence = "The bundle is whole, but it is another one: its chain does not end with the digest that was told."
        found.append({"entry": None, "part": "head", "sentence": sentence})
    told: dict[str, Any] = {"ok": not found, "problems": found}
    if document:
        entries = document["entries"]
        told |= {"entries": len(entries), "head": document["head"], "cover": document["cover"]}
        told["files"] = sum(len(entry["files"]) for entry in entries)
    return told


def _sentences(told: dict[str, Any]) -> list[str]:
    if not told["ok"]:
        return [problem["sentence"] for problem in told["problems"]]
    return [
        f"The bundle is as it was made: {told['entries']} entries and {told['files']} files, none changed.",
        f"Its chain ends with {told['head']}. Compare that with the digest that was told when it was handed over.",
    ]
