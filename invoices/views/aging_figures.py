"""The figures on top of one currency's part of the aging dashboard, each with its formula and the way to its documents.
They compute no aging; sums and shares come from the query's amounts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from collections_app.web.writing import amount_html, amount_text, date_text
from invoices.forms.aging_filter import AgingQuestion
from invoices.queries.aging_matrix import CurrencyMatrix
from invoices.rules.aging import Basis, Credits
from invoices.views.aging_links import documents_url

Days = Mapping[date, tuple[Decimal, ...]]


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the figures on top, with its formula in words."""

    label: str
    value: str | SafeString
    formula: str
    url: str = ""
    note: str = ""
    tone: str = ""
    loud: bool = False


def figures(matrix: CurrencyMatrix, days: Days, question: AgingQuestion) -> Iterator[Figure]:
    """The figures of one currency. `days` is the trend, whose last day but one they are compared with."""
    totals, currency, scope = matrix.totals, matrix.currency, question.scope
    before = list(days)[-2] if len(days) > 1 else None
    earlier = days[before] if before else ()
    by_due, very_late = scope.basis is Basis.DUE, scope.buckets.very_late_days

    def link(**part: str) -> str:
        return documents_url(question.query, currency=currency, **part)

    def since(now: Decimal, then: Decimal) -> str:
        return _since(now - then, currency, before) if before else ""

    yield Figure(
        label=_("Total open"),
        value=amount_html(totals.total, currency),
        formula=_("Open invoices − open credits − unapplied cash."),
        url=link(),
        note=since(totals.total, sum(earlier, Decimal(0))),
        loud=True,
    )
    yield Figure(
        label=_("Overdue") if by_due else _("One day old or more"),
        value=amount_html(totals.overdue, currency),
        formula=_overdue_formula(scope.credits, by_due=by_due),
        url=link(bucket="overdue"),
        # The trend shows credits by their own date, so only then the two can be compared.
        note=since(totals.overdue, sum(earlier[1:], Decimal(0))) if scope.credits is Credits.OWN else "",
        tone="late" if totals.overdue > 0 and by_due else "",
    )
    yield Figure(
        label=(_("Over %(days)s days") if by_due else _("Over %(days)s days old")) % {"days": very_late},
        value=amount_html(totals.very_late, currency),
        formula=_("%(days)s days or more past the date. The share is this amount ÷ total open.")
        % {"days": very_late + 1},
        url=link(bucket=f"over-{very_late}"),
        note=_share(totals.very_late, totals.total),
        tone="critical" if totals.very_late > 0 and by_due else "",
    )
    yield Figure(
        label=_("Collectable"),
        value=amount_html(totals.collectable, currency),
        formula=_(
            "Open invoices less what is disputed, on a payment plan or promised; each amount counts once, "
            "in this order. Credits are not deducted here."
        ),
        url=link(part="collectable"),
        note=_share(totals.collectable, totals.total - totals.credits, of=_("%(share)s of the invoices")),
    )
    yield Figure(
        label=_("Credits and unapplied cash"),
        value=amount_html(totals.credits, currency),
        formula=_("Open credit notes and payments not yet put against an invoice. Already deducted from the total."),
        url=link(part="credits"),
        note=_("deducted from the total"),
    )


def apart(matrix: CurrencyMatrix, question: AgingQuestion) -> list[tuple[str, SafeString, str]]:
    """What of the claims is not collectable now: words, amount and address; only what there is."""
    totals, currency = matrix.totals, matrix.currency
    named = [
        ("disputed", _("Disputed"), totals.disputed),
        ("on_plan", _("On a payment plan"), totals.on_plan),
        ("promised", _("Promised"), totals.promised),
    ]
    return [
        (words, amount_html(amount, currency), documents_url(question.query, currency=currency, part=part))
        for part, words, amount in named
        if amount
    ]


def percent(part: Decimal, whole: Decimal) -> str:
    """One decimal; '' where a share has no meaning, because the whole is nothing or a credit."""
    return f"{part / whole * 100:.1f} %".replace("-", "−") if whole > 0 else ""


def _overdue_formula(credits: Credits, *, by_due: bool) -> str:
    if not by_due:
        return _("Everything dated before the day, credits as said above.")
    if credits is Credits.OWN:
        return _("Everything one day or more past its date, credits deducted. Due today is not overdue.")
    if credits is Credits.OLDEST:
        return _("Everything one day or more past its date, less the credits netted against it.")
    return _("Everything one day or more past its date, without credits. Due today is not overdue.")


def _since(change: Decimal, currency: str, before: date) -> str:
    if not change:
        return _("unchanged since %(day)s") % {"day": date_text(before)}
    sign = "+" if change > 0 else ""
    written = f"{sign}{amount_text(change, currency)}"
    return _("%(change)s since %(day)s") % {"change": written, "day": date_text(before)}


def _share(part: Decimal, whole: Decimal, of: str = "") -> str:
    share = percent(part, whole)
    return (of or _("%(share)s of the total")) % {"share": share} if share else ""
