"""The table of `docs/bank-formats.md`: what becomes of every bank file that lies beside the project.

`python -m tests.bank_samples` writes it into the document; a test holds the document to it. Where a table leaves open
its account or currency, it is read once more with these two answers. Must not decide anything."""

import os
import re
import sys
from pathlib import Path

from invoices.bank_formats.contract import Choices, ParsedFile, Refused
from invoices.bank_formats.registry import read

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data" / "bank"
DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "bank-formats.md"
HEAD = "| file | format | statements | entries | balances, or why it is refused |"
RULE = "|:---|:---|---:|---:|:---|"


def samples() -> list[Path]:
    """The files in the order of their folders; none where they are absent."""
    return sorted(path for path in FOLDER.rglob("*") if path.is_file())


def row(path: Path) -> str:
    """The line of the table for one file."""
    name, content = path.relative_to(FOLDER).as_posix(), path.read_bytes()
    asked = ""
    try:
        try:
            parsed = read(content)
        except Refused as refusal:
            if not refusal.fields:
                raise
            asked = f"asks: {refusal.sentence} With “EUR” and “4711” as answers: "
            parsed = read(content, choices=Choices(account="4711", currency="EUR"))
    except Refused as refusal:
        place = f"{refusal.position}: " if refusal.position else ""
        return f"| {name} | refused | | | {_cell(asked + place + refusal.sentence)} |"
    entries = sum(len(each.entries) for each in parsed.statements)
    return f"| {name} | {parsed.format} | {len(parsed.statements)} | {entries} | {_cell(asked + _outcome(parsed))} |"


def _outcome(parsed: ParsedFile) -> str:
    """Whether the entries lead from opening to closing, and the first of the problems."""
    states = [
        "not stated" if each.difference is None else "lead" if not each.difference else f"{each.difference} apart"
        for each in parsed.statements
    ]
    told = [f"{', '.join(dict.fromkeys(states))}"]
    told += [f"{problem.position}: {problem.sentence}" for problem in parsed.problems[:1]]
    more = len(parsed.problems) - 1
    return "; ".join(told) + (f" ({more} more)" if more > 0 else "")


def table() -> str:
    """The whole table as Markdown."""
    return "\n".join([HEAD, RULE, *map(row, samples())])


def _cell(text: str) -> str:
    return re.sub(r"([|<>*_\\])", r"\\\1", " ".join(text.split()))


def main() -> int:
    """0 when the document was rewritten, 1 where the files are absent."""
    if not samples():
        print("The bank samples are not beside the project, so the table was left as it is.", file=sys.stderr)
        return 1
    text = DOCUMENT.read_text(encoding="utf-8")
    before, after = text.split(HEAD)[0], re.sub(r"\A(\|.*\n?)*", "", text.split(HEAD)[1].lstrip("\n"))
    DOCUMENT.write_text(f"{before}{table()}\n{after}", encoding="utf-8")
    return 0


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "collections_app.settings")
    sys.exit(main())
