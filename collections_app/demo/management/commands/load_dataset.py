"""`./manage.py load_dataset sap|ibm --path FILE --as-of D`: real data in a database of its own, beside the demo's.

The settings choose the database when they are imported, so a child process with COLLECTIONS_DATASET does the filling.
It fills a draft; only a complete draft takes the place of what was loaded before."""

import json
import os
import re
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from collections_app.demo import dataset_databases
from collections_app.demo.datasets import DATASETS, PASSWORD, USERNAME, companies_in
from collections_app.lib.dates import parse_date
from collections_app.lib.errors import Refusal

_NAME = r"[a-z][a-z0-9_]{0,14}"


class Command(BaseCommand):
    help = "Load real data into a database of its own; COLLECTIONS_DATASET=NAME then chooses it for any command."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("dataset", choices=DATASETS)
        parser.add_argument("--path", type=Path, required=True, help="the file")
        parser.add_argument("--as-of", required=True, metavar="DAY", help="the day its clock stands on: 2018-10-01")
        parser.add_argument("--name", help="the data set's name if it should differ from its kind")

    def handle(self, *args: Any, **options: Any) -> None:
        begun = time.monotonic()
        source, path, name = options["dataset"], options["path"], options["name"] or options["dataset"]
        if not re.fullmatch(_NAME, name):
            raise CommandError("A data set's name is a small letter, then up to 14 of a-z, 0-9 and _.")
        try:
            as_of = parse_date(options["as_of"], order="ymd")
            dataset_databases.refuse_while_served(settings.ENV, name)
            companies_in(path, source=source, as_of=as_of)
            filled = self._load(source, path.absolute(), as_of, name)
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from None
        seconds = f"{time.monotonic() - begun:.1f}"
        summary = {"dataset": name, "as_of": as_of.isoformat(), **filled, "user": USERNAME, "seconds": seconds}
        self.stderr.write(f"Sign in as {USERNAME}, password {PASSWORD}. Use it with COLLECTIONS_DATASET={name}.")
        self.stdout.write(json.dumps(summary))

    def _load(self, source: str, path: Path, as_of: date, name: str) -> dict[str, Any]:
        draft = f"{name}_draft"
        if dataset_databases.exists(settings.ENV, name):
            self.stderr.write(f"The data set {name} exists; it will be replaced once the new one is complete.")
        dataset_databases.drop(settings.ENV, draft)
        try:
            filled = _fill(source, path, as_of, draft)
            dataset_databases.put_in_place(settings.ENV, draft=draft, name=name)
        except BaseException:
            dataset_databases.drop(settings.ENV, draft)
            raise
        return filled


def _fill(source: str, path: Path, as_of: date, draft: str) -> dict[str, Any]:
    """What the child printed. Its progress and its errors go to our standard error as they come."""
    manage = str(Path(settings.BASE_DIR) / "manage.py")
    done = subprocess.run(
        [sys.executable, manage, "fill_dataset", source, "--path", str(path), "--as-of", as_of.isoformat()],
        env={**os.environ, "COLLECTIONS_DATASET": draft},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Refusal("The data set was not loaded; what was loaded before is untouched. The reason stands above.")
    filled: dict[str, Any] = json.loads(done.stdout)
    return filled
