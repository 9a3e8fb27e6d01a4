"""What the lists of documents share: parse the filter, order, one page with its sums, or a typed file. Each list says
what is its own in a `ListPage`."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from collections_app.accounts.access import check, signed_in
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import BadInput
from collections_app.lib.money import Money
from collections_app.web.exports import Row, csv_response, xlsx_response
from collections_app.web.fragments import form_invalid, page_or_fragment
from customers.queries.clock import installation_day
from invoices.forms.document_filters import DocumentFilter
from invoices.queries.document_lists import Ask
from invoices.queries.ledger_list import LedgerList, all_rows, count_of, listing

# A spreadsheet of more rows takes half a minute to write and longer to open.
MOST_SHEET_ROWS = 50_000


@dataclass(frozen=True, slots=True)
class ListPage:
    """One list: its template `invoices/<name>.html` and fragment `invoices/_<name>.html`, the columns it sorts by, and
    what a file of it says. `headings` and `cells` belong together."""

    name: str
    filter: type[DocumentFilter]
    build: Callable[..., LedgerList]
    sorts: Mapping[str, Sequence[str]]
    usual: str
    headings: Callable[[], Sequence[str]]
    cells: Callable[[Any], Row]


def answer(
    request: HttpRequest,
    page: ListPage,
    rows: Any,
    *,
    status: str = "",
    finish: Callable[[list[Any], Any], Iterable[Any]] = lambda rows, as_of: rows,
    **extra: Any,
) -> HttpResponse:
    """The page, fragment or file. `status` counts when the address names none; `finish` puts words to the rows."""
    asked = request.GET.copy()
    asked.setdefault("status", status)
    form = page.filter(asked, user=signed_in(request))
    template, fragment = f"invoices/{page.name}.html", f"invoices/_{page.name}.html"
    if not form.is_valid():
        return form_invalid(request, template, {"form": form, **extra}, fragment=fragment)
    as_of = form.cleaned_data["as_of"] or installation_day()
    order = _order(page, request.GET.get("sort", ""))
    ask = Ask(as_of=as_of, state=form.cleaned_data["status"], order=order, narrow=form.is_narrow)
    found = page.build(form.narrowed(rows), ask, **_due_days(form))
    if request.GET.get("format") in ("csv", "xlsx"):
        check(signed_in(request), Capability.SEE_INSIGHT)
        return _file(request.GET["format"], page, found, order, as_of)
    listed = listing(found, request.GET, order=order)
    count = count_of(listed.totals)
    context = {
        **extra,
        "form": form,
        "page": listed.page,
        "rows": list(finish(listed.page.rows, as_of)),
        "totals": listed.totals,
        "count": count,
        "mixed": len(listed.totals) > 1,
        "as_of": as_of,
        "filtered": any(request.GET.get(name) for name in form.fields),
    }
    words = ngettext("%(n)d row", "%(n)d rows", count) % {"n": count}
    return page_or_fragment(request, template, context, fragment=fragment, announce=words)


def _due_days(form: DocumentFilter) -> dict[str, Any]:
    """What the list of invoices itself narrows by, because it is computed: the due day of the next part."""
    return {name: form.cleaned_data[name] for name in ("due_from", "due_to") if name in form.cleaned_data}


def _order(page: ListPage, sort: str) -> list[str]:
    """The columns of a known sort, turned for '-'; the usual ones for anything else."""
    sort = sort if sort.removeprefix("-") in page.sorts else page.usual
    columns = page.sorts[sort.removeprefix("-")]
    return [f"-{name}" for name in columns] if sort.startswith("-") else list(columns)


def _file(kind: str, page: ListPage, found: LedgerList, order: Sequence[str], as_of: Any) -> HttpResponse:
    headings = [*page.headings(), _("As of")]
    cells = ([*page.cells(row), as_of] for row in all_rows(found, order=order))
    name = f"{page.name.replace('_', '-')}-{as_of.isoformat()}"
    if kind == "csv":
        return csv_response(name, headings, cells)
    rows = list(cells)
    if len(rows) > MOST_SHEET_ROWS:
        raise BadInput(
            _("These are %(n)d rows, more than a spreadsheet opens well. Narrow the list, or take the CSV.")
            % {"n": len(rows)},
            code="too_many_rows",
        )
    return xlsx_response(name, headings, rows, sheet=as_of.isoformat())


def money(row: Any, *names: str) -> list[Money]:
    """These amounts of the row for a file, in its currency."""
    return [Money(getattr(row, name), row.currency) for name in names]
