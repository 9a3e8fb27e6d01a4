"""Writes the readable part of an evidence bundle from its sealed entries, so that the PDF says what the JSON says. It
collects and keeps nothing."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.template.loader import render_to_string

from collections_app.lib.dates import format_date
from collections_app.lib.money import format_amount
from dunning.rules.evidence import Chained
from invoices.documents.pdf import render_pdf
from invoices.documents.styles import print_css

# A table row costs the PDF writer four milliseconds; what is longer stands in the JSON alone, and the document says so.
LONGEST = 1500
MOST_MESSAGES = 80
MOST_WORDS = 6000
_RAISES = frozenset({"invoices.invoice"})


def evidence_pdf(sealed: Chained) -> bytes:
    """The PDF. Raises PdfRefused with a sentence for people."""
    return render_pdf(evidence_html(sealed), timeout=90)


def evidence_html(sealed: Chained) -> str:
    """The complete HTML document that becomes the PDF."""
    cover, currency = sealed.cover, str(sealed.cover["currency"])
    shown = sealed.entries[-LONGEST:]
    context = {
        "cover": {**cover, "until": _day(cover["until"]), "made_at": _moment(cover["made_at"])},
        "claims": [_claim(claim, currency) for claim in cover["claims"]],
        "total": format_amount(Decimal(cover["total"]), currency),
        "statement": _statement(sealed.entries, cover["claims"], currency),
        "interest": [_interest(entry, currency) for entry in sealed.entries if entry["kind"] == "interest"],
        "entries": [{**entry, "on": _day(entry["on"])} for entry in shown],
        "skipped": len(sealed.entries) - len(shown),
        "count": len(sealed.entries),
        "messages": _messages(sealed.entries),
        "papers": [{"entry": entry["number"], **file} for entry in sealed.entries for file in entry["files"]],
        "head": sealed.head,
        "css": print_css(),
    }
    return render_to_string("dunning/evidence/bundle.html", context)


def _claim(claim: Mapping[str, Any], currency: str) -> dict[str, str]:
    amount, still = Decimal(claim["amount"]), Decimal(claim["open"])
    return {
        "number": claim["number"],
        "issued_on": _day(claim["issued_on"]),
        "due_on": _day(claim["due_on"]),
        "amount": format_amount(amount, currency),
        "lowered": format_amount(amount - still, currency),
        "open": format_amount(still, currency),
    }


def _statement(
    entries: Sequence[Mapping[str, Any]], claims: Sequence[Mapping[str, Any]], currency: str
) -> list[dict[str, str]]:
    """The claimed documents and every allocation on them in order, with what was open of each after it."""
    claimed = {claim["number"].split("/")[0] for claim in claims}
    still: dict[str, Decimal] = {}
    rows = []
    for entry in entries:
        facts = entry["facts"]
        number = str(facts.get("number", "")).split("/")[0]
        if number not in claimed:
            continue
        if entry["kind"] == "document" and facts["row"].split(" ")[0] in _RAISES:
            amount = Decimal(facts["total"])
        elif entry["kind"] == "allocation":
            amount = -Decimal(facts["amount"])
        else:
            continue
        still[number] = still.get(number, Decimal(0)) + amount
        rows.append(
            {
                "on": _day(entry["on"]),
                "number": number,
                "text": entry["text"],
                "amount": format_amount(amount, currency),
                "open": format_amount(still[number], currency),
            }
        )
    return rows[:LONGEST]


def _interest(entry: Mapping[str, Any], currency: str) -> dict[str, Any]:
    facts = entry["facts"]
    slices = [
        {
            "first": _day(part["first"]),
            "last": _day(part["last"]),
            "days": part["days"],
            "open": format_amount(Decimal(part["open"]), currency),
            "percent": f"{part['percent']} %" if part.get("percent") else "–",
        }
        for part in facts["slices"]
    ]
    total = format_amount(Decimal(facts["total"]), currency) if facts.get("total") else ""
    sources = dict.fromkeys(part.get("source", "") for part in facts["slices"])
    rests_on = [facts.get("law", ""), *sources]
    remarks = [" · ".join(words for words in rests_on if words), *facts.get("remarks", [])]
    return {"title": entry["text"], "slices": slices, "total": total, "remarks": [one for one in remarks if one]}


def _messages(entries: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What was written to and by the customer, and said on the telephone, in words."""
    found = []
    for entry in entries:
        facts = entry["facts"]
        body = facts.get("body") or facts.get("said") or ""
        if entry["kind"] not in ("notice", "mail", "message") or not body:
            continue
        heads = [
            ("from", facts.get("from_address", "")),
            ("to", facts.get("to_address", "")),
            ("handed over", _moment(facts.get("handed_over_at", ""))),
            ("message id", facts.get("message_id", "")),
        ]
        found.append(
            {
                "number": entry["number"],
                "on": _day(entry["on"]),
                "subject": facts.get("subject") or entry["text"],
                "heads": " · ".join(f"{name} {value}" for name, value in heads if value),
                "body": body[:MOST_WORDS],
            }
        )
    return found[-MOST_MESSAGES:]


def _moment(text: str) -> str:
    """ "2 Mar 2026, 08:00 UTC"; "" for no moment."""
    return f"{_day(text[:10])}, {text[11:16]} UTC" if text else ""


def _day(text: str) -> str:
    return format_date(date.fromisoformat(text))
