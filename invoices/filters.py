"""The filters of the list of invoices over the API: an allow-list (case D78). Those of the pages are forms."""

from datetime import date
from decimal import Decimal
from typing import Any

import django_filters
from django import forms
from django.db.models import DateField, Q, QuerySet, Value
from django.utils.translation import gettext_lazy as _

from collections_app.lib.amount_reading import DecimalMark
from collections_app.lib.errors import Refusal
from collections_app.lib.money import parse_amount
from customers.queries.clock import installation_day
from invoices.models import Invoice
from invoices.queries.open_amounts import with_open_amount

STATUSES = (("open", _("Open")), ("overdue", _("Overdue")), ("paid", _("Paid")))
_MARKS: tuple[DecimalMark, ...] = (".", ",")
FIRST, LAST = date(1970, 1, 1), date(2199, 12, 31)


class DayField(forms.DateField):
    """An ISO date, as date inputs send it, between 1970 and 2199."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def __init__(self, **options: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d"], **options)

    def clean(self, value: Any) -> Any:
        """The day or None. Raises ValidationError."""
        day = super().clean(value)
        if day is not None and not FIRST <= day <= LAST:
            raise forms.ValidationError(_("Choose a day between 1970 and 2199."))
        return day


class DayFilter(django_filters.Filter):  # type: ignore[misc]
    """A filter by an ISO date."""

    field_class = DayField


class InvoiceFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Issued invoices as of a day, each with `open_amount` and `as_of`. Every parameter is optional."""

    q = django_filters.CharFilter(method="anywhere", label=_("Number, order, customer or amount"))
    status = django_filters.ChoiceFilter(choices=STATUSES, method="in_status", label=_("Status"), empty_label=_("All"))
    entity = django_filters.CharFilter(field_name="entity__code", label=_("Entity"))
    customer = django_filters.CharFilter(field_name="customer__number", label=_("Customer number"))
    number = django_filters.CharFilter(label=_("Invoice number"))
    currency = django_filters.CharFilter(label=_("Currency"))
    due_from = DayFilter(field_name="due_on", lookup_expr="gte", label=_("Due from"))
    due_to = DayFilter(field_name="due_on", lookup_expr="lte", label=_("Due until"))
    as_of = DayFilter(method="as_it_is", label=_("As of"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.day = date.max  # until the form is read

    def filter_queryset(self, queryset: QuerySet[Invoice]) -> QuerySet[Invoice]:
        """The rows that match, as of the asked-for day or today."""
        self.day = self.form.cleaned_data.get("as_of") or installation_day()
        rows = with_open_amount(queryset, as_of=self.day).annotate(as_of=Value(self.day, DateField()))
        filtered: QuerySet[Invoice] = super().filter_queryset(rows)
        return filtered

    def in_status(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Open: something is left. Overdue: left and due before the day. Paid: nothing is left."""
        if value == "paid":
            return rows.filter(open_amount=0)
        rows = rows.filter(open_amount__gt=0)
        return rows.filter(due_on__lt=self.day) if value == "overdue" else rows

    def as_it_is(self, rows: QuerySet[Invoice], name: str, value: date) -> QuerySet[Invoice]:
        """The rows unchanged: the day was taken care of before."""
        return rows

    def anywhere(self, rows: QuerySet[Invoice], name: str, value: str) -> QuerySet[Invoice]:
        """The rows whose number, order number, customer or total looks like the text."""
        return rows.filter(looks_like(value))


def looks_like(text: str) -> Q:
    """The condition that an invoice's number, order number, customer's name or number, or total matches the text."""
    words = text.strip()
    found = (
        Q(number__icontains=words)
        | Q(po_number__icontains=words)
        | Q(customer__name__icontains=words)
        | Q(customer__number__iexact=words)
    )
    return found | Q(total__in=amounts) if (amounts := amounts_in(words)) else found


def amounts_in(text: str) -> list[Decimal]:
    """The amounts the text may mean: "1.234,50" and "1,234.50" alike; empty if it is no amount."""
    found = set()
    for mark in _MARKS:
        try:
            found.add(abs(parse_amount(text, decimal_mark=mark, currency="EUR")))
        except Refusal:
            continue
    return sorted(found)
