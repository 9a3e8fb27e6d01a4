"""`make bench`: runs every measure on a scratch database and prints one JSON line per measure on standard output.

    python -m tests.bench [NAME …]      only measures of these modules (aging, import, import_invoices, worklist, …)

Each measure brings its own baseline (raw SQL, COPY, a bare library) in the same run and states their ratio."""

import importlib
import json
import os
import sys
import time
import traceback
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "collections_app.settings")
os.environ.setdefault("COLLECTIONS_FAST_ENGINE", "1")


def main(names: list[str]) -> int:
    """0 when every measure ran, 1 when one failed (the others are still printed), 2 for a name that does not exist."""
    import django
    from django.db import connection

    from collections_app.embedded.engines import ensure_running
    from collections_app.env import load_environment

    ensure_running(load_environment())
    django.setup()
    found = sorted(path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*.py"))
    wanted = names or found
    if unknown := sorted(set(wanted) - set(found)):
        print(f"There is no measure {', '.join(unknown)}. There are {', '.join(found)}.", file=sys.stderr)
        return 2
    failed = 0
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        for name in wanted:
            begun = time.monotonic()
            try:
                for measure in importlib.import_module(f"tests.bench.bench_{name}").measure():
                    print(json.dumps(measure, default=str), flush=True)
            except Exception as error:  # a measure that fails must not hide the others
                failed += 1
                traceback.print_exception(error)
            print(f"{name}: {time.monotonic() - begun:.0f} s", file=sys.stderr)
            connection.close()  # a measure that failed may have left its transaction open
            _empty(connection)
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)
    return 1 if failed else 0


def _empty(connection: Any) -> None:
    """Every table is empty again; append-only ones let themselves be emptied only with their triggers off."""
    from django.core.management import call_command

    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
    call_command("flush", verbosity=0, interactive=False)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = DEFAULT")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
