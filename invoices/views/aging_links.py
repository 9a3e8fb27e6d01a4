"""Addresses of the aging pages: the same question, narrowed or moved. They keep every filter in the address."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.http import urlencode

from invoices.forms.aging_groups import NONE

Query = Mapping[str, str]


def aging_url(query: Query, **changes: object) -> str:
    """The dashboard with these changes to the question; None and '' take a part away."""
    return _address("aging", query, changes)


def documents_url(query: Query, **changes: object) -> str:
    """The documents behind a figure of the dashboard."""
    return _address("aging_documents", {key: value for key, value in query.items() if key != "sort"}, changes)


def export_url(name: str, query: Query, file_format: str) -> str:
    """The download of the page with this URL name."""
    return _address(name, query, {"format": file_format})


def line_part(by: str, key: str) -> dict[str, str]:
    """What narrows a question to one line of the matrix."""
    return {"customer": key} if by == "customer" else {"within": by, "key": key or NONE}


def _address(name: str, query: Query, changes: Mapping[str, object]) -> str:
    merged = {**query, **{key: str(value) if value else "" for key, value in changes.items()}}
    return f"{reverse(name)}?{urlencode({key: value for key, value in merged.items() if value})}"
