"""One worker of the dunning plan, in a process of its own: `python -m tests.bench.plan_worker DATABASE RUN`.

Says "ready" when everything is imported and connected, begins when a line comes in, ends when no chunk is left."""

import os
import sys
from datetime import UTC, datetime

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "collections_app.settings")
os.environ.setdefault("COLLECTIONS_FAST_ENGINE", "1")
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def main(database: str, run_id: int) -> None:
    """Nothing; afterwards the run has no chunk that is left to take."""
    import django

    django.setup()
    from django.db import connection

    connection.settings_dict["NAME"] = database
    from dunning.models import Run
    from dunning.services.prepare_chunk import prepare_chunk

    Run.objects.get(pk=run_id)
    print("ready", flush=True)
    sys.stdin.readline()
    while prepare_chunk(run_id=run_id, now=NOW, any_hour=True):
        pass


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
