"""Turns a finding into a few words, so that a table of sentences can say what is to be read in each."""

from datetime import date

from dunning.rules.reading.read import Asked, read_text

TUESDAY = date(2026, 11, 17)  # every sentence of the tables was written on this day


def read(said: str, *, language: str = "en", country: str = "DE", currency: str = "EUR") -> str:
    """What was read, such as "promise 2026-11-20 500.00 EUR; dispute price", or "-" for nothing."""
    found = read_text(said, Asked(on=TUESDAY, language=language, country=country, currency=currency)).findings
    told = []
    for row in found:
        assert said[row.start : row.end].strip(), "a finding quotes its sentence"
        facts = [row.kind, row.reason, row.day, row.amount, row.currency, row.reference, row.name, row.email]
        told.append(" ".join(str(fact) for fact in facts if fact))
    return "; ".join(told) or "-"
