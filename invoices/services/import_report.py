"""The report of an import as plain JSON, the same for a check and for the real thing."""

from typing import Any

from collections_app.lib.money import Money
from invoices.services.import_stage import Staged


def report_of(staged: Staged, figures: dict[str, Any], *, notes: tuple[str, ...], written: bool) -> dict[str, Any]:
    """Counts, control totals per currency (amounts as strings), the first rows as stored, and grouped errors."""
    return {
        "written": written,
        "rows": staged.rows,
        "new": figures["new"],
        "settled": figures["settled"],
        "unchanged": figures["unchanged"],
        "skipped": sum(staged.skipped.values()),
        "errors": staged.problems.count,
        "customers_new": figures["customers_new"],
        "totals": {row[0]: _totals(row) for row in figures["totals"]},
        "skipped_reasons": dict(sorted(staged.skipped.items(), key=lambda each: -each[1])),
        "error_groups": staged.problems.as_json(),
        "error_lines": sorted(staged.problems.lines),
        "first_rows": [_first(row) for row in figures["first"]],
        "notes": list(notes),
    }


def _totals(row: tuple[Any, ...]) -> dict[str, Any]:
    currency, documents, invoices, credits_, still_open = row
    return {
        "documents": documents,
        "invoices": _plain(invoices, currency),
        "credits": _plain(credits_, currency),
        "balance": _plain(invoices - credits_, currency),
        "open": _plain(still_open, currency),
    }


def _first(row: tuple[Any, ...]) -> dict[str, Any]:
    line, entity, customer, kind, number, issued_on, due_on, assumed, currency, amount, settled, settled_on, state = row
    return {
        "line": line,
        "entity": entity,
        "customer": customer,
        "kind": kind,
        "number": number,
        "issued_on": issued_on.isoformat(),
        "due_on": due_on.isoformat(),
        "due_on_assumed": assumed,
        "currency": currency,
        "amount": _plain(amount, currency),
        "settled": _plain(settled, currency) if settled else "",
        "settled_on": settled_on.isoformat() if settled_on else "",
        "state": state,
    }


def _plain(amount: Any, currency: str) -> str:
    return f"{Money(amount, currency).amount:f}"
