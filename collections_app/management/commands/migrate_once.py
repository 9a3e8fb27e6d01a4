"""`./manage.py migrate_once`: migrations under a lock, for containers that start together."""

from typing import Any

from django.core.management.base import BaseCommand

from collections_app.embedded.schema import migrate_once
from collections_app.env import load_environment


class Command(BaseCommand):
    help = "Apply all migrations; of several machines that start together, one does it and the others wait."

    def handle(self, *args: Any, **options: Any) -> None:
        migrate_once(load_environment(), verbosity=int(options["verbosity"]))
