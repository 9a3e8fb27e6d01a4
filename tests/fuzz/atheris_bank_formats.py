"""D99: a search for bank files that break a reader, guided by coverage.

`python -m tests.fuzz.atheris_bank_formats -runs=N` takes the options of libFuzzer. What it learns stays in var/fuzz/,
and so does a file that breaks a reader. An exception other than a refusal, ten seconds for one file, or two gigabytes
end it with an error."""

import os
import sys
from pathlib import Path

import django

try:
    import atheris
except ModuleNotFoundError:  # it has wheels for some machines only
    atheris = None

FOLDER = Path(__file__).resolve().parents[2] / "var" / "fuzz"
LIMITS = ("-max_len=4096", "-timeout=10", "-rss_limit_mb=2048", "-print_final_stats=1")


def main(arguments: list[str]) -> int:
    """0 without atheris, which is told; with it, libFuzzer ends the process itself."""
    if atheris is None:
        print("The package atheris is not installed on this machine, so the coverage-guided search was left out.")
        return 0
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "collections_app.settings")
    with atheris.instrument_imports(include=["invoices.bank_formats", "mt940", "bai2", "collections_app.lib"]):
        django.setup()
        from tests.fuzz.bank_files import SEEDS, read_whatever  # with all readers, instrumented as they are imported

        read_whatever(b"")
    corpus = FOLDER / "bank_formats"
    corpus.mkdir(parents=True, exist_ok=True)
    for code, contents in SEEDS.items():
        for number, content in enumerate(contents):
            (corpus / f"seed-{code}-{number}").write_bytes(content)
    atheris.Setup([sys.argv[0], *LIMITS, f"-artifact_prefix={FOLDER}/", *arguments, str(corpus)], read_whatever)
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
