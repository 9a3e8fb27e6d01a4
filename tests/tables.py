"""Reads the worked tables of the documents under docs/, so that tests can repeat them."""

from pathlib import Path

DOCUMENTS = Path(__file__).resolve().parents[1] / "docs"


def table(document: str, *heads: str) -> list[list[str]]:
    """The rows of the table with exactly these column heads in docs/<document>; each cell as text."""
    rows: list[list[str]] = []
    inside = False
    for line in (DOCUMENTS / document).read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else []
        if cells == list(heads):
            inside = True
        elif not cells:
            inside = False
        elif inside and not set(cells[0]) <= set(":-"):
            rows.append(cells)
    return rows
