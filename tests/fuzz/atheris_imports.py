"""D99: a search for tables of open items that break a reader, guided by coverage.

`python -m tests.fuzz.atheris_imports -runs=N` takes the options of libFuzzer."""

import sys

from tests.fuzz.coverage_guided import Search, search


def load() -> Search:
    """How a file is tried, and the files to start from, with all readers imported."""
    from tests.fuzz.import_files import SEEDS, read_whatever

    return read_whatever, {"items": SEEDS}


if __name__ == "__main__":
    sys.exit(
        search(
            "imports",
            instrumented=["customers.import_sources", "customers.rules", "collections_app.lib"],
            load=load,
            arguments=sys.argv[1:],
        )
    )
