"""D99: a search for bank files that break a reader, guided by coverage.

`python -m tests.fuzz.atheris_bank_formats -runs=N` takes the options of libFuzzer."""

import sys

from tests.fuzz.coverage_guided import Search, search


def load() -> Search:
    """How a file is tried, and the files to start from, with all readers imported."""
    from tests.fuzz.bank_files import SEEDS, read_whatever

    return read_whatever, SEEDS


if __name__ == "__main__":
    sys.exit(
        search(
            "bank_formats",
            instrumented=["invoices.bank_formats", "mt940", "bai2", "collections_app.lib"],
            load=load,
            arguments=sys.argv[1:],
        )
    )
