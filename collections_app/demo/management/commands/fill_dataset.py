"""`./manage.py fill_dataset`: the second half of load_dataset, inside the new database. Not meant for people."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from collections_app.demo.datasets import DATASETS, companies_in
from collections_app.demo.fill_dataset import fill_dataset
from collections_app.lib.errors import Refusal


class Command(BaseCommand):
    help = "Internal: fill the database of COLLECTIONS_DATASET. Use load_dataset."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("dataset", choices=DATASETS)
        parser.add_argument("--path", type=Path, required=True)
        parser.add_argument("--as-of", type=date.fromisoformat, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DATASET:
            raise CommandError("The main database is never filled with a data set. Use ./manage.py load_dataset.")
        call_command("migrate", verbosity=0, interactive=False)
        self.stderr.write("tables made", self.style.NOTICE)
        source, path, as_of = options["dataset"], options["path"], options["as_of"]
        try:
            companies = companies_in(path, source=source, as_of=as_of)
            filled = fill_dataset(path=path, source=source, as_of=as_of, companies=companies, say=self.stderr.write)
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from None
        self.stdout.write(json.dumps(filled))
