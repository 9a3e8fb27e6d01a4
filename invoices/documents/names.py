"""File names of documents, safe in a header, on a disk and on a screen (D73, D84)."""

import re


def document_name(word: str, number: str) -> str:
    """'Invoice-R000123.pdf' from any number: what is no ASCII letter, digit, dot or dash becomes a dash; never empty,
    never longer than 80 signs."""
    bare = re.sub(r"[^A-Za-z0-9.-]+|\.{2,}", "-", number).strip("-.")[:60]
    return f"{word}-{bare}.pdf" if bare else f"{word}.pdf"
