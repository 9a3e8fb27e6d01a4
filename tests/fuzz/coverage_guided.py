"""The frame of a search guided by coverage: a corpus that is kept, limits of time and memory, and where breakers go.

What a search learns stays in var/fuzz/, and so does a file that breaks a reader. An exception other than a refusal, ten
seconds for one file, or two gigabytes end it with an error."""

import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import django

try:
    import atheris
except ModuleNotFoundError:  # it has wheels for some machines only
    atheris = None

FOLDER = Path(__file__).resolve().parents[2] / "var" / "fuzz"
LIMITS = ("-max_len=4096", "-timeout=10", "-rss_limit_mb=2048", "-print_final_stats=1")
Search = tuple[Callable[[bytes], None], Mapping[str, Iterable[bytes]]]


def search(name: str, *, instrumented: Sequence[str], load: Callable[[], Search], arguments: Sequence[str]) -> int:
    """0 without atheris, which is told; with it, libFuzzer ends the process itself.

    `load` imports the readers, so that they are instrumented, and gives what tries a file and the seeds by name."""
    if atheris is None:
        print("The package atheris is not installed on this machine, so the coverage-guided search was left out.")
        return 0
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "collections_app.settings")
    with atheris.instrument_imports(include=list(instrumented)):
        django.setup()
        read_whatever, seeds = load()
        read_whatever(b"")
    corpus = FOLDER / name
    corpus.mkdir(parents=True, exist_ok=True)
    for code, contents in seeds.items():
        for number, content in enumerate(contents):
            (corpus / f"seed-{code}-{number}").write_bytes(content)
    atheris.Setup([sys.argv[0], *LIMITS, f"-artifact_prefix={FOLDER}/", *arguments, str(corpus)], read_whatever)
    atheris.Fuzz()
    return 0
